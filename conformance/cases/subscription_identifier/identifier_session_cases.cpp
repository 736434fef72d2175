// Identifiers are part of the subscription and of the session. MQTT 5.0 §3.8.2.1.2, §3.8.4

#include "conformance/cases/subscription_identifier/subscription_identifier_cases.hpp"
#include "conformance/cases/support/deliveries.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

void replaced(context& test) {
  client& to = test.connected("subscriber");
  client& publisher = test.connected("publisher");
  subscribe_with_identifier(to, test.topic("t"), qos::at_least_once, 1);
  publisher.publish(test.topic("t"), "first");
  expect_identifiers(to, "first", {1});
  subscribe_with_identifier(to, test.topic("t"), qos::at_least_once, 2);
  publisher.publish(test.topic("t"), "second");
  expect_identifiers(to, "second", {2});
}

void taken_away(context& test) {
  client& to = test.connected("subscriber");
  subscribe_with_identifier(to, test.topic("t"), qos::at_least_once, 1);
  to.subscribe(test.topic("t"), qos::at_least_once);
  test.connected("publisher").publish(test.topic("t"), "x");
  expect_identifiers(to, "x", {});
}

void given_later(context& test) {
  client& to = test.connected("subscriber");
  to.subscribe(test.topic("t"), qos::at_least_once);
  subscribe_with_identifier(to, test.topic("t"), qos::at_least_once, 3);
  test.connected("publisher").publish(test.topic("t"), "x");
  expect_identifiers(to, "x", {3});
}

void resumed(context& test) {
  client& before = test.connected("subscriber", lasting_connect(test.version(), true));
  subscribe_with_identifier(before, test.topic("t"), qos::at_least_once, 21);
  before.disconnect();
  client& to = test.connected("subscriber", lasting_connect(test.version()));
  test.connected("publisher").publish(test.topic("t"), "x");
  expect_identifiers(to, "x", {21});
}

void queued(context& test) {
  client& before = test.connected("subscriber", lasting_connect(test.version(), true));
  subscribe_with_identifier(before, test.topic("t"), qos::at_least_once, 22);
  before.disconnect();
  test.connected("publisher").publish(test.topic("t"), "x");
  client& to = test.connected("subscriber", lasting_connect(test.version()));
  expect_identifiers(to, "x", {22});
}

void ended_with_the_session(context& test) {
  client& before = test.connected("subscriber", lasting_connect(test.version(), true));
  subscribe_with_identifier(before, test.topic("t"), qos::at_least_once, 23);
  before.disconnect();
  client& to = test.connected("subscriber", lasting_connect(test.version(), true));
  to.subscribe(test.topic("u"), qos::at_least_once);
  client& publisher = test.connected("publisher");
  publisher.publish(test.topic("t"), "old");
  publisher.publish(test.topic("u"), "new");
  expect_identifiers(to, "new", {});
  to.expect_quiet();
}

void sent_again(context& test) {
  client& before = test.connected("subscriber", lasting_connect(test.version(), true));
  subscribe_with_identifier(before, test.topic("t"), qos::at_least_once, 24);
  test.connected("publisher").publish(test.topic("t"), "x");
  before.take("x");
  before.drop();
  client& to = test.connected("subscriber", lasting_connect(test.version()));
  expect_identifiers(to, "x", {24});
}

// What was sent with the new identifier keeps it; what was sent with the old one may have either.
void not_back_to_the_old(context& test) {
  client& before = test.connected("subscriber", lasting_connect(test.version(), true));
  client& publisher = test.connected("publisher");
  subscribe_with_identifier(before, test.topic("t"), qos::at_least_once, 1);
  publisher.publish(test.topic("t"), "old");
  before.receive("old");
  subscribe_with_identifier(before, test.topic("t"), qos::at_least_once, 2);
  publisher.publish(test.topic("t"), "new");
  before.expect_publish(
      "new", [](const mqtt::publish& came) { return identifiers_of(came) == std::vector{2U}; },
      "Subscription Identifier 2");
  before.drop();
  client& to = test.connected("subscriber", lasting_connect(test.version()));
  expect_identifiers(to, "new", {2});
  publisher.publish(test.topic("t"), "later");
  expect_identifiers(to, "later", {2});
}

struct session_case {
  const char* id;
  const char* title;
  std::vector<const char*> statements;
  std::vector<caught_defect> defects;
  void (*body)(context&);
};

}  // namespace

void add_identifier_session_cases(suite& to) {
  const std::vector<session_case> cases = {
      {"PR5-3.8.2.1.2-a/replaced",
       "A repeated subscribe replaces the identifier",
       {"PR5-3.8.2.1.2-a", "MQTT-3.8.4-3"},
       {"keep-older-identifier"},
       replaced},
      {"PR5-3.8.2.1.2-a/taken-away",
       "A repeated subscribe without identifier takes it away",
       {"PR5-3.8.2.1.2-a", "MQTT-3.8.4-3"},
       {"keep-older-identifier"},
       taken_away},
      {"PR5-3.8.2.1.2-a/given-later",
       "A repeated subscribe gives an identifier",
       {"PR5-3.8.2.1.2-a", "MQTT-3.8.4-3"},
       {"keep-older-identifier"},
       given_later},
      {"PR5-3.8.2.1.2-a/resumed",
       "Identifiers are kept with the session",
       {"PR5-3.8.2.1.2-a", "PR5-4.1-b"},
       {"forget-subscription-identifiers-at-resume"},
       resumed},
      {"PR5-3.8.2.1.2-a/queued",
       "A message that waited for its session carries the identifier",
       {"PR5-3.8.2.1.2-a", "MQTT-3.3.4-3"},
       {"omit-subscription-identifier"},
       queued},
      {"PR5-3.8.2.1.2-a/session-ended",
       "Identifiers end with the session",
       {"PR5-3.8.2.1.2-a", "MQTT-3.1.2-4"},
       {"keep-subscriptions-at-clean-start"},
       ended_with_the_session},
      {"MQTT-3.3.4-3/sent-again",
       "A message that is sent again carries its identifier",
       {"MQTT-3.3.4-3", "MQTT-4.4.0-1"},
       {"omit-redelivery", "omit-subscription-identifier"},
       sent_again},
      {"PR5-3.8.4-c/not-back",
       "Once the new identifier is in use the old one does not come back",
       {"PR5-3.8.4-c"},
       {"keep-older-identifier"},
       not_back_to_the_old},
  };
  for (const session_case& each : cases) {
    std::vector<statement_name> covered;
    for (const char* const statement : each.statements) covered.push_back(v5(statement));
    to.add({.id = each.id,
            .title = each.title,
            .covers = covered,
            .needs = {need::qos1, need::subscription_identifiers},
            .defects = each.defects,
            .body = each.body});
  }
}

}  // namespace gauntlet::conformance
