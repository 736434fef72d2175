// Request Problem Information 0: no explanations but in CONNACK, PUBLISH and DISCONNECT.
// MQTT 5.0 §3.1.2.11.7

#include "conformance/cases/properties/properties_cases.hpp"
#include "conformance/cases/support/message_path.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::property_id;
using mqtt::qos;

client& without_problem_information(context& test) {
  return test.connected("modest", {.properties = {mqtt::request_problem_information(0)}});
}

template <class Answer>
void expect_unexplained(context& test, client& a, const mqtt::packet& provocation) {
  a.send(provocation);
  const script::arrival what = a.next(test.answer_limit());
  const auto* const answer = script::packet_of<Answer>(what);
  if (answer == nullptr) {
    return test.leave_undecided("the broker does not answer so: " +
                                script::to_text(what, test.version()));
  }
  if (answer->properties.contains(property_id::reason_string) ||
      answer->properties.contains(property_id::user_property)) {
    return deviate(test, a, "neither Reason String nor User Property",
                   script::to_text(what, test.version()));
  }
  prove_delivery(test, test.connected("publisher"));
}

void in_puback(context& test) {
  client& a = without_problem_information(test);
  expect_unexplained<mqtt::puback>(
      test, a, publish_of("$gauntlet/" + test.topic("t"), "x", qos::at_least_once, 9));
}

void in_pubrec(context& test) {
  client& a = without_problem_information(test);
  expect_unexplained<mqtt::pubrec>(
      test, a, publish_of("$gauntlet/" + test.topic("t"), "x", qos::exactly_once, 9));
}

void in_pubrel(context& test) {
  client& a = without_problem_information(test);
  expect_unexplained<mqtt::pubrel>(test, a, mqtt::pubrec{.packet_identifier = 9});
}

void in_pubcomp(context& test) {
  client& a = without_problem_information(test);
  expect_unexplained<mqtt::pubcomp>(test, a, mqtt::pubrel{.packet_identifier = 9});
}

// A filter that no broker grants: "#" is not alone in its level.
void in_suback(context& test) {
  client& a = without_problem_information(test);
  expect_unexplained<mqtt::suback>(
      test, a,
      mqtt::subscribe{.packet_identifier = 9,
                      .subscriptions = {{test.topic("a#"), mqtt::subscription_options{}}}});
}

// PUBLISH may have User Properties all the same: they are the message's.
void publish_keeps_user_properties(context& test) {
  const mqtt::property_list asks = {mqtt::request_problem_information(0)};
  message_path path = open_path(test, qos::at_least_once, asks);
  path.from.publish(with(publish_of(path.topic, "x", qos::at_least_once),
                         {mqtt::user_property("name", "value")}));
  path.to->expect_publish(
      "x", [](const auto& came) { return came.properties.contains(property_id::user_property); },
      "its User Property");
}

struct unexplained {
  const char* id;
  const char* name;
  void (*body)(context&);
};

constexpr unexplained all_unexplained[] = {
    {"puback", "PUBACK", in_puback}, {"pubrec", "PUBREC", in_pubrec},
    {"pubrel", "PUBREL", in_pubrel}, {"pubcomp", "PUBCOMP", in_pubcomp},
    {"suback", "SUBACK", in_suback},
};

}  // namespace

void add_problem_information_cases(suite& to) {
  for (const unexplained& each : all_unexplained) {
    to.add({.id = "MQTT-3.1.2-29/" + std::string(each.id),
            .title = std::string(each.name) +
                     " explains nothing to a client that wants no problem information",
            .covers = {v5("MQTT-3.1.2-29"), v5("PE-3.1.2.11.7-c")},
            .needs = {need::qos2},
            .defects = {"ignore-request-problem-information"},
            .body = each.body});
  }
  to.add({.id = "MQTT-3.1.2-29/publish",
          .title = "Messages keep their User Properties without problem information",
          .covers = {v5("MQTT-3.1.2-29"), v5("MQTT-3.3.2-17")},
          .needs = {need::qos1},
          .defects = {"drop-user-properties"},
          .body = publish_keeps_user_properties});
}

}  // namespace gauntlet::conformance
