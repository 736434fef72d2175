// PUBLISH with errors that both versions know. MQTT 5.0 §2.2.1, §3.3.1.2, §3.3.2.1

#include "conformance/cases/qos/qos_cases.hpp"
#include "conformance/cases/support/publish_errors.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::reason_code;

const refusal malformed{{reason_code::malformed_packet, reason_code::protocol_error}};
const refusal wrong_topic{
    {reason_code::malformed_packet, reason_code::protocol_error, reason_code::topic_name_invalid}};

// The control and the breach differ in the topic alone.
void topic_is_refused(context& test, std::string_view tail, std::uint8_t first_byte) {
  expect_publish_refused(
      test,
      [&](std::string_view topic, std::string_view payload) {
        return raw_publish(test, topic, payload, {}, first_byte);
      },
      [&](std::string_view topic, std::string_view payload) {
        return raw_publish(test, std::string(topic) + std::string(tail), payload, {}, first_byte);
      },
      wrong_topic);
}

void empty_topic_is_refused(context& test) {
  expect_publish_refused(
      test,
      [&](std::string_view topic, std::string_view payload) {
        return raw_publish(test, topic, payload);
      },
      [&](std::string_view, std::string_view payload) { return raw_publish(test, "", payload); },
      wrong_topic);
}

void qos3_is_refused(context& test) {
  const auto with_flags = [&test](std::uint8_t first_byte) {
    return [&test, first_byte](std::string_view topic, std::string_view payload) {
      return raw_publish(test, topic, payload, {}, first_byte);
    };
  };
  expect_publish_refused(test, with_flags(0x32), with_flags(0x36), malformed);
}

// The Topic Name claims 200 bytes more than the packet has.
void topic_beyond_packet_is_refused(context& test) {
  expect_publish_refused(
      test,
      [&](std::string_view topic, std::string_view payload) {
        return raw_publish(test, topic, payload);
      },
      [&](std::string_view topic, std::string_view) {
        const auto claimed = static_cast<std::uint16_t>(topic.size() + 200);
        return mqtt::raw_packet{.first_byte = 0x30,
                                .body = mqtt::raw_fields().utf8_string(topic, claimed)}
            .bytes();
      },
      malformed);
}

void identifier_zero_is_refused(context& test, std::uint8_t first_byte) {
  const auto with_identifier = [&test, first_byte](std::uint16_t identifier) {
    return [&test, first_byte, identifier](client& c) {
      mqtt::raw_fields body;
      body.utf8_string(test.topic("t")).two_byte_integer(identifier);
      if (test.is_v5()) body.byte(0);
      c.send_bytes(mqtt::raw_packet{.first_byte = first_byte, .body = body.append("x")}.bytes());
    };
  };
  expect_refused(
      test, {.control = with_identifier(1), .commit = with_identifier(0), .manner = malformed});
}

void subscribe_with_identifier_zero_is_refused(context& test, std::uint8_t first_byte) {
  const auto with_identifier = [&test, first_byte](std::uint16_t identifier) {
    return [&test, first_byte, identifier](client& c) {
      mqtt::raw_fields body;
      body.two_byte_integer(identifier);
      if (test.is_v5()) body.byte(0);
      body.utf8_string(test.topic("t"));
      if (first_byte == 0x82) body.byte(0);
      c.send_bytes(mqtt::raw_packet{.first_byte = first_byte, .body = body}.bytes());
    };
  };
  expect_refused(
      test, {.control = with_identifier(1), .commit = with_identifier(0), .manner = malformed});
}

// What 3.1.1 lays down for a breach (MQTT-4.8.0-1), 5.0 only lets expect: two tests.
void add_identifier_zero(suite& to, const std::string& word, const std::string& packet,
                         const char* defect, const std::function<void(context&)>& body) {
  to.add({.id = "MQTT-2.3.1-1/" + word,
          .title = packet + " with Packet Identifier 0 ends the connection (3.1.1)",
          .covers = {v3("MQTT-2.3.1-1")},
          .defects = {defect},
          .body = body});
  to.add({.id = "PE-2.2.1-a/" + word,
          .title = packet + " with Packet Identifier 0 ends the connection (5.0)",
          .covers = {v5("PE-2.2.1-a"), v5("MQTT-2.2.1-3")},
          .defects = {defect},
          .level = requirement_level::should,
          .body = body});
}

}  // namespace

void add_publish_error_cases(suite& to) {
  to.add({.id = "MQTT-3.3.1-4/qos3",
          .title = "PUBLISH with QoS 3 ends the connection and is not delivered",
          .covers = {v5("MQTT-3.3.1-4"), v5("PE-3.3.1.2-a"), v3("MQTT-3.3.1-4")},
          .needs = {need::qos1},
          .defects = {"accept-qos-3"},
          .body = qos3_is_refused});
  to.add({.id = "PE-3.3.2.1-a/empty-topic",
          .title = "PUBLISH with an empty Topic Name and no Topic Alias ends the connection",
          .covers = {v5("PE-3.3.2.1-a"), v5("MQTT-4.7.3-1"), v3("MQTT-4.7.3-1")},
          .defects = {"accept-empty-topic-name"},
          .body = empty_topic_is_refused});
  struct wrong_topic_name {
    const char* id;
    std::string_view tail;
    std::uint8_t first_byte;
  };
  for (const wrong_topic_name& each :
       {wrong_topic_name{"plus", "/+", 0x30}, wrong_topic_name{"hash", "/#", 0x30},
        wrong_topic_name{"plus-within-level", "a+b", 0x30},
        wrong_topic_name{"plus-at-qos1", "/+", 0x32}}) {
    to.add(
        {.id = "MQTT-3.3.2-2/" + std::string(each.id),
         .title = "PUBLISH to a topic with a wildcard ends the connection: " + std::string(each.id),
         .covers = {v5("MQTT-3.3.2-2"), v5("MQTT-4.7.0-1"), v3("MQTT-3.3.2-2"), v3("MQTT-4.7.1-1")},
         .needs = {need::qos1},
         .defects = {"accept-wildcard-in-topic-name"},
         .body = [tail = each.tail, first_byte = each.first_byte](context& test) {
           topic_is_refused(test, tail, first_byte);
         }});
  }
  to.add({.id = "MQTT-3.3.2-1/ill-formed",
          .title = "PUBLISH to a topic that is no UTF-8 ends the connection",
          .covers = {v5("MQTT-3.3.2-1"), v3("MQTT-3.3.2-1")},
          .defects = {"accept-ill-formed-topic-name"},
          .body = [](context& test) { topic_is_refused(test, "x\xC3(", 0x30); }});
  to.add({.id = "MQTT-4.7.3-2/publish",
          .title = "PUBLISH to a topic with U+0000 ends the connection",
          .covers = {v5("MQTT-4.7.3-2"), v3("MQTT-4.7.3-2")},
          .defects = {"accept-null-in-topic-name"},
          .body = [](context& test) {
            topic_is_refused(test, {"\0", 1}, 0x30);
          }});
  to.add({.id = "MQTT-3.3.2-1/beyond-packet",
          .title = "PUBLISH whose Topic Name is longer than the packet ends the connection",
          .covers = {v5("MQTT-3.3.2-1"), v5("PE-2.1.4-a"), v3("MQTT-3.3.2-1"), v3("MQTT-4.8.0-1")},
          .defects = {"accept-truncated-publish"},
          .body = topic_beyond_packet_is_refused});
  add_identifier_zero(to, "publish-qos1", "PUBLISH of QoS 1",
                      "accept-packet-identifier-0-in-publish",
                      [](context& test) { identifier_zero_is_refused(test, 0x32); });
  add_identifier_zero(to, "publish-qos2", "PUBLISH of QoS 2",
                      "accept-packet-identifier-0-in-publish",
                      [](context& test) { identifier_zero_is_refused(test, 0x34); });
  add_identifier_zero(to, "subscribe", "SUBSCRIBE", "accept-packet-identifier-0-in-subscribe",
                      [](context& test) { subscribe_with_identifier_zero_is_refused(test, 0x82); });
  add_identifier_zero(to, "unsubscribe", "UNSUBSCRIBE", "accept-packet-identifier-0-in-unsubscribe",
                      [](context& test) { subscribe_with_identifier_zero_is_refused(test, 0xA2); });
}

}  // namespace gauntlet::conformance
