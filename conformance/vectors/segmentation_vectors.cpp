// The same bytes in other segments: one by one, cut in two at every place, and several packets at
// once. A stream has no borders. MQTT 5.0 §4.2, MQTT 3.1.1 §7.1.1

#include <fmt/format.h>

#include "conformance/vectors/all_vectors.hpp"
#include "conformance/vectors/vector.hpp"

namespace gauntlet::conformance {
namespace {

using std::chrono::microseconds;

// Long enough for the broker to have read what was sent, on an idle machine.
constexpr auto between_segments = microseconds(300);

void send_segment(context& test, client& c, byte_view bytes) {
  c.send_bytes(bytes);
  if (test.over()) return;
  c.wire().drain(test.answer_limit());
  event_loop& loop = c.wire().loop();
  loop.run_until([] { return false; }, loop.now() + between_segments);
}

// Plays the canonical packet's story, its bytes sent in the pieces that end at `ends`.
void in_pieces(context& test, const canonical_packet& like,
               const std::function<std::vector<std::size_t>(std::size_t)>& ends_of) {
  client& c = like.stage == breach_stage::opened ? test.open("client") : test.connected("client");
  occasion at = occasion_of(test, c);
  if (like.until_due) like.until_due(test, c, at);
  if (like.to_see_effect) like.to_see_effect(test, c, at);
  if (test.over()) return;
  const byte_buffer whole = bytes_of(like)(at);
  std::size_t start = 0;
  for (const std::size_t end : ends_of(whole.size())) {
    send_segment(test, c, byte_view(whole).subspan(start, end - start));
    start = end;
  }
  like.expect_effect(test, c, at);
}

std::string_view statement_of(mqtt::protocol_version version) {
  return version == only_v5 ? "MQTT-4.2-1" : "MQTT-7.1.1-1";
}

std::vector<vector_half> halves_of(const std::vector<need>& needs, const char* defect,
                                   const std::function<void(context&)>& body) {
  std::vector<vector_half> halves;
  for (const auto version : both_versions) {
    halves.push_back({.version = version,
                      .outcome = "is taken for what it is",
                      .covers = statements(version, statement_of(version)),
                      .needs = needs,
                      .defects = {caught_in(version, defect)},
                      .body = body});
  }
  return halves;
}

void add_cuts(suite& to, const canonical_packet& like) {
  const std::size_t size = bytes_of(like)(sample_occasion(only_v3)).size();
  for (std::size_t cut = 1; cut < size; ++cut) {
    // Counted from the start in the first half and from the end in the other, whatever the names.
    const bool from_start = cut < size / 2;
    const auto ends = [cut, left = size - cut, from_start](std::size_t whole) {
      return std::vector<std::size_t>{from_start ? cut : whole - left, whole};
    };
    add_vector(to, "segmentation", fmt::format("{}/cut-{}", like.name, cut),
               fmt::format("{} cut in two at byte {}", like.title, cut),
               halves_of(like.needs, "drop-packet-in-pieces",
                         [like, ends](context& test) { in_pieces(test, like, ends); }));
  }
}

void add_byte_by_byte(suite& to, const canonical_packet& like) {
  const auto ends = [](std::size_t whole) {
    std::vector<std::size_t> all;
    for (std::size_t end = 1; end <= whole; ++end) all.push_back(end);
    return all;
  };
  add_vector(to, "segmentation", fmt::format("{}/byte-by-byte", like.name),
             fmt::format("{} sent byte by byte", like.title),
             halves_of(like.needs, "drop-packet-in-pieces",
                       [like, ends](context& test) { in_pieces(test, like, ends); }));
}

// CONNECT, SUBSCRIBE, messages and PINGREQ at once; then everything must be answered.
void all_at_once(context& test, std::size_t messages, std::size_t held_back) {
  client& c = test.open("client");
  if (test.over()) return;
  const occasion at = occasion_of(test, c);
  byte_buffer bytes = bytes_of(connect_packet())(at);
  const auto append = [&](const mqtt::packet& packet) {
    const byte_buffer more = mqtt::raw_packet::of(packet, at.version).bytes();
    bytes.insert(bytes.end(), more.begin(), more.end());
  };
  append(mqtt::subscribe{.packet_identifier = 1, .subscriptions = {{at.topic, {}}}});
  for (std::size_t i = 0; i < messages; ++i) {
    const std::string text = std::to_string(i);
    append(mqtt::publish{.topic_name = at.topic, .payload = {text.begin(), text.end()}});
  }
  append(mqtt::pingreq{});
  const std::size_t first = bytes.size() - held_back;
  send_segment(test, c, byte_view(bytes).first(first));
  if (held_back != 0) send_segment(test, c, byte_view(bytes).subspan(first));
  expect_admission(test, c);
  c.expect<mqtt::suback>("SUBACK");
  for (std::size_t i = 0; i < messages; ++i) c.expect_publish(std::to_string(i));
  c.expect<mqtt::pingresp>("PINGRESP");
}

void add_at_once(suite& to) {
  for (const std::size_t messages : {1U, 2U, 5U, 10U, 20U}) {
    const auto body = [messages](context& test) { all_at_once(test, messages, 0); };
    add_vector(to, "segmentation", fmt::format("at-once/{}-messages", messages),
               fmt::format("CONNECT, SUBSCRIBE, {} PUBLISH and PINGREQ in one segment", messages),
               halves_of({}, "drop-further-packets-of-segment", body));
  }
  // The segment ends within the last packets.
  for (std::size_t held_back = 1; held_back <= 24; ++held_back) {
    const auto body = [held_back](context& test) { all_at_once(test, 3, held_back); };
    add_vector(
        to, "segmentation", fmt::format("at-once/{}-bytes-later", held_back),
        fmt::format("Six packets whose last {} bytes come in a segment of their own", held_back),
        halves_of({}, "drop-further-packets-of-segment", body));
  }
}

void pings_at_once(context& test, std::size_t count) {
  client& c = test.connected("client");
  c.ping();
  const byte_buffer ping = mqtt::raw_packet::of(mqtt::pingreq{}, test.version()).bytes();
  byte_buffer bytes;
  for (std::size_t i = 0; i < count; ++i) bytes.insert(bytes.end(), ping.begin(), ping.end());
  c.send_bytes(bytes);
  for (std::size_t i = 0; i < count; ++i) c.expect<mqtt::pingresp>("PINGRESP");
  expect_service(test, c);
}

}  // namespace

void add_segmentation_vectors(suite& to) {
  const canonical_packet* const stories[] = {
      &connect_packet(),
      &full_connect_packet(),
      &publish_packet(mqtt::qos::at_most_once),
      &publish_packet(mqtt::qos::at_least_once),
      &publish_packet(mqtt::qos::exactly_once),
      &pubrel_packet(),
      &subscribe_packet(),
      &unsubscribe_packet(),
      &pingreq_packet(),
  };
  for (const canonical_packet* const each : stories) {
    add_byte_by_byte(to, *each);
    add_cuts(to, *each);
  }
  add_at_once(to);
  for (const std::size_t count : {2U, 3U, 10U, 100U}) {
    add_vector(to, "segmentation", fmt::format("pingreq/{}-at-once", count),
               fmt::format("Each of {} PINGREQ in one segment", count),
               halves_of({}, "drop-further-packets-of-segment",
                         [count](context& test) { pings_at_once(test, count); }));
  }
}

}  // namespace gauntlet::conformance
