// Retained messages over a restart.

#include "conformance/cases/restart/restart_cases.hpp"
#include "conformance/cases/support/deliveries.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

void retain(context& test, std::string_view tail, std::string_view payload,
            qos of = qos::at_least_once) {
  test.connected("publisher").publish(test.topic(tail), payload, of, true);
}

client& reader(context& test, std::string_view tail, qos maximum = qos::at_least_once) {
  client& to = test.connected("reader");
  to.subscribe(test.topic(tail), maximum);
  return to;
}

void kept(context& test) {
  retain(test, "t", "kept");
  test.restart_broker();
  client& to = reader(test, "t");
  to.acknowledge(to.expect_publish(
      "kept", [](const mqtt::publish& came) { return came.retain; }, "RETAIN 1"));
}

void last_one_kept(context& test) {
  retain(test, "t", "older");
  retain(test, "t", "newer");
  test.restart_broker();
  expect_only(reader(test, "t"), {"newer"});
}

void kept_with_qos(context& test) {
  retain(test, "t", "kept", qos::exactly_once);
  test.restart_broker();
  client& to = reader(test, "t", qos::exactly_once);
  to.acknowledge(to.expect_publish(
      "kept", [](const mqtt::publish& came) { return came.qos == qos::exactly_once; }, "QoS 2"));
}

void stays_cleared(context& test) {
  retain(test, "cleared", "kept");
  retain(test, "other", "still");
  retain(test, "cleared", "");
  test.restart_broker();
  expect_only(reader(test, "+"), {"still"});
}

void kept_with_properties(context& test) {
  const mqtt::property_list properties{mqtt::content_type("text"), mqtt::user_property("a", "1")};
  test.connected("publisher")
      .publish(message_with(properties, test.topic("t"), "kept", qos::at_least_once, true));
  test.restart_broker();
  reader(test, "t").expect_publish(
      "kept", [&](const mqtt::publish& came) { return came.properties == properties; },
      "the properties with which it was published");
}

struct retained_case {
  const char* id;
  const char* title;
  std::vector<statement_name> covers;
  std::vector<caught_defect> defects;
  void (*body)(context&);
};

}  // namespace

void add_restart_retained_cases(suite& to) {
  const std::vector<statement_name> stored = {v5("MQTT-3.3.1-5"), v3("MQTT-3.3.1-5"),
                                              v3("PR3-4.1-a")};
  const std::vector<retained_case> cases = {
      {"MQTT-3.3.1-5/restart",
       "A retained message outlives a restart",
       stored,
       {"forget-retained-at-restart"},
       kept},
      {"MQTT-3.3.1-5/restart-last",
       "After a restart the last retained message is there",
       stored,
       {"forget-retained-at-restart", "keep-older-retained-message"},
       last_one_kept},
      {"MQTT-3.3.1-5/restart-qos",
       "A retained message keeps its QoS over a restart",
       stored,
       {"forget-retained-at-restart", "store-retained-at-qos0"},
       kept_with_qos},
      {"MQTT-3.3.1-6/restart",
       "A retained message that was cleared does not come back",
       {v5("MQTT-3.3.1-6"), v3("MQTT-3.3.1-10")},
       {"keep-retained-on-empty-payload", "forget-retained-at-restart"},
       stays_cleared},
      {"MQTT-3.3.1-5/restart-properties",
       "A retained message keeps its properties over a restart",
       {v5("MQTT-3.3.1-5"), v5("MQTT-3.3.2-17"), v5("MQTT-3.3.2-20")},
       {"forget-retained-at-restart", "store-retained-without-properties"},
       kept_with_properties},
  };
  for (const retained_case& each : cases) {
    to.add({.id = each.id,
            .title = each.title,
            .covers = each.covers,
            .needs = {need::qos2, need::retained, need::wildcard_subscriptions, need::restart},
            .defects = each.defects,
            .body = each.body});
  }
}

}  // namespace gauntlet::conformance
