// The properties of a retained message are kept with it. MQTT 5.0 §3.3.2.3

#include "conformance/cases/retained/retained_cases.hpp"
#include "conformance/cases/retained/retained_stories.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

// The properties that the publisher chose: a broker may let messages without an expiry expire.
mqtt::property_list chosen_by_publisher(const mqtt::publish& came) {
  mqtt::property_list properties = came.properties;
  properties.remove(mqtt::property_id::message_expiry_interval);
  return properties;
}

// Retains a message with these properties and demands them back.
void expect_kept(context& test, const mqtt::property_list& properties) {
  test.connected("publisher")
      .publish(message_with(properties, test.topic("t"), "kept", qos::at_least_once, true));
  late_reader(test, "reader", "t")
      .expect_publish(
          "kept",
          [&](const mqtt::publish& came) { return chosen_by_publisher(came) == properties; },
          "the properties with which it was published");
}

struct kept_property {
  const char* id;
  const char* title;
  const char* statement;
  std::vector<caught_defect> defects;
  mqtt::property_list properties;
};

std::vector<kept_property> kept_properties() {
  return {
      {"MQTT-3.3.2-4/retained",
       "A retained message keeps its Payload Format Indicator",
       "MQTT-3.3.2-4",
       {"store-retained-without-properties", "drop-payload-format-indicator"},
       {mqtt::payload_format_indicator(1)}},
      {"MQTT-3.3.2-20/retained",
       "A retained message keeps its Content Type",
       "MQTT-3.3.2-20",
       {"store-retained-without-properties", "drop-content-type"},
       {mqtt::content_type("Text/Plain")}},
      {"MQTT-3.3.2-15/retained",
       "A retained message keeps its Response Topic",
       "MQTT-3.3.2-15",
       {"store-retained-without-properties", "drop-response-topic"},
       {mqtt::response_topic("Answers/here")}},
      {"MQTT-3.3.2-16/retained",
       "A retained message keeps its Correlation Data",
       "MQTT-3.3.2-16",
       {"store-retained-without-properties", "drop-correlation-data"},
       {mqtt::correlation_data({1, 0, 255})}},
      {"MQTT-3.3.2-17/retained",
       "A retained message keeps its User Properties",
       "MQTT-3.3.2-17",
       {"store-retained-without-properties", "merge-user-properties-of-same-name"},
       {mqtt::user_property("a", "1"), mqtt::user_property("a", "2"),
        mqtt::user_property("b", "")}},
      {"MQTT-3.3.2-18/retained",
       "A retained message keeps the order of its User Properties",
       "MQTT-3.3.2-18",
       {"reverse-user-properties"},
       {mqtt::user_property("z", "1"), mqtt::user_property("a", "2"),
        mqtt::user_property("m", "3")}},
  };
}

void newer_properties_replace_older(context& test) {
  client& publisher = test.connected("publisher");
  publisher.publish(message_with({mqtt::user_property("version", "1"), mqtt::content_type("a")},
                                 test.topic("t"), "kept", qos::at_least_once, true));
  publisher.publish(message_with({mqtt::user_property("version", "2")}, test.topic("t"), "kept",
                                 qos::at_least_once, true));
  const mqtt::property_list wanted{mqtt::user_property("version", "2")};
  late_reader(test, "reader", "t")
      .expect_publish(
          "kept", [&](const mqtt::publish& came) { return chosen_by_publisher(came) == wanted; },
          "the properties of the newer message");
}

}  // namespace

void add_retained_properties_cases(suite& to) {
  for (const kept_property& each : kept_properties()) {
    to.add({.id = each.id,
            .title = each.title,
            .covers = {v5(each.statement), v5("MQTT-3.3.1-5")},
            .needs = {need::qos1, need::retained},
            .defects = each.defects,
            .body = [kept = each.properties](context& test) { expect_kept(test, kept); }});
  }
  to.add({.id = "MQTT-3.3.1-5/properties-replaced",
          .title = "A later retained message replaces the properties of the earlier one",
          .covers = {v5("MQTT-3.3.1-5")},
          .needs = {need::qos1, need::retained},
          .defects = {"keep-older-retained-message"},
          .body = newer_properties_replace_older});
}

}  // namespace gauntlet::conformance
