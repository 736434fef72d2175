// The properties of CONNACK: each at most once, with a value that it may have. MQTT 5.0 §3.2.2.3

#include <fmt/format.h>

#include "conformance/cases/connect/connect_cases.hpp"
#include "conformance/cases/support/message_path.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::property_id;

// A client that asks for all that CONNACK can tell. A CONNACK that breaks a rule is malformed.
void connack_is_legal(context& test) {
  client& c = test.connecting(
      "c", {.keep_alive_s = 60,
            .properties = {mqtt::session_expiry_interval(5), mqtt::request_response_information(1),
                           mqtt::request_problem_information(1)}});
  c.expect_connack();
  prove_delivery(test, c, mqtt::qos::at_most_once);
}

void connack_to_nameless_is_legal(context& test) {
  client& c = test.open("nameless");
  c.send_connect({});
  c.expect_connack();
  prove_delivery(test, c, mqtt::qos::at_most_once);
}

void has_no_authentication_method(context& test) {
  client& c = test.connecting("c");
  c.expect<mqtt::connack>("CONNACK without Authentication Method", {},
                          [](const mqtt::connack& came) {
                            return !came.properties.contains(property_id::authentication_method);
                          });
  prove_delivery(test, c, mqtt::qos::at_most_once);
}

struct connack_property {
  const char* statement;
  const char* name;
  const char* twice;
  const char* wrong_value;  ///< null if it has no values that it may not have
};

constexpr connack_property properties[] = {
    {"PE-3.2.2.3.2-a", "Session Expiry Interval", "send-session-expiry-interval-twice", nullptr},
    {"PE-3.2.2.3.3-a", "Receive Maximum", "send-receive-maximum-twice", "send-receive-maximum-0"},
    {"PE-3.2.2.3.4-a", "Maximum QoS", "send-maximum-qos-twice", "send-maximum-qos-2"},
    {"PE-3.2.2.3.5-a", "Retain Available", "send-retain-available-twice",
     "send-retain-available-2"},
    {"PE-3.2.2.3.6-a", "Maximum Packet Size", "send-maximum-packet-size-twice",
     "send-maximum-packet-size-0"},
    {"PE-3.2.2.3.8-a", "Topic Alias Maximum", "send-topic-alias-maximum-twice", nullptr},
    {"PE-3.2.2.3.9-a", "Reason String", "send-reason-string-twice", nullptr},
    {"PE-3.2.2.3.11-a", "Wildcard Subscription Available",
     "send-wildcard-subscription-available-twice", "send-wildcard-subscription-available-2"},
    {"PE-3.2.2.3.12-a", "Subscription Identifier Available",
     "send-subscription-identifier-available-twice", "send-subscription-identifier-available-2"},
    {"PE-3.2.2.3.13-a", "Shared Subscription Available", "send-shared-subscription-available-twice",
     "send-shared-subscription-available-2"},
    {"PE-3.2.2.3.14-a", "Server Keep Alive", "send-server-keep-alive-twice", nullptr},
    {"PE-3.2.2.3.15-a", "Response Information", "send-response-information-twice", nullptr},
    {"PE-3.2.2.3.16-a", "Server Reference", "send-server-reference-twice", nullptr},
};

test_case legal(std::string id, std::string title, std::string statement,
                std::vector<caught_defect> defects) {
  return {.id = std::move(id),
          .title = std::move(title),
          .covers = {v5(std::move(statement))},
          .defects = std::move(defects),
          .body = connack_is_legal};
}

}  // namespace

void add_connack_property_cases(suite& to) {
  for (const connack_property& each : properties) {
    to.add(legal(fmt::format("{}/once", each.statement),
                 fmt::format("CONNACK has {} at most once", each.name), each.statement,
                 {each.twice}));
    if (each.wrong_value == nullptr) continue;
    to.add(legal(fmt::format("{}/value", each.statement),
                 fmt::format("CONNACK has {} with a value that it may have", each.name),
                 each.statement, {each.wrong_value}));
  }
  to.add(legal("PE-2.2.2.2-n/connack", "CONNACK has only properties that belong there",
               "PE-2.2.2.2-n", {"send-strange-property-in-connack", "send-undefined-property"}));
  to.add(legal("MQTT-1.5.7-1/connack", "User Properties of CONNACK are valid text", "MQTT-1.5.7-1",
               {"send-ill-formed-user-property"}));
  to.add(legal("MQTT-2.2.2-1/connack", "CONNACK has a Property Length", "MQTT-2.2.2-1",
               {"omit-property-length-of-connack"}));
  to.add({.id = "PE-3.2.2.3.7-a/once",
          .title = "CONNACK has Assigned Client Identifier at most once, as valid text",
          .covers = {v5("PE-3.2.2.3.7-a"), v5("MQTT-1.5.4-1"), v5("MQTT-1.5.4-2")},
          .needs = {need::empty_client_identifier},
          .defects = {"send-assigned-client-identifier-twice",
                      "send-ill-formed-assigned-client-identifier",
                      "send-null-in-assigned-client-identifier"},
          .body = connack_to_nameless_is_legal});
  to.add({.id = "MQTT-4.12.0-6/no-method",
          .title = "CONNACK names no Authentication Method to a client that named none",
          .covers = {v5("MQTT-4.12.0-6")},
          .defects = {"send-unasked-authentication-method"},
          .body = has_no_authentication_method});
}

}  // namespace gauntlet::conformance
