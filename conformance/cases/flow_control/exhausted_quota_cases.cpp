// With the client's Receive Maximum used up, everything but PUBLISH goes on. MQTT 5.0 §3.3.4, §4.9

#include "conformance/cases/flow_control/flow_control_cases.hpp"
#include "conformance/cases/support/acknowledgements.hpp"
#include "conformance/cases/support/message_path.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

// One message is unacknowledged, another waits.
message_path exhausted(context& test, qos level) {
  message_path path = open_path(test, level, {mqtt::receive_maximum(1)});
  path.publish_each({"1", "2"}, level);
  return path;
}

void pingreq_is_answered(context& test) {
  message_path path = exhausted(test, qos::at_least_once);
  path.to->take("1");
  path.to->send(mqtt::pingreq{});
  path.to->expect<mqtt::pingresp>("PINGRESP");
}

void pubrec_is_answered(context& test) {
  message_path path = exhausted(test, qos::exactly_once);
  const auto first = path.to->take("1");
  path.to->send(mqtt::pubrec{.packet_identifier = first.packet_identifier});
  expect_pubrel(*path.to, first.packet_identifier);
}

void subscribe_is_answered(context& test) {
  message_path path = exhausted(test, qos::at_least_once);
  path.to->take("1");
  path.to->send(
      mqtt::subscribe{.packet_identifier = 300,
                      .subscriptions = {{test.topic("u"), mqtt::subscription_options{}}}});
  path.to->expect<mqtt::suback>("SUBACK for packet 300", {},
                                [](const auto& came) { return came.packet_identifier == 300; });
  path.to->send(mqtt::pingreq{});
  path.to->expect<mqtt::pingresp>("PINGRESP after SUBACK");
}

void unsubscribe_is_answered(context& test) {
  message_path path = exhausted(test, qos::at_least_once);
  path.to->take("1");
  path.to->send(mqtt::unsubscribe{.packet_identifier = 300, .topic_filters = {test.topic("u")}});
  path.to->expect<mqtt::unsuback>("UNSUBACK for packet 300", {},
                                  [](const auto& came) { return came.packet_identifier == 300; });
}

// Published at QoS 2 and delivered at QoS 1, so that the only PUBACK is the one meant.
void publish_is_acknowledged(context& test) {
  message_path path = open_path(test, qos::at_least_once, {mqtt::receive_maximum(1)});
  path.publish_each({"1", "2"}, qos::exactly_once);
  path.to->take("1");
  path.to->send(publish_of(test.topic("u"), "x", qos::at_least_once, 300));
  expect_puback(test, *path.to, 300);
}

void qos2_publish_runs_to_its_end(context& test) {
  message_path path = exhausted(test, qos::at_least_once);
  path.to->take("1");
  path.to->send(publish_of(test.topic("u"), "x", qos::exactly_once, 300));
  expect_pubrec(test, *path.to, 300);
  release(*path.to, 300);
}

struct answered {
  const char* id;
  const char* title;
  const char* defect;
  void (*body)(context&);
};

constexpr answered all_answered[] = {
    {"pingresp", "PINGREQ is answered without quota", "withhold-pingresp-without-quota",
     pingreq_is_answered},
    {"pubrel", "PUBREC is answered without quota", "withhold-pubrel-without-quota",
     pubrec_is_answered},
    {"suback", "SUBSCRIBE is answered without quota", "withhold-pingresp-without-quota",
     subscribe_is_answered},
    {"unsuback", "UNSUBSCRIBE is answered without quota", "omit-unsuback", unsubscribe_is_answered},
    {"puback", "A client without quota has its QoS 1 messages acknowledged", "omit-puback",
     publish_is_acknowledged},
    {"pubcomp", "A client without quota has its QoS 2 messages completed", "omit-pubcomp",
     qos2_publish_runs_to_its_end},
};

}  // namespace

void add_exhausted_quota_cases(suite& to) {
  for (const answered& each : all_answered) {
    to.add({.id = "MQTT-3.3.4-10/" + std::string(each.id),
            .title = each.title,
            .covers = {v5("MQTT-3.3.4-10"), v5("MQTT-4.9.0-3")},
            .needs = {need::qos2},
            .defects = {each.defect},
            .body = each.body});
  }
}

}  // namespace gauntlet::conformance
