// Proofs of the defects in harness/broker/defects/retained.inc.

#include "tests/unit/broker/defects/proof.hpp"
#include "tests/unit/broker/defects/stories.hpp"

namespace gauntlet::broker {
namespace {

using enum mqtt::retain_handling;
using mqtt::protocol_version;
using stories::delivered;
using stories::message_with;

struct publisher_and_reader {
  publisher_and_reader(bench& broker, protocol_version version)
      : from(broker.connected("from", version)), to(broker.connected("to", version)) {}
  peer& from;
  peer& to;
};

void last_retained_message_is_kept(bench& broker, protocol_version version) {
  publisher_and_reader story(broker, version);
  story.from.publish("t", "1", qos1, true);
  story.from.publish("t", "2", qos1, true);
  story.to.subscribe("t", qos1);
  EXPECT_EQ(delivered(story.to), "2 ");
}

void retained_message_of_qos0_displaces(bench& broker, protocol_version version) {
  publisher_and_reader story(broker, version);
  story.from.publish("t", "1", qos1, true);
  story.from.publish("t", "2", qos0, true);
  story.to.subscribe("t", qos1);
  EXPECT_EQ(delivered(story.to), "2 ");
}

void empty_message_deletes_the_retained_one(bench& broker, protocol_version version) {
  publisher_and_reader story(broker, version);
  story.from.publish("t", "1", qos1, true);
  peer& present = broker.connected("present", version);
  present.subscribe("t", qos1);
  EXPECT_EQ(delivered(present), "1 ");
  story.from.publish("t", "", qos1, true);
  EXPECT_FALSE(present.expect_publish("").retain);
  story.to.subscribe("t", qos1);
  story.to.expect_nothing();
}

void message_without_retain_does_not_matter(bench& broker, protocol_version version) {
  publisher_and_reader story(broker, version);
  story.from.publish("t", "1", qos1, true);
  story.from.publish("t", "2", qos1, false);
  story.to.subscribe("t", qos1);
  EXPECT_EQ(delivered(story.to), "1 ");
}

void retained_message_stays(bench& broker, protocol_version version) {
  publisher_and_reader story(broker, version);
  story.from.publish("t", "1", qos1, true);
  story.from.drop();
  for (const char* reader : {"first", "second"}) {
    peer& to = broker.connected(reader, version);
    to.subscribe("t", qos1);
    EXPECT_EQ(delivered(to), "1 ");
  }
}

void expired_retained_message_is_gone(bench& broker, protocol_version version) {
  publisher_and_reader story(broker, version);
  mqtt::publish packet = message_with({mqtt::message_expiry_interval(10)});
  packet.retain = true;
  story.from.publish_with(packet);
  broker.advance(std::chrono::seconds(10));
  story.to.subscribe("t", qos1);
  story.to.expect_nothing();
}

void retained_message_comes_as_it_was_published(bench& broker, protocol_version version) {
  publisher_and_reader story(broker, version);
  mqtt::publish packet = message_with({});
  if (version == v5) packet.properties = {mqtt::user_property("a", "1")};
  packet.qos = qos1;
  packet.retain = true;
  story.from.publish_with(packet);
  story.to.subscribe("t", qos2);
  const auto came = story.to.expect_publish("x");
  EXPECT_EQ(came.qos, qos1);
  EXPECT_TRUE(came.retain);
  EXPECT_EQ(came.properties, packet.properties);
}

void all_matching_retained_messages_come(bench& broker, protocol_version version) {
  publisher_and_reader story(broker, version);
  story.from.publish("a/1", "1", qos1, true);
  story.from.publish("a/2", "2", qos1, true);
  story.to.subscribe("a/+", qos1);
  EXPECT_EQ(delivered(story.to), "1 2 ");
}

void repeated_subscribe_brings_them_again(bench& broker, protocol_version version) {
  publisher_and_reader story(broker, version);
  story.from.publish("t", "1", qos1, true);
  for (int time = 0; time < 2; ++time) {
    story.to.subscribe("t", qos1);
    EXPECT_EQ(delivered(story.to), "1 ");
  }
}

void retain_handling_1_brings_them_once(bench& broker, protocol_version version) {
  publisher_and_reader story(broker, version);
  story.from.publish("t", "1", qos1, true);
  story.to.subscribe("t", qos1, {.retain_handling = send_if_new});
  EXPECT_EQ(delivered(story.to), "1 ");
  story.to.subscribe("t", qos1, {.retain_handling = send_if_new});
  story.to.expect_nothing();
}

void retain_handling_2_brings_none(bench& broker, protocol_version version) {
  publisher_and_reader story(broker, version);
  story.from.publish("t", "1", qos1, true);
  story.to.subscribe("t", qos1, {.retain_handling = do_not_send});
  story.to.expect_nothing();
}

void granted_qos_holds_for_retained_messages(bench& broker, protocol_version version) {
  publisher_and_reader story(broker, version);
  story.from.publish("t", "1", qos1, true);
  story.to.subscribe("t", qos0);
  EXPECT_EQ(story.to.expect_publish("1").qos, qos0);
}

void retained_message_carries_the_identifier(bench& broker, protocol_version version) {
  publisher_and_reader story(broker, version);
  story.from.publish("t", "1", qos1, true);
  story.to.send(mqtt::subscribe{.packet_identifier = 1,
                                .subscriptions = {{"t", {}}},
                                .properties = {mqtt::subscription_identifier(9)}});
  story.to.expect<mqtt::suback>();
  EXPECT_EQ(story.to.expect_publish("1").properties,
            mqtt::property_list({mqtt::subscription_identifier(9)}));
}

void shared_subscription_brings_none(bench& broker, protocol_version version) {
  publisher_and_reader story(broker, version);
  story.from.publish("t", "1", qos1, true);
  story.to.subscribe("$share/g/t", qos1);
  story.to.expect_nothing();
}

// --- the flag on the way to established subscriptions

void flag_is_for_new_subscriptions(bench& broker, protocol_version version) {
  publisher_and_reader story(broker, version);
  story.to.subscribe("t", qos1);
  story.from.publish("t", "1", qos1, true);
  EXPECT_FALSE(story.to.expect_publish("1").retain);
  story.from.publish("t", "2", qos1, false);
  EXPECT_FALSE(story.to.expect_publish("2").retain);
}

void retain_as_published_keeps_the_flag(bench& broker, protocol_version version) {
  publisher_and_reader story(broker, version);
  story.to.subscribe("t", qos1, {.retain_as_published = true});
  story.from.publish("t", "1", qos1, true);
  EXPECT_TRUE(story.to.expect_publish("1").retain);
  story.from.publish("t", "2", qos1, false);
  EXPECT_FALSE(story.to.expect_publish("2").retain);
}

void add_storing_proofs(defect_proofs& to) {
  using enum told_in;
  to.push_back({defect::forget_retained_message, both_versions, last_retained_message_is_kept});
  to.push_back({defect::keep_older_retained_message, both_versions, last_retained_message_is_kept});
  to.push_back(
      {defect::ignore_retained_message_of_qos0, both_versions, retained_message_of_qos0_displaces});
  for (const auto which :
       {defect::keep_retained_on_empty_payload, defect::store_empty_retained_message,
        defect::withhold_empty_retained_message}) {
    to.push_back({which, both_versions, empty_message_deletes_the_retained_one});
  }
  for (const auto which :
       {defect::store_message_without_retain, defect::delete_retained_at_message_without_retain}) {
    to.push_back({which, both_versions, message_without_retain_does_not_matter});
  }
  to.push_back({defect::delete_retained_after_delivery, both_versions, retained_message_stays});
  to.push_back({defect::delete_retained_with_session, both_versions, retained_message_stays});
  to.push_back({defect::keep_expired_retained_message, v5_only, expired_retained_message_is_gone});
  to.push_back(
      {defect::store_retained_at_qos0, both_versions, retained_message_comes_as_it_was_published});
  to.push_back({defect::store_retained_without_properties, v5_only,
                retained_message_comes_as_it_was_published});
  to.push_back({defect::send_retained_without_flag, both_versions,
                retained_message_comes_as_it_was_published});
}

void add_sending_proofs(defect_proofs& to) {
  using enum told_in;
  to.push_back(
      {defect::omit_retained_for_wildcard, both_versions, all_matching_retained_messages_come});
  to.push_back(
      {defect::send_first_retained_only, both_versions, all_matching_retained_messages_come});
  to.push_back({defect::omit_retained_at_repeated_subscribe, both_versions,
                repeated_subscribe_brings_them_again});
  to.push_back({defect::ignore_retain_handling, v5_only, retain_handling_1_brings_them_once});
  to.push_back({defect::ignore_retain_handling, v5_only, retain_handling_2_brings_none});
  to.push_back(
      {defect::omit_retained_with_retain_handling_1, v5_only, retain_handling_1_brings_them_once});
  to.push_back({defect::exceed_granted_qos_with_retained, both_versions,
                granted_qos_holds_for_retained_messages});
  to.push_back(
      {defect::omit_identifier_of_retained, v5_only, retained_message_carries_the_identifier});
  to.push_back(
      {defect::send_retained_to_shared_subscription, v5_only, shared_subscription_brings_none});
  to.push_back({defect::forward_retain_flag, both_versions, flag_is_for_new_subscriptions});
  to.push_back({defect::set_retain_flag, both_versions, flag_is_for_new_subscriptions});
  to.push_back({defect::set_retain_flag, v5_only, retain_as_published_keeps_the_flag});
  to.push_back({defect::ignore_retain_as_published, v5_only, retain_as_published_keeps_the_flag});
}

}  // namespace

void add_retained_proofs(defect_proofs& to) {
  add_storing_proofs(to);
  add_sending_proofs(to);
}

}  // namespace gauntlet::broker
