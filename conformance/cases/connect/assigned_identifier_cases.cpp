// Clients without an identifier, to which the broker gives one. MQTT 5.0 §3.1.3.1, §3.2.2.3.7

#include <set>

#include "conformance/cases/connect/connect_cases.hpp"
#include "conformance/cases/support/lasting_session.hpp"
#include "conformance/cases/support/message_path.hpp"
#include "conformance/suite/context.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::property_id;
using mqtt::qos;

client& nameless(context& test, std::string_view name, mqtt::connect packet = {}) {
  client& opened = test.open(name);
  opened.send_connect(std::move(packet));
  return opened;
}

std::string assigned_in(const mqtt::connack& answer) {
  return std::string(
      answer.properties.find<property_id::assigned_client_identifier>().value_or(""));
}

void nameless_clients_stay_side_by_side(context& test) {
  client& first = nameless(test, "first");
  first.expect_connack();
  first.subscribe(test.topic("t"), qos::at_least_once);
  client& second = nameless(test, "second");
  second.expect_connack();
  second.publish(test.topic("t"), "x");
  first.expect_publish("x");
  second.expect_no_publish();
}

void each_is_told_another(context& test) {
  std::set<std::string> given{""};
  for (const std::string_view name : {"first", "second", "third"}) {
    client& c = nameless(test, name);
    const auto is_new = [&](const mqtt::connack& answer) {
      return answer.reason_code == mqtt::reason_code::success &&
             given.insert(assigned_in(answer)).second;
    };
    c.expect<mqtt::connack>("CONNACK with an Assigned Client Identifier that is new", {}, is_new);
    prove_delivery(test, c);
  }
}

void assigned_identifier_resumes_the_session(context& test) {
  client& first = nameless(test, "nameless", lasting_session(test));
  mqtt::connect again = lasting_session(test);
  again.client_id = assigned_in(first.expect_connack());
  if (test.over()) return;
  if (again.client_id.empty()) {
    return deviate(test, first, "CONNACK with an Assigned Client Identifier", "none");
  }
  first.subscribe(test.topic("t"), qos::at_least_once);
  first.disconnect();
  test.connected("publisher").publish(test.topic("t"), "while away");

  client& named = test.connecting("named", again);
  named.expect_session_present(true);
  named.expect_publish("while away");
}

void assigned_identifier_is_taken_over(context& test) {
  client& first = nameless(test, "nameless");
  const std::string assigned = assigned_in(first.expect_connack());
  client& other = test.connected("other");
  client& named = test.connecting("named", {.client_id = assigned});
  named.expect_connack();
  if (assigned.empty()) {
    return deviate(test, first, "CONNACK with an Assigned Client Identifier", "none");
  }
  first.expect_close();
  prove_delivery(test, other);
}

}  // namespace

void add_assigned_identifier_cases(suite& to) {
  to.add({.id = "MQTT-3.1.3-6/side-by-side",
          .title = "Clients without identifier are served side by side",
          .covers = {v5("MQTT-3.1.3-6"), v3("MQTT-3.1.3-6")},
          .needs = {need::empty_client_identifier, need::qos1},
          .defects = {"assign-same-client-identifier"},
          .body = nameless_clients_stay_side_by_side});
  to.add({.id = "MQTT-3.2.2-16/told",
          .title = "Each client without identifier is told one that no other has",
          .covers = {v5("MQTT-3.2.2-16"), v5("MQTT-3.1.3-7"), v5("MQTT-3.1.3-6")},
          .needs = {need::empty_client_identifier, need::qos1},
          .defects = {"omit-assigned-client-identifier", "assign-same-client-identifier"},
          .body = each_is_told_another});
  to.add({.id = "MQTT-3.1.3-7/resumes",
          .title = "The Assigned Client Identifier resumes the session of the nameless client",
          .covers = {v5("MQTT-3.1.3-7"), v5("MQTT-3.2.2-16")},
          .needs = {need::empty_client_identifier, need::qos1},
          .defects = {"send-other-assigned-client-identifier", "omit-assigned-client-identifier",
                      "forget-session-at-disconnect"},
          .body = assigned_identifier_resumes_the_session});
  to.add({.id = "MQTT-3.1.3-7/taken-over",
          .title = "A client that connects with an Assigned Client Identifier takes it over",
          .covers = {v5("MQTT-3.1.3-7"), v5("MQTT-3.1.4-3")},
          .needs = {need::empty_client_identifier, need::qos1},
          .defects = {"send-other-assigned-client-identifier", "leave-existing-client-connected"},
          .body = assigned_identifier_is_taken_over});
}

}  // namespace gauntlet::conformance
