// Payloads are bytes: empty, of all values, large. MQTT 5.0 §3.3.3

#include "conformance/cases/properties/properties_cases.hpp"
#include "conformance/cases/support/acknowledgements.hpp"
#include "conformance/cases/support/message_path.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

void expect_unchanged(client& to, const std::string& payload) {
  to.acknowledge(to.expect<mqtt::publish>(
      "PUBLISH with the payload unchanged", {},
      [&payload](const auto& came) { return as_text(came.payload) == payload; }));
}

void is_delivered_unchanged(context& test, const std::string& payload, qos level) {
  message_path path = open_path(test, level);
  path.publish(payload, level);
  expect_unchanged(*path.to, payload);
}

void waits_unchanged(context& test, const std::string& payload) {
  message_path path = open_path(test, qos::at_least_once);
  path.to->drop();
  path.publish(payload, qos::at_least_once);
  expect_unchanged(path.resume(), payload);
}

void comes_again_unchanged(context& test, const std::string& payload) {
  message_path path = open_path(test, qos::at_least_once);
  path.publish(payload, qos::at_least_once);
  path.to->take(payload);
  expect_unchanged(path.resume(), payload);
}

// The publisher sends the message in pieces.
void arrives_in_pieces(context& test, const std::string& payload) {
  message_path path = open_path(test, qos::at_least_once);
  const auto packet = publish_of(path.topic, payload, qos::at_least_once, 9);
  const byte_buffer bytes = mqtt::raw_packet::of(packet, test.version()).bytes();
  constexpr std::size_t piece = 100;
  for (std::size_t i = 0; i < bytes.size() && !test.over(); i += piece) {
    path.from.send_bytes(byte_view(bytes).subspan(i, std::min(piece, bytes.size() - i)));
    path.from.wire().drain(test.answer_limit());
  }
  expect_puback(test, path.from, 9);
  expect_unchanged(*path.to, payload);
}

std::string all_bytes() {
  std::string bytes(256, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i);
  return bytes;
}

struct unchanged {
  const char* id;
  const char* what;
  std::vector<caught_defect> defects;
  std::string payload;
};

std::vector<unchanged> all_unchanged() {
  return {
      {"all-bytes",
       "of all byte values",
       {"put-payload-in-seven-bits", "cut-payload-at-zero-byte"},
       all_bytes()},
      {"zeros", "of zero bytes", {"cut-payload-at-zero-byte"}, std::string(10, '\0')},
      {"zero-within",
       "with a zero byte in the middle",
       {"cut-payload-at-zero-byte"},
       std::string("a\0b", 3)},
      {"white-space-behind",
       "that ends with white space",
       {"drop-white-space-after-payload"},
       " a \t\r\n"},
      {"white-space", "of nothing but white space", {"drop-white-space-after-payload"}, "  \n"},
      {"no-utf8", "that is no UTF-8", {"put-payload-in-seven-bits"}, "\xFF\xFE\xC3("},
      {"byte-order-mark",
       "that begins with a byte order mark",
       {"put-payload-in-seven-bits"},
       "\xEF\xBB\xBFtext"},
      {"looks-like-packet",
       "that looks like a packet",
       {"put-payload-in-seven-bits", "cut-payload-at-zero-byte"},
       std::string("\xE0\x00\x10", 3)},
      {"20-kilobytes", "of 20,000 bytes", {"cut-long-payload"}, std::string(20'000, 'a')},
      {"100-kilobytes", "of 100,000 bytes", {"cut-long-payload"}, std::string(100'000, 'b')},
      {"three-byte-length",
       "whose Remaining Length takes three bytes",
       {"cut-long-payload"},
       std::string(16'385, 'c')},
  };
}

}  // namespace

void add_payload_cases(suite& to) {
  const std::vector<statement_name> delivered = {v5("MQTT-4.5.0-1"), v3("MQTT-4.5.0-1")};
  struct level {
    qos of;
    const char* word;
    need needed;
  };
  const std::string binary = all_bytes();
  for (const level& each :
       {level{qos::at_most_once, "qos0", need::qos1}, level{qos::at_least_once, "qos1", need::qos1},
        level{qos::exactly_once, "qos2", need::qos2}}) {
    to.add({.id = "PR5-3.3.3-a/empty-" + std::string(each.word),
            .title = "A message with an empty payload is delivered: " + std::string(each.word),
            .covers = {v5("PR5-3.3.3-a"), v3("PR3-3.3.3-a")},
            .needs = {each.needed},
            .defects = {"lose-empty-message"},
            .body = [of = each.of](context& test) { is_delivered_unchanged(test, "", of); }});
    if (each.of == qos::at_least_once) continue;
    to.add(
        {.id = "MQTT-4.5.0-1/all-bytes-" + std::string(each.word),
         .title = "A payload of all byte values is delivered unchanged: " + std::string(each.word),
         .covers = delivered,
         .needs = {each.needed},
         .defects = {"put-payload-in-seven-bits", "cut-payload-at-zero-byte"},
         .body = [of = each.of, binary](context& test) {
           is_delivered_unchanged(test, binary, of);
         }});
  }
  for (const unchanged& each : all_unchanged()) {
    to.add({.id = "MQTT-4.5.0-1/payload-" + std::string(each.id),
            .title = "A payload " + std::string(each.what) + " is delivered unchanged",
            .covers = delivered,
            .needs = {need::qos1},
            .defects = each.defects,
            .body = [payload = each.payload](context& test) {
              is_delivered_unchanged(test, payload, qos::at_least_once);
            }});
  }
  to.add({.id = "PR5-4.1-b/payload-waited",
          .title = "A binary payload waits unchanged for a session",
          .covers = {v5("PR5-4.1-b"), v5("MQTT-4.5.0-1"), v3("MQTT-3.1.2-5")},
          .needs = {need::qos1},
          .defects = {"cut-payload-at-zero-byte", "put-payload-in-seven-bits"},
          .body = [binary](context& test) { waits_unchanged(test, binary); }});
  to.add({.id = "PR5-3.3.3-a/empty-waited",
          .title = "A message with an empty payload waits for a session",
          .covers = {v5("PR5-3.3.3-a"), v3("PR3-3.3.3-a")},
          .needs = {need::qos1},
          .defects = {"lose-empty-message"},
          .body = [](context& test) { waits_unchanged(test, ""); }});
  to.add({.id = "MQTT-4.4.0-1/payload",
          .title = "A message that is sent again has its payload",
          .covers = {v5("MQTT-4.4.0-1"), v3("MQTT-4.4.0-1")},
          .needs = {need::qos1},
          .defects = {"omit-redelivery"},
          .body = [binary](context& test) { comes_again_unchanged(test, binary); }});
  to.add({.id = "MQTT-4.2-1/payload-in-pieces",
          .title = "A message that arrives in pieces is delivered whole",
          .covers = {v5("MQTT-4.2-1"), v3("MQTT-7.1.1-1")},
          .needs = {need::qos1},
          .defects = {"drop-packet-in-pieces"},
          .body = [](context& test) { arrives_in_pieces(test, std::string(1000, 'p')); }});
}

}  // namespace gauntlet::conformance
