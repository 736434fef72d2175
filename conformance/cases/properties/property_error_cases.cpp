// Properties of PUBLISH that a client may not send so. MQTT 5.0 §3.3.2.3, §3.3.4

#include "conformance/cases/properties/properties_cases.hpp"
#include "conformance/cases/support/acknowledgements.hpp"
#include "conformance/cases/support/message_path.hpp"
#include "conformance/cases/support/publish_errors.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;
using mqtt::reason_code;

const refusal protocol_error{
    {reason_code::protocol_error, reason_code::malformed_packet, reason_code::topic_name_invalid}};
constexpr std::string_view ill_formed = "x\xC3(";
constexpr std::string_view with_null("x\0y", 3);

struct wrong_properties {
  std::string id;
  const char* title;
  std::vector<statement_name> covers;
  const char* defect;
  mqtt::property_list control;
  mqtt::property_list breach;
  requirement_level level = requirement_level::must;
};

void add(suite& to, wrong_properties each) {
  to.add({.id = each.id,
          .title = each.title,
          .covers = each.covers,
          .needs = {need::qos1},
          .defects = {each.defect},
          .level = each.level,
          .body = [control = each.control, breach = each.breach](context& test) {
            expect_publish_refused(test, carrying(test, control), carrying(test, breach),
                                   protocol_error);
          }});
}

void add_repeated(suite& to) {
  add(to, {"PE-3.3.2.3.5-a/twice",
           "Two Response Topics end the connection",
           {v5("PE-3.3.2.3.5-a")},
           "accept-response-topic-twice",
           {mqtt::response_topic("a")},
           {mqtt::response_topic("a"), mqtt::response_topic("a")}});
  add(to, {"PE-3.3.2.3.6-a/twice",
           "Correlation Data given twice ends the connection",
           {v5("PE-3.3.2.3.6-a")},
           "accept-correlation-data-twice",
           {mqtt::correlation_data({1})},
           {mqtt::correlation_data({1}), mqtt::correlation_data({2})}});
  add(to, {"PE-3.3.2.3.9-a/twice",
           "Two Content Types end the connection",
           {v5("PE-3.3.2.3.9-a")},
           "accept-content-type-twice",
           {mqtt::content_type("a")},
           {mqtt::content_type("a"), mqtt::content_type("b")}});
  // Laid down for the will; for PUBLISH the sentence is missing.
  add(to, {"PE-3.3.2.3.2-a/twice",
           "Two Payload Format Indicators end the connection",
           {v5("PE-3.3.2.3.2-a")},
           "accept-payload-format-indicator-twice",
           {mqtt::payload_format_indicator(1)},
           {mqtt::payload_format_indicator(1), mqtt::payload_format_indicator(1)},
           requirement_level::should});
  add(to, {"PE-3.3.2.3.3-a/twice",
           "Two Message Expiry Intervals end the connection",
           {v5("PE-3.3.2.3.3-a")},
           "accept-message-expiry-interval-twice",
           {mqtt::message_expiry_interval(60)},
           {mqtt::message_expiry_interval(60), mqtt::message_expiry_interval(60)},
           requirement_level::should});
}

void add_values(suite& to) {
  add(to, {"PE-3.3.2.3.2-b/2",
           "Payload Format Indicator 2 ends the connection",
           {v5("PE-3.3.2.3.2-b")},
           "accept-payload-format-indicator-2",
           {mqtt::payload_format_indicator(1)},
           {mqtt::payload_format_indicator(2)},
           requirement_level::should});
  add(to, {"MQTT-3.3.2-14/plus",
           "A Response Topic with \"+\" ends the connection",
           {v5("MQTT-3.3.2-14")},
           "accept-wildcard-in-response-topic",
           {mqtt::response_topic("a")},
           {mqtt::response_topic("a/+")},
           requirement_level::should});
  add(to, {"MQTT-3.3.2-14/hash",
           "A Response Topic with \"#\" ends the connection",
           {v5("MQTT-3.3.2-14")},
           "accept-wildcard-in-response-topic",
           {mqtt::response_topic("a")},
           {mqtt::response_topic("#")},
           requirement_level::should});
  struct strange {
    const char* id;
    mqtt::property what;
  };
  for (const strange& each : {strange{"session-expiry-interval", mqtt::session_expiry_interval(1)},
                              strange{"will-delay-interval", mqtt::will_delay_interval(1)},
                              strange{"reason-string", mqtt::reason_string("r")},
                              strange{"receive-maximum", mqtt::receive_maximum(1)}}) {
    add(to, {"PE-2.2.2.2-c/publish-with-" + std::string(each.id),
             "A property of other packets in PUBLISH ends the connection",
             {v5("PE-2.2.2.2-c")},
             "accept-strange-property-in-publish",
             {mqtt::user_property("a", "b")},
             {each.what}});
  }
}

void add_text(suite& to) {
  const auto text = [](std::string_view of) { return std::string(of); };
  add(to, {"MQTT-3.3.2-13/ill-formed",
           "A Response Topic that is no UTF-8 ends the connection",
           {v5("MQTT-3.3.2-13")},
           "accept-ill-formed-response-topic",
           {mqtt::response_topic("a")},
           {mqtt::response_topic(text(ill_formed))}});
  add(to, {"MQTT-3.3.2-13/null",
           "A Response Topic with U+0000 ends the connection",
           {v5("MQTT-3.3.2-13"), v5("MQTT-1.5.4-2")},
           "accept-null-in-response-topic",
           {mqtt::response_topic("a")},
           {mqtt::response_topic(text(with_null))}});
  add(to, {"MQTT-3.3.2-19/ill-formed",
           "A Content Type that is no UTF-8 ends the connection",
           {v5("MQTT-3.3.2-19")},
           "accept-ill-formed-content-type",
           {mqtt::content_type("a")},
           {mqtt::content_type(text(ill_formed))}});
  add(to, {"MQTT-3.3.2-19/null",
           "A Content Type with U+0000 ends the connection",
           {v5("MQTT-3.3.2-19"), v5("MQTT-1.5.4-2")},
           "accept-null-in-content-type",
           {mqtt::content_type("a")},
           {mqtt::content_type(text(with_null))}});
  add(to, {"MQTT-1.5.7-1/ill-formed-value",
           "A User Property that is no UTF-8 ends the connection",
           {v5("MQTT-1.5.7-1"), v5("PE-1.5.7-a")},
           "accept-ill-formed-user-property",
           {mqtt::user_property("a", "b")},
           {mqtt::user_property("a", text(ill_formed))}});
  add(to, {"MQTT-1.5.7-1/ill-formed-name",
           "A User Property whose name is no UTF-8 ends the connection",
           {v5("MQTT-1.5.7-1"), v5("PE-1.5.7-a")},
           "accept-ill-formed-user-property",
           {mqtt::user_property("a", "b")},
           {mqtt::user_property(text(ill_formed), "b")}});
  add(to, {"MQTT-1.5.7-1/null",
           "A User Property with U+0000 ends the connection",
           {v5("MQTT-1.5.7-1"), v5("MQTT-1.5.4-2")},
           "accept-null-in-user-property",
           {mqtt::user_property("a", "b")},
           {mqtt::user_property("a", text(with_null))}});
}

// A receiver may look at the payload and refuse it; or it passes it on as it is.
void ill_formed_payload(context& test, qos level) {
  message_path path = open_path(test, level);
  path.from.send(
      with(publish_of(path.topic, "\xFF\xFE", level, 9), {mqtt::payload_format_indicator(1)}));
  script::arrival answer = path.from.next(test.answer_limit());
  const auto refuses = [&] {
    const auto* const puback = script::packet_of<mqtt::puback>(answer);
    const auto* const pubrec = script::packet_of<mqtt::pubrec>(answer);
    return (puback != nullptr && mqtt::is_error(puback->reason_code)) ||
           (pubrec != nullptr && mqtt::is_error(pubrec->reason_code)) ||
           script::packet_of<mqtt::disconnect>(answer) != nullptr || script::is_close(answer);
  };
  if (refuses()) {
    test.connected("later").publish(path.topic, "later", level);
    path.to->expect<mqtt::publish>(
        "PUBLISH with payload \"later\", and not the one refused", {},
        [](const auto& came) { return as_text(came.payload) == "later"; });
    return;
  }
  if (level == qos::exactly_once) path.from.send(mqtt::pubrel{.packet_identifier = 9});
  path.to->expect<mqtt::publish>("a refusal, or the payload unchanged", {}, [](const auto& came) {
    return as_text(came.payload) == "\xFF\xFE";
  });
}

}  // namespace

void add_property_error_cases(suite& to) {
  add_repeated(to);
  add_values(to);
  add_text(to);
  to.add(
      {.id = "PE-3.3.2.3.2-c/qos1",
       .title = "A QoS 1 payload that is not the UTF-8 it claims is refused or passed on as it is",
       .covers = {v5("PE-3.3.2.3.2-c")},
       .needs = {need::qos1},
       .defects = {"put-payload-in-seven-bits"},
       .level = requirement_level::may,
       .body = [](context& test) { ill_formed_payload(test, qos::at_least_once); }});
  to.add(
      {.id = "PE-3.3.2.3.2-c/qos2",
       .title = "A QoS 2 payload that is not the UTF-8 it claims is refused or passed on as it is",
       .covers = {v5("PE-3.3.2.3.2-c")},
       .needs = {need::qos2},
       .defects = {"put-payload-in-seven-bits"},
       .level = requirement_level::may,
       .body = [](context& test) { ill_formed_payload(test, qos::exactly_once); }});
}

}  // namespace gauntlet::conformance
