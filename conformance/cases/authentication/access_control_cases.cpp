// What a user may not do: the answer, and that nothing else suffers. MQTT 5.0 §3.3.4, §3.8.4,
// §4.13.2

#include "conformance/cases/authentication/authentication_cases.hpp"
#include "conformance/cases/support/message_path.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;
using mqtt::reason_code;

client& user(context& test, std::string_view name) {
  const guarded_listener& guard = *test.where().guarded;
  const byte_view password = as_bytes(guard.user.password);
  return test.connected_at(guard.where, name,
                           {.user_name = guard.user.user_name,
                            .password = byte_buffer(password.begin(), password.end())});
}

// Acknowledged, in 5.0 with an error or not, or the connection ends; silence is neither.
void denied_message_is_answered(context& test, qos level) {
  client& c = user(test, "c");
  c.publish(test.topic("t"), "control", level);
  c.send(publish_of(test.where().guarded->denied_topic, "x", level, 77));
  const script::arrival what = c.next(test.answer_limit());
  if (test.over() || script::is_close(what)) return;
  const bool is_answer = script::packet_of<mqtt::puback>(what) != nullptr ||
                         script::packet_of<mqtt::pubrec>(what) != nullptr ||
                         script::packet_of<mqtt::disconnect>(what) != nullptr;
  if (!is_answer) {
    deviate(test, c, "an acknowledgement, or the end of the connection",
            script::to_text(what, c.version()));
  }
}

// A broker may also grant the filter and pass nothing on. Its refusal leaves the others, and the
// connection.
void denied_filter_disturbs_no_other(context& test) {
  client& c = user(test, "c");
  c.send(
      mqtt::subscribe{.packet_identifier = 1,
                      .subscriptions = {{test.where().guarded->denied_topic, {qos::at_least_once}},
                                        {test.topic("t"), {qos::at_least_once}}}});
  c.expect<mqtt::suback>("SUBACK with two codes, and a success for the filter that is permitted",
                         {}, [](const mqtt::suback& came) {
                           return came.reason_codes.size() == 2 &&
                                  !mqtt::is_error(came.reason_codes[1]);
                         });
  c.publish(test.topic("t"), "x");
  c.expect_publish("x");
}

}  // namespace

void add_access_control_cases(suite& to) {
  for (const qos level : {qos::at_least_once, qos::exactly_once}) {
    const bool is_qos1 = level == qos::at_least_once;
    to.add({.id = std::string("MQTT-3.3.4-1/denied-qos-") + (is_qos1 ? "1" : "2"),
            .title = std::string("A message of QoS ") + (is_qos1 ? "1" : "2") +
                     " that is not permitted is acknowledged, or ends the connection",
            .covers = {v5("MQTT-3.3.4-1"), v3("MQTT-3.3.5-2")},
            .needs = {need::access_control, is_qos1 ? need::qos1 : need::qos2},
            .defects = {"ignore-publish-not-permitted"},
            .body = [level](context& test) { denied_message_is_answered(test, level); }});
  }
  to.add({.id = "PR5-4.13.2-a/denied-filter",
          .title = "A filter that is not permitted disturbs neither the others nor the connection",
          .covers = {v5("PR5-4.13.2-a"), v5("MQTT-3.8.4-6"), v3("MQTT-3.8.4-5")},
          .needs = {need::access_control, need::qos1},
          .defects = {"send-too-few-suback-codes"},
          .body = denied_filter_disturbs_no_other});
}

}  // namespace gauntlet::conformance
