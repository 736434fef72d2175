// A connection is a stream of bytes: where packets are cut or joined on the way has no meaning.
// MQTT 5.0 §4.2

#include "conformance/cases/connect/connect_cases.hpp"
#include "conformance/cases/support/message_path.hpp"
#include "conformance/cases/support/publish_errors.hpp"
#include "conformance/cases/support/raw_connect.hpp"

namespace gauntlet::conformance {
namespace {

using namespace std::chrono_literals;
using mqtt::qos;

// Each piece in a segment of its own, as far as the network leaves it so.
void send_in_pieces(context& test, client& from, byte_view bytes, std::size_t piece) {
  while (!bytes.empty()) {
    const std::size_t size = std::min(piece, bytes.size());
    from.send_bytes(bytes.first(size));
    test.pause(2ms, "between two pieces of a packet");
    bytes = bytes.subspan(size);
  }
}

void connect_byte_by_byte(context& test) {
  client& c = test.open("c");
  send_in_pieces(test, c, right_connect(test, c).bytes(), 1);
  c.expect_connack();
  prove_delivery(test, c, qos::at_most_once);
}

void message_in_pieces(context& test) {
  client& watcher = test.connected("watcher");
  watcher.subscribe(test.topic("t"), qos::at_most_once);
  client& c = test.connected("c");
  send_in_pieces(test, c, raw_publish(test, test.topic("t"), std::string(90, 'x')), 7);
  watcher.expect_publish(std::string(90, 'x'));
}

void two_messages_in_a_segment(context& test) {
  client& watcher = test.connected("watcher");
  watcher.subscribe(test.topic("t"), qos::at_most_once);
  byte_buffer bytes = raw_publish(test, test.topic("t"), "1");
  const byte_buffer second = raw_publish(test, test.topic("t"), "2");
  bytes.insert(bytes.end(), second.begin(), second.end());
  test.connected("c").send_bytes(bytes);
  watcher.expect_publish("1");
  watcher.expect_publish("2");
}

// One and a half packets, then the rest.
void cut_within_the_second(context& test) {
  client& watcher = test.connected("watcher");
  watcher.subscribe(test.topic("t"), qos::at_most_once);
  byte_buffer bytes = raw_publish(test, test.topic("t"), "1");
  const std::size_t first = bytes.size();
  const byte_buffer second = raw_publish(test, test.topic("t"), "2");
  bytes.insert(bytes.end(), second.begin(), second.end());
  send_in_pieces(test, test.connected("c"), bytes, first + second.size() / 2);
  watcher.expect_publish("1");
  watcher.expect_publish("2");
}

void large_message(context& test) {
  constexpr std::size_t size = 100'000;
  if (test.able().maximum_packet_size.value_or(2 * size) < 2 * size) {
    return test.skip("its Maximum Packet Size is small");
  }
  client& watcher = test.connected("watcher");
  watcher.subscribe(test.topic("t"), qos::at_least_once);
  const std::string payload(size, 'x');
  test.connected("c").publish(test.topic("t"), payload);
  watcher.expect<mqtt::publish>("a PUBLISH of 100,000 bytes", {}, [&](const mqtt::publish& came) {
    return as_text(came.payload) == payload;
  });
}

// Messages whose Remaining Length needs one, two and three bytes, at the limits between them.
void any_remaining_length(context& test) {
  client& watcher = test.connected("watcher");
  watcher.subscribe(test.topic("t"), qos::at_most_once);
  client& c = test.connected("c");
  const std::size_t around = 2 + test.topic("t").size() + (test.is_v5() ? 1 : 0);
  for (const std::size_t length : {127U, 128U, 16'383U, 16'384U}) {
    const std::string payload(length - around, 'x');
    c.publish(test.topic("t"), payload, qos::at_most_once);
    watcher.expect<mqtt::publish>(
        "the PUBLISH of that Remaining Length", {},
        [&](const mqtt::publish& came) { return as_text(came.payload) == payload; });
  }
}

}  // namespace

void add_byte_stream_cases(suite& to) {
  const auto add = [&](std::string word, std::string title, const char* defect,
                       std::function<void(context&)> body) {
    to.add({.id = "MQTT-4.2-1/" + std::move(word),
            .title = std::move(title),
            .covers = {v5("MQTT-4.2-1"), v3("MQTT-7.1.1-1")},
            .defects = {defect},
            .body = std::move(body)});
  };
  add("connect-byte-by-byte", "A CONNECT that comes byte by byte is answered",
      "drop-packet-in-pieces", connect_byte_by_byte);
  add("message-in-pieces", "A message that comes in pieces of seven bytes is passed on",
      "drop-packet-in-pieces", message_in_pieces);
  add("two-in-a-segment", "Two messages in one segment are both passed on",
      "drop-further-packets-of-segment", two_messages_in_a_segment);
  add("cut-within-the-second", "A message that begins in the segment of another is passed on",
      "drop-packet-in-pieces", cut_within_the_second);
  to.add({.id = "PR3-2.2.3-b/limits",
          .title = "Messages with Remaining Lengths of one, two and three bytes are passed on",
          .covers = {v3("PR3-2.2.3-b"), v5("MQTT-4.2-1")},
          .defects = {"refuse-remaining-length-of-three-bytes"},
          .body = any_remaining_length});
  add("large", "A message of many segments is passed on unchanged", "cut-long-payload",
      large_message);
}

}  // namespace gauntlet::conformance
