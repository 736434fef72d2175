// Strings: well-formed UTF-8 without U+0000. MQTT 5.0 §1.5.4, §1.5.7, 3.1.1 §1.5.3

#include "conformance/invariants/rule_checks.hpp"
#include "conformance/invariants/themes.hpp"

namespace gauntlet::conformance {
namespace {

constexpr std::string_view topic_name = "Topic Name";
constexpr std::string_view user_property = "User Property";

bool is_publish(const observed_packet& came) { return came.is(mqtt::packet_type::publish); }

bool has_text_property(const observed_packet& came) {
  const mqtt::property_list* const properties = properties_of(came);
  if (properties == nullptr) return false;
  for (const mqtt::property& each : *properties) {
    if (std::holds_alternative<std::string>(each.value)) return true;
  }
  return false;
}

// A rule of strings that are properties, User Properties apart.
auto keeps_in_properties(const mqtt::rule& rule) {
  return [check = keeps(rule, {}, has_text_property)](const observed_packet& came) {
    const bool elsewhere = came.error != nullptr && (came.error->subject == topic_name ||
                                                     came.error->subject == user_property);
    return elsewhere ? finding::not_concerned() : check(came);
  };
}

}  // namespace

void add_text_invariants(std::vector<invariant>& to) {
  using namespace mqtt::rules;
  const concern with_user_property = has_property(mqtt::property_id::user_property);
  to.push_back(
      {.id = "invariant/topic-name-well-formed",
       .title = "The Topic Name of a PUBLISH is well-formed UTF-8",
       .covers = {v5("MQTT-1.5.4-1"), v5("MQTT-3.3.2-1"), v3("MQTT-1.5.3-1"), v3("MQTT-3.3.2-1")},
       .defects = {"send-ill-formed-topic-name"},
       .check = keeps(well_formed_text, topic_name, is_publish)});
  to.push_back(
      {.id = "invariant/topic-name-without-null",
       .title = "The Topic Name of a PUBLISH does not hold U+0000",
       .covers = {v5("MQTT-1.5.4-2"), v5("MQTT-4.7.3-2"), v3("MQTT-1.5.3-2"), v3("MQTT-4.7.3-2")},
       .defects = {"send-null-in-topic-name"},
       .check = keeps(no_null_character, topic_name, is_publish)});
  to.push_back(
      {.id = "invariant/property-text-well-formed",
       .title = "Properties that are text are well-formed UTF-8",
       .covers = {v5("MQTT-1.5.4-1")},
       .defects = {"send-ill-formed-assigned-client-identifier", "send-ill-formed-reason-string"},
       .check = keeps_in_properties(well_formed_text)});
  to.push_back(
      {.id = "invariant/property-text-without-null",
       .title = "Properties that are text do not hold U+0000",
       .covers = {v5("MQTT-1.5.4-2")},
       .defects = {"send-null-in-assigned-client-identifier", "send-null-in-reason-string"},
       .check = keeps_in_properties(no_null_character)});
  to.push_back({.id = "invariant/user-property-well-formed",
                .title = "Names and values of User Properties are well-formed UTF-8",
                .covers = {v5("MQTT-1.5.7-1")},
                .defects = {"send-ill-formed-user-property"},
                .check = keeps(well_formed_text, user_property, with_user_property)});
  to.push_back({.id = "invariant/user-property-without-null",
                .title = "Names and values of User Properties do not hold U+0000",
                .covers = {v5("MQTT-1.5.7-1"), v5("MQTT-1.5.4-2")},
                .check = keeps(no_null_character, user_property, with_user_property)});
}

}  // namespace gauntlet::conformance
