// Topic Names that a client may not publish to. MQTT 5.0 §3.3.2.1, §4.7

#include <fmt/format.h>

#include "conformance/cases/support/raw_subscribe.hpp"
#include "conformance/cases/topics/topics_cases.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;
using mqtt::raw_fields;
using mqtt::reason_code;

byte_buffer publish_bytes(const client& from, std::string_view topic, qos of) {
  raw_fields body;
  body.utf8_string(topic);
  if (of != qos::at_most_once) body.two_byte_integer(77);
  if (from.is_v5()) body.properties(raw_fields());
  body.append("x");
  const auto first_byte = static_cast<std::uint8_t>(0x30U | (static_cast<unsigned>(of) << 1U));
  return mqtt::raw_packet{.first_byte = first_byte, .body = std::move(body)}.bytes();
}

// The watcher has all topics of the test, so that it sees whatever becomes of the name.
void expect_name_refused(context& test, const std::string& name, qos of, const refusal& manner) {
  client& watcher = test.connected("watcher");
  watcher.subscribe(test.topic("#"), qos::at_most_once);
  expect_refused(test, {.control =
                            [&](client& c) {
                              c.send_bytes(publish_bytes(c, test.topic("valid"), of));
                              // A broker may deliver a QoS 2 message as late as its PUBREL.
                              if (of == qos::exactly_once) {
                                c.expect<mqtt::pubrec>("PUBREC");
                                c.send(mqtt::pubrel{.packet_identifier = 77});
                                c.expect<mqtt::pubcomp>("PUBCOMP");
                              }
                              watcher.receive("x");
                            },
                        .commit = [&](client& c) { c.send_bytes(publish_bytes(c, name, of)); },
                        .manner = manner});
  watcher.expect_quiet();
}

struct invalid_name {
  const char* word;
  const char* title;
  std::string tail;  ///< behind the test's own prefix
  qos of;
  std::vector<statement_name> covers;
  const char* defect;
};

std::vector<invalid_name> invalid_names() {
  const std::vector<statement_name> wildcards = {v5("MQTT-3.3.2-2"), v5("MQTT-4.7.0-1"),
                                                 v3("MQTT-3.3.2-2"), v3("MQTT-4.7.1-1")};
  const std::vector<statement_name> text = {v5("MQTT-3.3.2-1"), v3("MQTT-3.3.2-1")};
  const std::vector<statement_name> null = {v5("MQTT-4.7.3-2"), v3("MQTT-4.7.3-2")};
  const char* const wildcard = "accept-wildcard-in-topic-name";
  return {
      {"plus", "A PUBLISH to a topic with + is refused", "a/+", qos::at_most_once, wildcards,
       wildcard},
      {"hash", "A PUBLISH to a topic with # is refused", "a/#", qos::at_most_once, wildcards,
       wildcard},
      {"plus-in-level", "A PUBLISH to a topic with + within a level is refused", "a+b",
       qos::at_most_once, wildcards, wildcard},
      {"plus-at-qos1", "A PUBLISH of QoS 1 to a topic with + is refused", "a/+/b",
       qos::at_least_once, wildcards, wildcard},
      {"hash-at-qos2", "A PUBLISH of QoS 2 to a topic with # is refused", "#", qos::exactly_once,
       wildcards, wildcard},
      {"ill-formed", "A PUBLISH to a topic that is no UTF-8 is refused", "a\xC3", qos::at_most_once,
       text, "accept-ill-formed-topic-name"},
      {"surrogate", "A PUBLISH to a topic with a surrogate is refused", "a\xED\xA0\x80",
       qos::at_least_once, text, "accept-ill-formed-topic-name"},
      {"null", "A PUBLISH to a topic with U+0000 is refused", std::string("a\0b", 3),
       qos::at_most_once, null, "accept-null-in-topic-name"},
  };
}

void empty_name(context& test) {
  expect_name_refused(test, "", qos::at_most_once,
                      {{reason_code::protocol_error, reason_code::topic_name_invalid,
                        reason_code::malformed_packet}});
}

}  // namespace

void add_invalid_topic_name_cases(suite& to) {
  const refusal manner{{reason_code::malformed_packet, reason_code::topic_name_invalid,
                        reason_code::protocol_error}};
  for (const invalid_name& each : invalid_names()) {
    std::vector<need> needs = {need::wildcard_subscriptions};
    if (each.of != qos::at_most_once) {
      needs.push_back(each.of == qos::exactly_once ? need::qos2 : need::qos1);
    }
    to.add({.id = fmt::format("MQTT-3.3.2-2/topic-{}", each.word),
            .title = each.title,
            .covers = each.covers,
            .needs = needs,
            .defects = {each.defect},
            .body = [each, manner](context& test) {
              expect_name_refused(test, test.topic(each.tail), each.of, manner);
            }});
  }
  to.add({.id = "MQTT-4.7.3-1/empty-topic-name",
          .title = "A PUBLISH without topic is refused",
          .covers = {v5("MQTT-4.7.3-1"), v5("PE-3.3.2.1-a"), v3("MQTT-4.7.3-1")},
          .needs = {need::wildcard_subscriptions},
          .defects = {"accept-empty-topic-name"},
          .body = empty_name});
}

}  // namespace gauntlet::conformance
