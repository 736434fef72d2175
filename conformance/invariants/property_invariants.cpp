// Properties: only where the standard puts them, once, with values that it allows. MQTT 5.0 §2.2.2

#include <array>
#include <optional>

#include "conformance/invariants/rule_checks.hpp"
#include "conformance/invariants/themes.hpp"
#include "harness/mqtt/property_table.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::packet_type;
using mqtt::property_id;

// Of a property in CONNACK, by the number of its section.
statement_name error_in_connack(const mqtt::property_info& property) {
  return v5("PE-" + std::string(property.section_in(mqtt::property_place::connack)) + "-a");
}

void add_once_in_connack(std::vector<invariant>& to, property_id id, const char* defect) {
  const mqtt::property_info& info = mqtt::info_of(id);
  to.push_back({.id = "invariant/connack-" + in_words_of_ids(info.name) + "-once",
                .title = "CONNACK holds no more than one " + std::string(info.name),
                .covers = {error_in_connack(info)},
                .defects = {defect},
                .check = keeps_in(packet_type::connack, mqtt::rules::property_once, info.name,
                                  has_property(id))});
}

void add_value_in_connack(std::vector<invariant>& to, property_id id, const mqtt::rule& rule,
                          std::string_view says, const char* defect) {
  const mqtt::property_info& info = mqtt::info_of(id);
  to.push_back({.id = "invariant/connack-" + in_words_of_ids(info.name) + "-value",
                .title = std::string(info.name) + " in CONNACK is " + std::string(says),
                .covers = {error_in_connack(info)},
                .defects = {defect},
                .check = keeps_in(packet_type::connack, rule, info.name, has_property(id))});
}

void add_connack(std::vector<invariant>& to) {
  using id = property_id;
  add_once_in_connack(to, id::session_expiry_interval, "send-session-expiry-interval-twice");
  add_once_in_connack(to, id::receive_maximum, "send-receive-maximum-twice");
  add_once_in_connack(to, id::maximum_qos, "send-maximum-qos-twice");
  add_once_in_connack(to, id::retain_available, "send-retain-available-twice");
  add_once_in_connack(to, id::maximum_packet_size, "send-maximum-packet-size-twice");
  add_once_in_connack(to, id::assigned_client_identifier, "send-assigned-client-identifier-twice");
  add_once_in_connack(to, id::topic_alias_maximum, "send-topic-alias-maximum-twice");
  add_once_in_connack(to, id::reason_string, "send-reason-string-twice");
  add_once_in_connack(to, id::wildcard_subscription_available,
                      "send-wildcard-subscription-available-twice");
  add_once_in_connack(to, id::subscription_identifier_available,
                      "send-subscription-identifier-available-twice");
  add_once_in_connack(to, id::shared_subscription_available,
                      "send-shared-subscription-available-twice");
  add_once_in_connack(to, id::server_keep_alive, "send-server-keep-alive-twice");
  add_once_in_connack(to, id::response_information, "send-response-information-twice");
  add_once_in_connack(to, id::server_reference, "send-server-reference-twice");
  add_once_in_connack(to, id::authentication_method, "send-authentication-method-twice");
  add_once_in_connack(to, id::authentication_data, "send-authentication-data-twice");

  const mqtt::rule& not_zero = mqtt::rules::property_not_zero;
  const mqtt::rule& zero_or_one = mqtt::rules::property_zero_or_one;
  add_value_in_connack(to, id::receive_maximum, not_zero, "not 0", "send-receive-maximum-0");
  add_value_in_connack(to, id::maximum_packet_size, not_zero, "not 0",
                       "send-maximum-packet-size-0");
  add_value_in_connack(to, id::maximum_qos, zero_or_one, "0 or 1", "send-maximum-qos-2");
  add_value_in_connack(to, id::retain_available, zero_or_one, "0 or 1", "send-retain-available-2");
  add_value_in_connack(to, id::wildcard_subscription_available, zero_or_one, "0 or 1",
                       "send-wildcard-subscription-available-2");
  add_value_in_connack(to, id::subscription_identifier_available, zero_or_one, "0 or 1",
                       "send-subscription-identifier-available-2");
  add_value_in_connack(to, id::shared_subscription_available, zero_or_one, "0 or 1",
                       "send-shared-subscription-available-2");
}

void add_home(std::vector<invariant>& to, packet_type type, std::vector<caught_defect> defects) {
  const std::string name(mqtt::packet_type_name(type));
  const concern with_properties = [](const observed_packet& came) {
    const mqtt::property_list* const properties = properties_of(came);
    return properties != nullptr && !properties->empty();
  };
  to.push_back({.id = "invariant/properties-of-" + in_words_of_ids(name),
                .title = name + " holds only properties that belong into it",
                .covers = {v5("PE-2.2.2.2-n")},
                .defects = std::move(defects),
                .check = keeps_in(type, mqtt::rules::property_at_home, {}, with_properties)});
}

void add_homes(std::vector<invariant>& to) {
  add_home(to, packet_type::connack, {"send-strange-property-in-connack"});
  add_home(to, packet_type::publish,
           {"send-strange-property-in-publish", "forward-will-delay-interval"});
  add_home(to, packet_type::puback, {"send-strange-property-in-puback"});
  add_home(to, packet_type::pubrec, {"send-strange-property-in-pubrec"});
  add_home(to, packet_type::pubrel, {"send-strange-property-in-pubrel"});
  add_home(to, packet_type::pubcomp, {"send-strange-property-in-pubcomp"});
  add_home(to, packet_type::suback, {"send-strange-property-in-suback"});
  add_home(to, packet_type::unsuback, {"send-strange-property-in-unsuback"});
  add_home(to, packet_type::disconnect, {"send-strange-property-in-disconnect"});
  add_home(to, packet_type::auth, {});
}

// The standard forgets to forbid the repetition of two, §3.3.2.3.2 and §3.3.2.3.3.
finding publish_properties_once(const observed_packet& came) {
  const std::string_view subject = came.error != nullptr ? came.error->subject : std::string_view();
  if (subject == "Payload Format Indicator" || subject == "Message Expiry Interval") {
    return finding::not_concerned();
  }
  return keeps_in(packet_type::publish, mqtt::rules::property_once, {}, properties_of)(came);
}

void add_once_elsewhere(std::vector<invariant>& to) {
  const concern explained = has_property(property_id::reason_string);
  const auto once = [&](packet_type type, std::string_view property, concern is_concerned) {
    return keeps_in(type, mqtt::rules::property_once, property, std::move(is_concerned));
  };
  to.push_back({.id = "invariant/suback-reason-string-once",
                .title = "SUBACK holds no more than one Reason String",
                .covers = {v5("PE-3.9.2.1.2-a")},
                .defects = {"send-reason-string-twice-in-suback"},
                .check = once(packet_type::suback, "Reason String", explained)});
  to.push_back({.id = "invariant/unsuback-reason-string-once",
                .title = "UNSUBACK holds no more than one Reason String",
                .covers = {v5("PE-3.11.2.1.2-a")},
                .defects = {"send-reason-string-twice-in-unsuback"},
                .check = once(packet_type::unsuback, "Reason String", explained)});
  to.push_back({.id = "invariant/disconnect-server-reference-once",
                .title = "DISCONNECT holds no more than one Server Reference",
                .covers = {v5("PE-3.14.2.2.5-a")},
                .defects = {"send-server-reference-twice-in-disconnect"},
                .check = once(packet_type::disconnect, "Server Reference",
                              has_property(property_id::server_reference))});
  to.push_back({.id = "invariant/publish-properties-once",
                .title = "PUBLISH holds a property twice only if it may repeat",
                .covers = {v5("PE-2.2.2.2-n")},
                .check = publish_properties_once});
}

}  // namespace

void add_property_invariants(std::vector<invariant>& to) {
  to.push_back({.id = "invariant/properties-defined",
                .title = "Packets hold only properties that the standard defines",
                .covers = {v5("PE-2.2.2.2-n")},
                .defects = {"send-undefined-property"},
                .check = keeps(mqtt::rules::property_known, {}, properties_of)});
  add_connack(to);
  add_homes(to);
  add_once_elsewhere(to);
  to.push_back({.id = "invariant/no-session-expiry-in-disconnect",
                .title = "A server's DISCONNECT has no Session Expiry Interval",
                .covers = {v5("MQTT-3.14.2-2")},
                .defects = {"send-session-expiry-in-disconnect"},
                .check = keeps_in(packet_type::disconnect, mqtt::rules::expiry_from_server)});
}

}  // namespace gauntlet::conformance
