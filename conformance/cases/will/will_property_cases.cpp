// The properties that a will passes on to the message that it becomes, and those that make a
// CONNECT wrong. MQTT 5.0 §3.1.3.2

#include <fmt/format.h>

#include "conformance/cases/support/publish_errors.hpp"
#include "conformance/cases/support/raw_connect.hpp"
#include "conformance/cases/will/will_cases.hpp"
#include "conformance/cases/will/will_stories.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::property_id;
using mqtt::raw_fields;
using mqtt::reason_code;

const refusal as_error{{reason_code::protocol_error, reason_code::malformed_packet,
                        reason_code::topic_name_invalid, reason_code::payload_format_invalid}};

mqtt::property_list of_application(const mqtt::publish& message) {
  mqtt::property_list properties = message.properties;
  properties.remove(property_id::subscription_identifier);
  properties.remove(property_id::topic_alias);
  return properties;
}

// The message has these properties and no others.
void passes_on(context& test, const mqtt::property_list& properties) {
  client& watcher = watch(test);
  test.connected("device", with_will(will_of(test, mqtt::qos::at_least_once, properties))).drop();
  watcher.expect_publish(
      will_payload, [&](const mqtt::publish& came) { return of_application(came) == properties; },
      "the properties of the will");
}

// Properties of the will that are not the message's own.
void keeps_back_the_delay(context& test) {
  client& watcher = watch(test);
  mqtt::will will = will_of(test, mqtt::qos::at_least_once,
                            {mqtt::will_delay_interval(0), mqtt::content_type("text/plain")});
  test.connected("device", with_will(will)).drop();
  watcher.expect_publish(
      will_payload,
      [](const mqtt::publish& came) {
        return of_application(came) == mqtt::property_list{mqtt::content_type("text/plain")};
      },
      "the Content Type alone");
}

void counts_the_expiry(context& test) {
  client& watcher = watch(test);
  mqtt::will will = will_of(test, mqtt::qos::at_least_once, {mqtt::message_expiry_interval(100)});
  test.connected("device", with_will(will)).drop();
  watcher.expect_publish(
      will_payload,
      [](const mqtt::publish& came) {
        const auto left = came.properties.find<property_id::message_expiry_interval>();
        return left && *left <= 100 && *left >= 90;
      },
      "a Message Expiry Interval of about 100");
}

void add_passed_on(suite& to) {
  struct passed {
    const char* word;
    const char* description;
    mqtt::property_list properties;
  };
  for (const passed& each :
       {passed{"payload-format-indicator",
               "Payload Format Indicator",
               {mqtt::payload_format_indicator(1)}},
        passed{"content-type", "Content Type", {mqtt::content_type("Text/Plain")}},
        passed{"response-topic", "Response Topic", {mqtt::response_topic("Answers/To")}},
        passed{"correlation-data", "Correlation Data", {mqtt::correlation_data({0, 1, 0xFF})}},
        passed{"user-property", "User Property", {mqtt::user_property("a", "1")}}}) {
    to.add(
        {.id = fmt::format("PR5-3.1.3.2.4-a/{}", each.word),
         .title = fmt::format("A will passes its {} on", each.description),
         .covers = {v5("PR5-3.1.3.2.4-a"), v5("MQTT-3.1.2-7")},
         .needs = {need::qos1},
         .defects = {"lose-will-properties"},
         .body = [properties = each.properties](context& test) { passes_on(test, properties); }});
  }
  to.add({.id = "PR5-3.1.3.2.4-a/message-expiry-interval",
          .title = "A will passes its Message Expiry Interval on",
          .covers = {v5("PR5-3.1.3.2.4-a"), v5("MQTT-3.1.2-7")},
          .needs = {need::qos1},
          .defects = {"lose-message-expiry-of-will"},
          .body = counts_the_expiry});
  to.add({.id = "PR5-3.1.3.2.4-a/not-the-delay",
          .title = "A will does not pass its Will Delay Interval on",
          .covers = {v5("PR5-3.1.3.2.4-a"), v5("PE-2.2.2.2-n")},
          .needs = {need::qos1},
          .defects = {"forward-will-delay-interval", "lose-will-properties"},
          .body = keeps_back_the_delay});
  to.add({.id = "MQTT-3.1.3-10/order",
          .title = "A will passes its User Properties on in their order",
          .covers = {v5("MQTT-3.1.3-10")},
          .needs = {need::qos1},
          .defects = {"reverse-will-user-properties", "lose-will-properties"},
          .body = [](context& test) {
            passes_on(test, {mqtt::user_property("b", "2"), mqtt::user_property("a", "1"),
                             mqtt::user_property("b", "1"), mqtt::user_property("a", "1")});
          }});
}

connect_change will_with(raw_fields properties) {
  return [properties](const context& test, raw_connect& p) {
    give_will(p, test.topic("will"), properties);
  };
}

void add_twice(suite& to) {
  struct repeated {
    const char* statement;
    const char* name;
    const char* defect;
    mqtt::property item;
  };
  for (const repeated& each :
       {repeated{"PE-3.1.3.2.2-a", "Will Delay Interval", "accept-will-delay-interval-twice",
                 mqtt::will_delay_interval(0)},
        repeated{"PE-3.1.3.2.3-a", "Payload Format Indicator",
                 "accept-will-payload-format-indicator-twice", mqtt::payload_format_indicator(1)},
        repeated{"PE-3.1.3.2.4-a", "Message Expiry Interval",
                 "accept-will-message-expiry-interval-twice", mqtt::message_expiry_interval(9)},
        repeated{"PE-3.1.3.2.5-a", "Content Type", "accept-will-content-type-twice",
                 mqtt::content_type("t")},
        repeated{"PE-3.1.3.2.6-a", "Response Topic", "accept-will-response-topic-twice",
                 mqtt::response_topic("r")},
        repeated{"PE-3.1.3.2.7-a", "Correlation Data", "accept-will-correlation-data-twice",
                 mqtt::correlation_data({1})}}) {
    to.add(refused_connect(
        {.id = fmt::format("{}/twice", each.statement),
         .title = fmt::format("A CONNECT with {} twice in its will is refused", each.name),
         .covers = {v5(each.statement)},
         .defects = {each.defect}},
        as_error, will_with(fields_of({each.item, each.item})), will_with(fields_of({each.item}))));
  }
}

void add_strange(suite& to) {
  struct stranger {
    const char* name;
    mqtt::property item;
  };
  for (const stranger& each :
       {stranger{"subscription-identifier", mqtt::subscription_identifier(1)},
        stranger{"session-expiry-interval", mqtt::session_expiry_interval(1)},
        stranger{"receive-maximum", mqtt::receive_maximum(1)},
        stranger{"topic-alias-maximum", mqtt::topic_alias_maximum(1)},
        stranger{"topic-alias", mqtt::topic_alias(1)},
        stranger{"maximum-packet-size", mqtt::maximum_packet_size(1000)}}) {
    to.add(
        refused_connect({.id = fmt::format("PE-2.2.2.2-b/{}", each.name),
                         .title = fmt::format("A CONNECT with the property {:#04x} in its will is "
                                              "refused",
                                              static_cast<unsigned>(each.item.id)),
                         .covers = {v5("PE-2.2.2.2-b")},
                         .defects = {"accept-strange-property-in-will"}},
                        as_error, will_with(fields_of({each.item})), will_with({})));
  }
  to.add(refused_connect({.id = "PE-2.2.2.2-l/will",
                          .title = "A CONNECT with an undefined property in its will is refused",
                          .covers = {v5("PE-2.2.2.2-l")},
                          .defects = {"accept-undefined-property"}},
                         as_error, will_with(raw_fields().property_identifier(0x7F).byte(1)),
                         will_with({})));
}

// Errors that the standard does not spell out for the will: to let them pass is not detected, not
// forbidden in words.
void add_implied(suite& to) {
  to.add(
      refused_connect({.id = "PE-3.1.3.2.3-b/two",
                       .title = "A CONNECT with Payload Format Indicator 2 in its will is refused",
                       .covers = {v5("PE-3.1.3.2.3-b")},
                       .defects = {"accept-will-payload-format-indicator-2"},
                       .level = requirement_level::should},
                      as_error, will_with(fields_of({mqtt::payload_format_indicator(2)})),
                      will_with(fields_of({mqtt::payload_format_indicator(1)}))));
  to.add(refused_connect(
      {.id = "PE-3.1.3.2.6-b/wildcard",
       .title = "A CONNECT with a wildcard in the Response Topic of its will is refused",
       .covers = {v5("PE-3.1.3.2.6-b")},
       .defects = {"accept-wildcard-in-will-response-topic"},
       .level = requirement_level::should},
      as_error, will_with(fields_of({mqtt::response_topic("a/#")})),
      will_with(fields_of({mqtt::response_topic("a/b")}))));
  struct topic {
    const char* word;
    const char* text;
    const char* defect;
  };
  for (const topic& each : {topic{"empty", "", "accept-empty-will-topic"},
                            topic{"plus", "gauntlet/+", "accept-wildcard-in-will-topic"},
                            topic{"hash", "gauntlet/#", "accept-wildcard-in-will-topic"}}) {
    to.add(refused_connect(
        {.id = fmt::format("PE-3.1.3.3-a/{}", each.word),
         .title = fmt::format("A CONNECT with \"{}\" as Will Topic is refused", each.text),
         .covers = {v5("PE-3.1.3.3-a"), v5(*each.text == 0 ? "MQTT-4.7.3-1" : "MQTT-4.7.0-1"),
                    v3(*each.text == 0 ? "MQTT-4.7.3-1" : "MQTT-4.7.1-1")},
         .defects = {each.defect},
         .level = requirement_level::should},
        as_error, [text = each.text](auto&, raw_connect& p) { give_will(p, text); },
        will_with({})));
  }
}

}  // namespace

void add_will_property_cases(suite& to) {
  add_passed_on(to);
  add_twice(to);
  add_strange(to);
  add_implied(to);
}

}  // namespace gauntlet::conformance
