// The properties of a message reach subscribers as they were published. MQTT 5.0 §3.3.2.3

#include <algorithm>

#include "conformance/cases/properties/properties_cases.hpp"
#include "conformance/cases/support/acknowledgements.hpp"
#include "conformance/cases/support/message_path.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::property;
using mqtt::property_id;
using mqtt::qos;

// Those of one kind, in their order.
std::vector<property> of_kind(const mqtt::property_list& all, property_id kind) {
  std::vector<property> found;
  std::ranges::copy_if(all, std::back_inserter(found),
                       [kind](const property& each) { return each.id == kind; });
  return found;
}

bool is_default(const property& each) { return each == mqtt::payload_format_indicator(0); }

// Whether all that was sent came, unchanged and in order. What a broker adds is not judged.
bool carries(const mqtt::publish& came, const mqtt::property_list& sent) {
  for (const property& each : sent) {
    auto right = of_kind(sent, each.id);
    auto there = of_kind(came.properties, each.id);
    std::erase_if(right, is_default);
    std::erase_if(there, is_default);
    if (each.id != property_id::user_property) {
      if (there != right) return false;
      continue;
    }
    auto next = there.begin();
    for (const property& wanted : right) {
      next = std::find(next, there.end(), wanted);
      if (next == there.end()) return false;
      ++next;
    }
  }
  return true;
}

void expect_carried(client& to, const mqtt::property_list& sent) {
  to.acknowledge(to.expect_publish(
      "x", [&sent](const auto& came) { return carries(came, sent); },
      "the properties that were published"));
}

void reach_a_subscriber(context& test, const mqtt::property_list& sent, qos level) {
  message_path path = open_path(test, level);
  path.from.publish(with(publish_of(path.topic, "x", level), sent));
  expect_carried(*path.to, sent);
}

void are_kept_for_a_session(context& test, const mqtt::property_list& sent) {
  message_path path = open_path(test, qos::at_least_once);
  path.to->drop();
  path.from.publish(with(publish_of(path.topic, "x", qos::at_least_once), sent));
  expect_carried(path.resume(), sent);
}

void come_again(context& test, const mqtt::property_list& sent) {
  message_path path = open_path(test, qos::at_least_once);
  path.from.publish(with(publish_of(path.topic, "x", qos::at_least_once), sent));
  path.to->take("x");
  expect_carried(path.resume(), sent);
}

void reach_each_subscriber(context& test, const mqtt::property_list& sent) {
  message_path path = open_path(test, qos::at_least_once);
  client& other = test.connected("other");
  other.subscribe(path.topic, qos::at_most_once);
  path.from.publish(with(publish_of(path.topic, "x", qos::at_least_once), sent));
  expect_carried(*path.to, sent);
  expect_carried(other, sent);
}

// Nothing of one message sticks to the next.
void next_message_has_its_own(context& test, const mqtt::property_list& sent) {
  message_path path = open_path(test, qos::at_least_once);
  path.from.publish(with(publish_of(path.topic, "x", qos::at_least_once), sent));
  expect_carried(*path.to, sent);
  path.publish("y", qos::at_least_once);
  path.to->expect_publish(
      "y",
      [&](const auto& came) {
        return std::ranges::none_of(sent, [&](const property& each) {
          return each.id != property_id::user_property && came.properties.contains(each.id);
        });
      },
      "no properties of the message before");
}

byte_buffer all_bytes() {
  byte_buffer bytes(256);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i);
  return bytes;
}

mqtt::property_list many_user_properties() {
  mqtt::property_list list;
  for (int i = 0; i < 50; ++i) {
    list.add(mqtt::user_property("n" + std::to_string(i % 7), std::to_string(i)));
  }
  return list;
}

mqtt::property_list all_kinds() {
  return {mqtt::payload_format_indicator(1),    mqtt::content_type("Text/plain"),
          mqtt::response_topic("Answers/1"),    mqtt::correlation_data({0x01, 0x00, 0xFF}),
          mqtt::user_property("first", "1"),    mqtt::user_property("second", ""),
          mqtt::user_property("first", "again")};
}

struct forwarded {
  const char* statement;
  const char* id;
  const char* what;
  std::vector<caught_defect> defects;
  mqtt::property_list properties;
};

std::vector<forwarded> all_forwarded() {
  const std::string snow =
      "Schn\xC3\xA9"
      "e \xE2\x98\x83";
  return {
      {"MQTT-3.3.2-4",
       "text",
       "Payload Format Indicator 1",
       {"drop-payload-format-indicator", "change-payload-format-indicator"},
       {mqtt::payload_format_indicator(1)}},
      {"MQTT-3.3.2-4",
       "bytes",
       "Payload Format Indicator 0",
       {"change-payload-format-indicator"},
       {mqtt::payload_format_indicator(0)}},
      {"MQTT-3.3.2-20",
       "plain",
       "Content Type",
       {"drop-content-type", "put-content-type-in-lower-case"},
       {mqtt::content_type("text/plain; charset=UTF-8")}},
      {"MQTT-3.3.2-20",
       "empty",
       "an empty Content Type",
       {"drop-content-type"},
       {mqtt::content_type("")}},
      {"MQTT-3.3.2-20",
       "non-ascii",
       "a Content Type beyond ASCII",
       {"drop-content-type", "put-content-type-in-lower-case"},
       {mqtt::content_type(snow)}},
      {"MQTT-3.3.2-20",
       "long",
       "a long Content Type",
       {"drop-content-type"},
       {mqtt::content_type(std::string(1000, 'c'))}},
      {"MQTT-3.3.2-15",
       "plain",
       "Response Topic",
       {"drop-response-topic", "put-response-topic-in-lower-case"},
       {mqtt::response_topic("Answers/to/Me")}},
      {"MQTT-3.3.2-15",
       "non-ascii",
       "a Response Topic beyond ASCII",
       {"drop-response-topic", "put-response-topic-in-lower-case"},
       {mqtt::response_topic(snow)}},
      {"MQTT-3.3.2-15",
       "separators",
       "a Response Topic with empty levels",
       {"drop-response-topic"},
       {mqtt::response_topic("/a//b/")}},
      {"MQTT-3.3.2-16",
       "all-bytes",
       "Correlation Data of all byte values",
       {"drop-correlation-data", "cut-correlation-data-at-zero-byte"},
       {mqtt::correlation_data(all_bytes())}},
      {"MQTT-3.3.2-16",
       "empty",
       "empty Correlation Data",
       {"drop-correlation-data"},
       {mqtt::correlation_data({})}},
      {"MQTT-3.3.2-16",
       "large",
       "large Correlation Data",
       {"drop-correlation-data", "cut-correlation-data-at-zero-byte"},
       {mqtt::correlation_data(byte_buffer(5000, 0x00))}},
      {"MQTT-3.3.2-17",
       "one",
       "a User Property",
       {"drop-user-properties"},
       {mqtt::user_property("name", "value")}},
      {"MQTT-3.3.2-17",
       "same-name",
       "User Properties with the same name",
       {"merge-user-properties-of-same-name", "drop-user-properties"},
       {mqtt::user_property("a", "1"), mqtt::user_property("a", "2")}},
      {"MQTT-3.3.2-17",
       "equal",
       "two equal User Properties",
       {"merge-user-properties-of-same-name"},
       {mqtt::user_property("a", "1"), mqtt::user_property("a", "1")}},
      {"MQTT-3.3.2-17",
       "empty-value",
       "a User Property with an empty value",
       {"drop-user-property-with-empty-value"},
       {mqtt::user_property("name", "")}},
      {"MQTT-3.3.2-17",
       "empty-name",
       "a User Property with an empty name",
       {"drop-user-properties"},
       {mqtt::user_property("", "value")}},
      {"MQTT-3.3.2-17",
       "empty-pair",
       "a User Property with neither name nor value",
       {"drop-user-property-with-empty-value"},
       {mqtt::user_property("", "")}},
      {"MQTT-3.3.2-17",
       "non-ascii",
       "a User Property beyond ASCII",
       {"drop-user-properties"},
       {mqtt::user_property(snow, "\xF0\x9F\x8C\xA8")}},
      {"MQTT-3.3.2-17",
       "long",
       "a long User Property",
       {"drop-user-properties"},
       {mqtt::user_property(std::string(300, 'n'), std::string(3000, 'v'))}},
      {"MQTT-3.3.2-18",
       "order",
       "User Properties in an order of their own",
       {"reverse-user-properties"},
       {mqtt::user_property("b", "2"), mqtt::user_property("a", "1"), mqtt::user_property("b", "1"),
        mqtt::user_property("a", "3")}},
      {"MQTT-3.3.2-18",
       "many",
       "fifty User Properties",
       {"reverse-user-properties", "merge-user-properties-of-same-name"},
       many_user_properties()},
  };
}

void add_paths(suite& to) {
  const std::vector<statement_name> all = {v5("MQTT-3.3.2-4"),  v5("MQTT-3.3.2-15"),
                                           v5("MQTT-3.3.2-16"), v5("MQTT-3.3.2-17"),
                                           v5("MQTT-3.3.2-18"), v5("MQTT-3.3.2-20")};
  const std::vector<caught_defect> dropped = {
      "drop-payload-format-indicator", "drop-content-type",    "drop-response-topic",
      "drop-correlation-data",         "drop-user-properties", "reverse-user-properties"};
  struct path {
    const char* id;
    const char* title;
    need needed;
    std::function<void(context&)> body;
  };
  for (const path& each : {
           path{"all-qos0", "All properties of a QoS 0 message are passed on", need::qos1,
                [](context& test) { reach_a_subscriber(test, all_kinds(), qos::at_most_once); }},
           path{"all-qos1", "All properties of a QoS 1 message are passed on", need::qos1,
                [](context& test) { reach_a_subscriber(test, all_kinds(), qos::at_least_once); }},
           path{"all-qos2", "All properties of a QoS 2 message are passed on", need::qos2,
                [](context& test) { reach_a_subscriber(test, all_kinds(), qos::exactly_once); }},
           path{"all-again", "A message that is sent again has all its properties", need::qos1,
                [](context& test) { come_again(test, all_kinds()); }},
           path{"all-subscribers", "Each subscriber gets all properties of a message", need::qos1,
                [](context& test) { reach_each_subscriber(test, all_kinds()); }},
           path{"next-message", "A message has no properties of the one before", need::qos1,
                [](context& test) { next_message_has_its_own(test, all_kinds()); }},
       }) {
    to.add({.id = "MQTT-3.3.2-17/" + std::string(each.id),
            .title = each.title,
            .covers = all,
            .needs = {each.needed},
            .defects = dropped,
            .body = each.body});
  }
}

}  // namespace

void add_forwarded_cases(suite& to) {
  for (const forwarded& each : all_forwarded()) {
    to.add({.id = std::string(each.statement) + "/" + each.id,
            .title = "A subscriber gets " + std::string(each.what) + " as it was published",
            .covers = {v5(each.statement)},
            .needs = {need::qos1},
            .defects = each.defects,
            .body = [properties = each.properties](context& test) {
              reach_a_subscriber(test, properties, qos::at_least_once);
            }});
    const std::string_view id = each.id;
    const bool stands_for_its_kind =
        id == "text" || id == "plain" || id == "all-bytes" || id == "same-name" || id == "order";
    if (!stands_for_its_kind) continue;
    to.add({.id = std::string(each.statement) + "/queued-" + each.id,
            .title = "A message that waits for a session keeps " + std::string(each.what),
            .covers = {v5(each.statement)},
            .needs = {need::qos1},
            .defects = each.defects,
            .body = [properties = each.properties](context& test) {
              are_kept_for_a_session(test, properties);
            }});
  }
  add_paths(to);
}

}  // namespace gauntlet::conformance
