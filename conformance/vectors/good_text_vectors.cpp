// Unusual text that is legal: it arrives as it was sent. MQTT 5.0 §1.5.4, §4.7.3

#include <algorithm>

#include <fmt/format.h>

#include "conformance/vectors/all_vectors.hpp"
#include "conformance/vectors/vector.hpp"

namespace gauntlet::conformance {
namespace {

struct good_text {
  std::string_view name;
  std::string_view text;
};

constexpr good_text texts[] = {
    {"space", "a b"},
    {"spaces-at-the-ends", " a "},
    {"punctuation", "!\"%&'()*,-.:;<=>?@[\\]^_`{|}~"},
    {"two-bytes", "\xC3\xA9"},
    {"two-bytes-lowest", "\xC2\xA0"},
    {"two-bytes-highest", "\xDF\xBF"},
    {"three-bytes", "\xE2\x82\xAC"},
    {"three-bytes-lowest", "\xE0\xA0\x80"},
    {"below-surrogates", "\xED\x9F\xBF"},
    {"private-use", "\xEE\x80\x80"},
    {"replacement-character", "\xEF\xBF\xBD"},
    {"byte-order-mark", "\xEF\xBB\xBF"},
    {"byte-order-mark-within",
     "a\xEF\xBB\xBF"
     "b"},
    {"four-bytes-lowest", "\xF0\x90\x80\x80"},
    {"emoji", "\xF0\x9F\x98\x80"},
    {"plane-16", "\xF4\x8F\xBF\xBD"},
    {"combining-accent", "e\xCC\x81"},
    {"right-to-left", "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D"},
    {"unassigned", "\xCD\xB8"},
};

// To the topic, and back over a filter of the same bytes.
void text_in_topic(context& test, std::string_view text) {
  client& c = test.connected("client");
  const std::string topic = test.topic(std::string(text));
  c.subscribe(topic, mqtt::qos::at_most_once);
  c.publish(topic, "message", mqtt::qos::at_most_once);
  c.expect<mqtt::publish>("the message on its topic", {},
                          [&](const mqtt::publish& came) { return came.topic_name == topic; });
}

void text_in_properties(context& test, std::string_view text) {
  client& c = test.connected("client");
  const std::string topic = test.topic("t");
  c.subscribe(topic, mqtt::qos::at_most_once);
  const std::string value(text);
  const mqtt::property_list properties = {mqtt::content_type(value), mqtt::response_topic(value),
                                          mqtt::user_property(value, value)};
  c.publish(mqtt::publish{.topic_name = topic, .properties = properties});
  c.expect<mqtt::publish>("the message with its properties", {}, [&](const mqtt::publish& came) {
    const auto type = came.properties.find<mqtt::property_id::content_type>();
    const auto response = came.properties.find<mqtt::property_id::response_topic>();
    const auto users = came.properties.find_all<mqtt::property_id::user_property>();
    return type == text && response == text &&
           std::ranges::count(users, mqtt::string_pair_view{text, text}) == 1;
  });
}

}  // namespace

void add_good_text_vectors(suite& to) {
  for (const good_text& each : texts) {
    const bool is_mark = each.name.starts_with("byte-order-mark");
    std::vector<vector_half> halves;
    for (const auto version : both_versions) {
      const bool is_v5 = version == only_v5;
      std::string covers = is_v5 ? "MQTT-4.7.3-4" : "MQTT-4.7.3-4";
      if (is_mark) covers = is_v5 ? "MQTT-1.5.4-3" : "MQTT-1.5.3-3";
      halves.push_back({.version = version,
                        .outcome = "is accepted",
                        .covers = statements(version, covers),
                        .defects = {caught_in(version, "forget-subscription")},
                        .body = [text = each.text](context& test) { text_in_topic(test, text); }});
    }
    add_vector(to, "good-text", fmt::format("topic/{}", each.name),
               fmt::format("A topic with {}", each.name), std::move(halves));
    add_vector(
        to, "good-text", fmt::format("properties/{}", each.name),
        fmt::format("A message whose properties hold {}", each.name),
        {{.version = only_v5,
          .outcome = "is delivered with them",
          .covers = statements(only_v5, is_mark ? "MQTT-1.5.4-3" : "MQTT-3.3.2-17 MQTT-3.3.2-20"),
          .defects = {"drop-user-properties", "drop-content-type"},
          .body = [text = each.text](context& test) { text_in_properties(test, text); }}});
  }
}

}  // namespace gauntlet::conformance
