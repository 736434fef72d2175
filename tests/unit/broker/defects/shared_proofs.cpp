// Proofs of the defects in harness/broker/defects/shared.inc.

#include "tests/unit/broker/defects/proof.hpp"
#include "tests/unit/broker/defects/stories.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::protocol_version;
using mqtt::reason_code;
using stories::delivered;
using stories::lasting;
using stories::reconnected;

constexpr const char* shared = "$share/g/t";

// Two members with sessions that last, and a publisher.
struct group {
  group(bench& broker, protocol_version version, mqtt::qos qos_of_first, mqtt::qos qos_of_second)
      : first(broker.connected("first", version, lasting(version))),
        second(broker.connected("second", version, lasting(version))),
        from(broker.connected("from", version)) {
    first.subscribe(shared, qos_of_first);
    second.subscribe(shared, qos_of_second);
  }
  group(bench& broker, protocol_version version) : group(broker, version, qos2, qos2) {}

  peer& first;
  peer& second;
  peer& from;
};

void each_message_goes_to_one_member(bench& broker, protocol_version version) {
  group story(broker, version, qos0, qos0);
  story.from.publish("t", "1");
  story.from.publish("t", "2");
  EXPECT_EQ((delivered(story.first) + delivered(story.second)).size(), 4U);
}

void each_share_name_gets_each_message(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  peer& b = broker.connected("b", version);
  a.subscribe("$share/g/t", qos0);
  b.subscribe("$share/h/t", qos0);
  broker.connected("from", version).publish("t", "x");
  EXPECT_EQ(delivered(a), "x ");
  EXPECT_EQ(delivered(b), "x ");
}

void plain_subscription_gets_its_copy(bench& broker, protocol_version version) {
  peer& member = broker.connected("member", version);
  peer& other = broker.connected("other", version);
  member.subscribe("t", qos0);
  member.subscribe(shared, qos0);
  other.subscribe(shared, qos0);
  peer& from = broker.connected("from", version);
  from.publish("t", "1");
  from.publish("t", "2");
  const std::string came = delivered(member);
  EXPECT_NE(came.find('1'), std::string::npos);
  EXPECT_NE(came.find('2'), std::string::npos);
}

void each_member_has_its_qos(bench& broker, protocol_version version) {
  group story(broker, version, qos0, qos1);
  for (int message = 0; message < 2; ++message) story.from.publish("t", "x", qos1);
  EXPECT_EQ(story.first.expect_publish("x").qos, qos0);
  EXPECT_EQ(story.second.expect_publish("x").qos, qos1);
}

void each_member_has_its_identifier(bench& broker, protocol_version version) {
  std::vector<peer*> members;
  for (const std::uint32_t identifier : {1U, 2U}) {
    members.push_back(&broker.connected("member" + std::to_string(identifier), version));
    members.back()->send(
        mqtt::subscribe{.packet_identifier = 1,
                        .subscriptions = {{shared, {}}},
                        .properties = {mqtt::subscription_identifier(identifier)}});
    members.back()->expect<mqtt::suback>();
  }
  for (const std::uint32_t identifier : {1U, 2U}) {
    broker.connected("from", version).publish("t", "x");
    EXPECT_EQ(members[identifier - 1]->expect_publish("x").properties,
              mqtt::property_list({mqtt::subscription_identifier(identifier)}));
  }
}

void others_stay_when_a_member_leaves(bench& broker, protocol_version version) {
  group story(broker, version, qos0, qos0);
  story.first.send(mqtt::unsubscribe{.packet_identifier = 7, .topic_filters = {shared}});
  story.first.expect(
      mqtt::unsuback{.packet_identifier = 7, .reason_codes = {reason_code::success}});
  story.from.publish("t", "x");
  EXPECT_EQ(delivered(story.second), "x ");
}

// Ends the session of the member that has the message in flight.
void end_session(peer& of) {
  of.send(mqtt::disconnect{.properties = {mqtt::session_expiry_interval(0)}});
}

void unacknowledged_message_goes_to_another(bench& broker, protocol_version version) {
  group story(broker, version);
  story.from.publish("t", "x", qos1);
  story.first.expect_publish("x");
  end_session(story.first);
  EXPECT_EQ(delivered(story.second), "x ");
}

void unfinished_qos2_message_goes_to_nobody_else(bench& broker, protocol_version version) {
  group story(broker, version);
  story.from.publish("t", "x", qos2);
  story.first.expect_publish("x");
  end_session(story.first);
  EXPECT_EQ(delivered(story.second), "");
}

void refused_message_goes_to_nobody_else(bench& broker, protocol_version version) {
  group story(broker, version);
  story.from.publish("t", "x", qos1);
  const auto came = story.first.expect_publish("x");
  story.first.send(mqtt::puback{came.packet_identifier, reason_code::unspecified_error});
  EXPECT_EQ(delivered(story.second), "");
}

void unfinished_qos2_message_is_completed(bench& broker, protocol_version version) {
  group story(broker, version);
  story.from.publish("t", "x", qos2);
  story.first.expect_publish("x");
  reconnected(broker, story.first, "first").expect_publish("x");
}

}  // namespace

void add_shared_proofs(defect_proofs& to) {
  const auto add = [&to](defect which, void (*story)(bench&, protocol_version)) {
    to.push_back({which, told_in::v5_only, story});
  };
  add(defect::treat_shared_subscription_as_plain, each_message_goes_to_one_member);
  add(defect::deliver_to_all_members, each_message_goes_to_one_member);
  add(defect::deliver_to_no_member, each_message_goes_to_one_member);
  add(defect::ignore_share_name, each_share_name_gets_each_message);
  add(defect::withhold_plain_copy_from_member, plain_subscription_gets_its_copy);
  add(defect::use_highest_qos_of_group, each_member_has_its_qos);
  add(defect::send_identifiers_of_all_members, each_member_has_its_identifier);
  add(defect::end_shared_subscription_with_member, others_stay_when_a_member_leaves);
  add(defect::omit_redistribution, unacknowledged_message_goes_to_another);
  add(defect::redistribute_unfinished_qos2_message, unfinished_qos2_message_goes_to_nobody_else);
  add(defect::redistribute_refused_message, refused_message_goes_to_nobody_else);
  add(defect::lose_unfinished_qos2_message_of_member, unfinished_qos2_message_is_completed);
}

}  // namespace gauntlet::broker
