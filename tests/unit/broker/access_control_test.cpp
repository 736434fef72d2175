// Goal: access lists hold wherever a message passes: publish, subscribe, delivery, retained, will.

#include "tests/unit/broker/bench.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::reason_code;

constexpr auto allow = permission::allow;
constexpr auto deny = permission::deny;
constexpr auto both = access_kind::both;

user with_list(std::string name, std::vector<access_rule> rules) {
  user made = make_user(std::move(name), "secret");
  made.access = access_list{.rules = std::move(rules), .otherwise = deny};
  return made;
}

mqtt::connect as(std::string name) {
  return {.user_name = std::move(name), .password = byte_buffer{'s', 'e', 'c', 'r', 'e', 't'}};
}

// ann may use a/# but not a/secret; bob may do everything.
class AccessControl : public both_versions {
 protected:
  bench broker{{.users = {with_list("ann", {{deny, both, "a/secret"}, {allow, both, "a/#"}}),
                          make_user("bob", "secret")}}};
  peer& ann = broker.connected("ann-1", version(), as("ann"));
  peer& bob = broker.connected("bob-1", version(), as("bob"));

  // What SUBACK says of one filter.
  reason_code subscribe(peer& from, std::string filter) {
    from.send(mqtt::subscribe{.packet_identifier = 77,
                              .subscriptions = {{std::move(filter), {.maximum_qos = qos1}}}});
    const auto answer = from.expect<mqtt::suback>();
    return answer.reason_codes.empty() ? reason_code::protocol_error : answer.reason_codes[0];
  }
  reason_code refused() const {
    return is_v5() ? reason_code::not_authorized : reason_code::unspecified_error;
  }
};
INSTANTIATE_TEST_SUITE_P(Versions, AccessControl, testing::Values(v3, v5), version_suffix);

TEST_P(AccessControl, PublishBeyondItIsRefusedAndDropped) {
  bob.subscribe("#", qos2);
  for (const mqtt::qos qos : {qos0, qos1, qos2}) {
    ann.send(mqtt::publish{.qos = qos,
                           .topic_name = "a/secret",
                           .packet_identifier = static_cast<std::uint16_t>(qos)});
  }
  EXPECT_EQ(ann.expect<mqtt::puback>().reason_code,
            is_v5() ? reason_code::not_authorized : reason_code::success);
  EXPECT_EQ(ann.expect<mqtt::pubrec>().reason_code,
            is_v5() ? reason_code::not_authorized : reason_code::success);
  if (!is_v5()) {
    ann.send(mqtt::pubrel{.packet_identifier = 2});
    ann.expect(mqtt::pubcomp{.packet_identifier = 2});
  }
  bob.expect_nothing();
  // And the connection goes on.
  ann.publish("a/b", "allowed");
  bob.expect_publish("allowed");
}

TEST_P(AccessControl, RefusedPublishIsNotRetained) {
  ann.publish("a/secret", "kept", qos0, true);
  bob.subscribe("#", qos0);
  bob.expect_nothing();
}

TEST_P(AccessControl, SubscribeBeyondItIsRefused) {
  EXPECT_EQ(subscribe(ann, "b/#"), refused());
  EXPECT_EQ(subscribe(ann, "a/secret"), refused());
  EXPECT_EQ(subscribe(ann, "a/b"), reason_code::granted_qos_1);
  bob.publish("b/1", "not for ann");
  bob.publish("a/secret", "nor this");
  ann.expect_nothing();
}

TEST_P(AccessControl, SubscriptionThatReachesFurtherGetsWhatIsAllowed) {
  EXPECT_EQ(subscribe(ann, "#"), reason_code::granted_qos_1);
  bob.publish("b", "not for ann");
  bob.publish("a/secret", "nor this");
  ann.expect_nothing();
  bob.publish("a/b", "for ann");
  ann.expect_publish("for ann");
}

TEST_P(AccessControl, RetainedMessagesAreLookedAtAsWell) {
  bob.publish("a/secret", "not for ann", qos0, true);
  bob.publish("a/b", "for ann", qos0, true);
  ann.subscribe("#", qos0);
  ann.expect_publish("for ann");
  ann.expect_nothing();
}

TEST_P(AccessControl, WillBeyondItIsRefused) {
  peer& other = broker.open(version());
  mqtt::connect packet = as("ann");
  packet.client_id = "ann-2";
  packet.will = mqtt::will{.topic_name = "a/secret"};
  EXPECT_EQ(other.connect(packet).reason_code, reason_code::not_authorized);
  other.expect_closed();
  packet.will->topic_name = "a/will";
  EXPECT_EQ(broker.open(version()).connect(packet).reason_code, reason_code::success);
}

TEST_P(AccessControl, RefusedConnectTakesNothingOver) {
  mqtt::connect packet = as("ann");
  packet.client_id = "bob-1";
  packet.will = mqtt::will{.topic_name = "b"};
  broker.open(version()).connect(packet);
  EXPECT_FALSE(bob.closed());
}

TEST_P(AccessControl, AnotherUserGetsNothingThatTheSessionHadMore) {
  mqtt::connect stays = as("bob");
  stays.clean_start = false;
  if (is_v5()) stays.properties.add(mqtt::session_expiry_interval(100));
  peer& first = broker.connected("shared", version(), stays);
  first.subscribe("b", qos1);
  first.subscribe("a/#", qos1);
  first.drop();
  bob.publish("a/secret", "waits", qos1);
  bob.publish("a/b", "waits too", qos1);
  bob.publish("b", "waits as well", qos1);

  mqtt::connect resumes = as("ann");
  resumes.clean_start = false;
  peer& second = broker.connected("shared", version(), resumes);
  second.expect_publish("waits too");
  second.expect_nothing();
  bob.publish("b", "later");
  bob.publish("a/secret", "later");
  second.expect_nothing();
  bob.publish("a/c", "for ann");
  second.expect_publish("for ann");
}

TEST(AccessControlOfGroups, SharedSubscriptionMustBeAllowedWhole) {
  bench broker({.users = {with_list("ann", {{deny, both, "a/secret"}, {allow, both, "a/#"}})}});
  peer& ann = broker.connected("ann-1", v5, as("ann"));
  for (const auto& [filter, expected] : std::vector<std::pair<std::string, reason_code>>{
           {"$share/g/a/#", reason_code::not_authorized},
           {"$share/g/b", reason_code::not_authorized},
           {"$share/g/a/b", reason_code::granted_qos_0}}) {
    ann.send(mqtt::subscribe{.packet_identifier = 1, .subscriptions = {{filter, {}}}});
    EXPECT_EQ(ann.expect<mqtt::suback>().reason_codes.at(0), expected) << filter;
  }
}

TEST(AccessControlOfAnybody, AnonymousClientsHaveAListOfTheirOwn) {
  bench broker(
      {.users = {make_user("bob", "secret")},
       .allow_anonymous = true,
       .default_access = access_list{
           .rules = {{allow, both, "public/%c/#"}, {allow, both, "of/%u"}}, .otherwise = deny}});
  peer& bob = broker.connected("bob-1", v5, as("bob"));
  peer& nobody = broker.connected("n1", v5);
  bob.subscribe("#", qos0);
  nobody.publish("public/n1/x", "allowed");
  nobody.publish("public/n2/x", "another's");
  nobody.publish("of/", "no user");
  bob.expect_publish("allowed");
  bob.expect_nothing();
}

TEST(AccessControlOfAnybody, AssignedIdentifierFillsThePattern) {
  bench broker({.default_access = access_list{.rules = {{allow, both, "%c"}}, .otherwise = deny}});
  peer& a = broker.open(v5);
  const auto answer = a.connect({});
  const auto id = answer.properties.find<mqtt::property_id::assigned_client_identifier>();
  ASSERT_TRUE(id.has_value());
  a.subscribe(std::string(*id), qos0);
  a.publish(std::string(*id), "mine");
  a.expect_publish("mine");
}

}  // namespace
}  // namespace gauntlet::broker
