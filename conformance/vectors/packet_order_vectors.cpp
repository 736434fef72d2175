// A connection begins with CONNECT and has no other. MQTT 5.0 §3.1

#include <fmt/format.h>

#include "conformance/vectors/all_vectors.hpp"
#include "conformance/vectors/vector.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::packet_type;

// No answer and no DISCONNECT may come. 5.0 lets a server wait as long as for any CONNECT.
void expect_end_without_answer(context& test, client& breaker, bool& is_waiting) {
  const script::arrival what = breaker.next(test.answer_limit());
  if (test.over() || script::is_close(what)) return;
  is_waiting = test.is_v5() && std::holds_alternative<script::arrived_nothing>(what);
  if (is_waiting) return;
  test.fail({.client = breaker.name(),
             .expected = "the end of the connection without an answer",
             .observed = script::to_text(what, breaker.version()),
             .signature = "first packet other than CONNECT -> not refused"});
}

void begin_with(context& test, const packet_maker& packet) {
  client& control = test.connected("control");
  control.ping();
  client& breaker = test.open("breaker");
  if (test.over()) return;
  breaker.send_bytes(packet(occasion_of(test, breaker)));
  bool is_waiting = false;
  expect_end_without_answer(test, breaker, is_waiting);
  expect_service(test, control);
  if (is_waiting) test.call_variant("it says nothing, and waits for CONNECT");
}

void add_first_packet(suite& to, const std::string& name, const std::string& title,
                      const packet_maker& packet) {
  std::vector<vector_half> halves;
  for (const auto version : both_versions) {
    const bool is_auth = name == "auth";
    const bool is_v3 = version == only_v3;
    if (is_auth && is_v3) continue;
    halves.push_back(
        {.version = version,
         .outcome = "is not answered",
         .covers = statements(version, "MQTT-3.1.0-1"),
         .defects = {caught_in(version, is_v3 ? "ignore-packet-before-connect"
                                              : "send-disconnect-to-packet-before-connect")},
         .body = [packet](context& test) { begin_with(test, packet); }});
  }
  add_vector(to, "first-packet", name, title + " as the first packet", std::move(halves));
}

packet_maker empty_packet(packet_type type, std::uint8_t flags = 0) {
  return [first = mqtt::first_byte_of(type, flags)](const occasion&) {
    return mqtt::raw_packet{.first_byte = first}.bytes();
  };
}

void add_first_packets(suite& to) {
  for (const canonical_packet* const each : canonical_packets()) {
    if (each->type == packet_type::connect) continue;
    add_first_packet(to, std::string(each->name), std::string(each->title), bytes_of(*each));
  }
  for (const packet_type type : {packet_type{}, packet_type::connack, packet_type::suback,
                                 packet_type::unsuback, packet_type::pingresp, packet_type::auth}) {
    const std::string name(mqtt::packet_type_name(type));
    add_first_packet(
        to,
        type == packet_type::auth ? "auth" : fmt::format("type-{}", static_cast<unsigned>(type)),
        name, empty_packet(type));
  }
}

struct second_connect {
  std::string_view name;
  std::string_view title;
  std::function<void(mqtt::connect&, const occasion&)> change;
};

void add_second_connect(suite& to, const second_connect& what) {
  const packet_maker again = [change = what.change](const occasion& at) {
    auto packet = std::get<mqtt::connect>(connect_packet().make(at));
    change(packet, at);
    return mqtt::raw_packet::of(packet, at.version).bytes();
  };
  std::vector<vector_half> halves;
  for (const auto version : both_versions) {
    ruling by{.covers = statements(version, "MQTT-3.1.0-2"),
              .codes = {mqtt::reason_code::protocol_error},
              .defects = {caught_in(version, "accept-second-connect"),
                          caught_in(version, "ignore-protocol-error")}};
    halves.push_back(refused(version, pingreq_packet(), again, std::move(by)));
  }
  add_vector(to, "second-connect", what.name, fmt::format("A second CONNECT {}", what.title),
             std::move(halves));
}

void add_second_connects(suite& to) {
  const second_connect kinds[] = {
      {"same", "like the first", [](auto&, const auto&) {}},
      {"other-client", "of another client",
       [](auto& packet, const auto&) { packet.client_id += "x"; }},
      {"without-identifier", "without Client Identifier",
       [](auto& packet, const auto&) { packet.client_id.clear(); }},
      {"with-keep-alive", "with another Keep Alive",
       [](auto& packet, const auto&) { packet.keep_alive_s = 60; }},
      {"with-will", "with a will",
       [](auto& packet, const auto& at) {
         packet.will = mqtt::will{.topic_name = at.topic + "/will", .payload = {'x'}};
       }},
      {"with-login", "with user name and password",
       [](auto& packet, const auto& at) {
         packet.user_name = login_of(at).user_name;
         packet.password = byte_buffer{'x'};
       }},
      {"keeping-session", "that resumes the session",
       [](auto& packet, const auto&) { packet.clean_start = false; }},
      {"other-version", "of the other version",
       [](auto& packet, const auto& at) {
         packet.protocol_version = at.is_v5() ? only_v3 : only_v5;
       }},
  };
  for (const second_connect& each : kinds) add_second_connect(to, each);
}

}  // namespace

void add_packet_order_vectors(suite& to) {
  add_first_packets(to);
  add_second_connects(to);
}

}  // namespace gauntlet::conformance
