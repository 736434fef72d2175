// Proofs of the defects in harness/broker/defects/subscribe.inc.

#include <algorithm>
#include <vector>

#include "tests/unit/broker/defects/proof.hpp"
#include "tests/unit/broker/defects/stories.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::protocol_version;
using mqtt::reason_code;
using stories::delivered;
using stories::delivered_topics;
using stories::lasting;
using stories::reconnected;

// --- SUBACK

void all_filters_are_granted_in_one_suback(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  a.send(mqtt::subscribe{.packet_identifier = 7, .subscriptions = {{"t", {qos0}}, {"u", {qos1}}}});
  a.expect(mqtt::suback{7, {reason_code::granted_qos_0, reason_code::granted_qos_1}});
  a.publish("t", "1");
  a.publish("u", "2");
  EXPECT_EQ(delivered(a), "1 2 ");
}

void filters_are_refused_one_by_one(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  a.send(mqtt::subscribe{.packet_identifier = 7, .subscriptions = {{"t", {qos0}}, {"a#", {qos1}}}});
  a.expect(mqtt::suback{7, {reason_code::granted_qos_0, reason_code::topic_filter_invalid}});
}

void every_qos_may_be_asked_for(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  a.send(mqtt::subscribe{.packet_identifier = 7, .subscriptions = {{"t", {qos2}}}});
  a.expect(mqtt::suback{7, {reason_code::granted_qos_1}});
}

std::function<void(bench&, protocol_version)> filter_is_refused(std::string filter) {
  return [filter](bench& broker, protocol_version version) {
    peer& a = broker.connected("a", version);
    a.send(mqtt::subscribe{.packet_identifier = 7, .subscriptions = {{filter, {}}}});
    if (version == v5) {
      a.expect(mqtt::suback{7, {reason_code::topic_filter_invalid}});
    } else {
      a.expect_closed();
    }
  };
}

void wildcard_is_refused(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  a.send(mqtt::subscribe{.packet_identifier = 7, .subscriptions = {{"t/+", {}}}});
  if (version == v5) {
    a.expect_refusal(reason_code::wildcard_subscriptions_not_supported);
  } else {
    a.expect(mqtt::suback{7, {reason_code::unspecified_error}});
  }
}

void shared_subscription_is_refused(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  a.send(mqtt::subscribe{.packet_identifier = 7, .subscriptions = {{"$share/g/t", {}}}});
  a.expect_refusal(reason_code::shared_subscriptions_not_supported);
}

void subscription_identifier_is_refused(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  a.send(mqtt::subscribe{.packet_identifier = 7,
                         .subscriptions = {{"t", {}}},
                         .properties = {mqtt::subscription_identifier(1)}});
  a.expect_refusal(reason_code::subscription_identifiers_not_supported);
}

// --- repeated subscribes

void repeated_subscribe_replaces(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  a.subscribe("t", qos0);
  a.subscribe("t", qos1);
  broker.connected("from", version).publish("t", "x", qos1);
  EXPECT_EQ(a.expect_publish("x").qos, qos1);
}

void repeated_subscribe_adds_nothing(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  a.subscribe("t", qos0);
  a.subscribe("t", qos0);
  a.publish("t", "x");
  EXPECT_EQ(delivered(a), "x ");
}

void repeated_shared_subscribe_adds_nothing(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  a.subscribe("$share/g/t", qos0);
  a.subscribe("$share/g/t", qos0);
  a.publish("t", "x");
  EXPECT_EQ(delivered(a), "x ");
}

// The window is one message wide, so the second has to wait.
void repeated_subscribe_loses_nothing(bench& broker, protocol_version version) {
  peer& to = broker.connected("to", version);
  to.subscribe("t", qos1);
  peer& from = broker.connected("from", version);
  from.publish("t", "1", qos1);
  from.publish("t", "2", qos1);
  const auto first = to.expect_publish("1");
  to.subscribe("t", qos1);
  to.send(mqtt::puback{first.packet_identifier});
  to.expect_publish("2");
}

// --- QoS

void qos_is_the_lower_of_both(bench& broker, protocol_version version) {
  peer& from = broker.connected("from", version);
  for (const auto granted : {qos0, qos1, qos2}) {
    for (const auto published : {qos0, qos1, qos2}) {
      peer& to = broker.connected("to", version);
      to.subscribe("t", granted);
      from.publish("t", "x", published);
      EXPECT_EQ(to.expect_publish("x").qos, std::min(granted, published));
    }
  }
}

void qos_is_the_highest_of_overlapping(bench& broker, protocol_version version) {
  peer& to = broker.connected("to", version);
  to.subscribe("t/+", qos0);
  to.subscribe("t/1", qos1);
  broker.connected("from", version).publish("t/1", "x", qos1);
  EXPECT_EQ(to.expect_publish("x").qos, qos1);
}

// --- who gets it

void no_local_is_for_own_messages(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  a.subscribe("t", qos0, {.no_local = true});
  a.publish("t", "own");
  broker.connected("b", version).publish("t", "other");
  EXPECT_EQ(delivered(a), "other ");
}

void own_messages_come_back(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  a.subscribe("t", qos0);
  a.publish("t", "own");
  EXPECT_EQ(delivered(a), "own ");
}

void all_subscribers_and_nobody_else(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  peer& b = broker.connected("b", version);
  peer& other = broker.connected("other", version);
  a.subscribe("t", qos0);
  b.subscribe("t", qos0);
  other.subscribe("u", qos0);
  broker.connected("from", version).publish("t", "x");
  EXPECT_EQ(delivered(a), "x ");
  EXPECT_EQ(delivered(b), "x ");
  EXPECT_EQ(delivered(other), "");
}

// --- Subscription Identifiers

void subscribe_with(peer& to, std::string filter, std::uint32_t identifier) {
  mqtt::subscribe packet{.packet_identifier = 1, .subscriptions = {{std::move(filter), {}}}};
  if (identifier != 0) packet.properties = {mqtt::subscription_identifier(identifier)};
  to.send(packet);
  to.expect<mqtt::suback>();
}

std::vector<std::uint32_t> identifiers_of(const mqtt::publish& message) {
  auto found = message.properties.find_all<mqtt::property_id::subscription_identifier>();
  std::ranges::sort(found);
  return found;
}

void identifiers_of_all_overlapping_come(bench& broker, protocol_version version) {
  peer& to = broker.connected("to", version);
  subscribe_with(to, "t/+", 1);
  subscribe_with(to, "t/1", 2);
  subscribe_with(to, "t/#", 2);
  broker.connected("from", version).publish("t/1", "x");
  EXPECT_EQ(identifiers_of(to.expect_publish("x")), (std::vector<std::uint32_t>{1, 2, 2}));
  to.expect_nothing();
}

void identifiers_are_of_the_receiver(bench& broker, protocol_version version) {
  peer& to = broker.connected("to", version);
  peer& other = broker.connected("other", version);
  subscribe_with(to, "t", 1);
  subscribe_with(other, "t", 2);
  broker.connected("from", version).publish("t", "x");
  EXPECT_EQ(identifiers_of(to.expect_publish("x")), std::vector<std::uint32_t>{1});
}

void repeated_subscribe_replaces_the_identifier(bench& broker, protocol_version version) {
  peer& to = broker.connected("to", version);
  subscribe_with(to, "t", 1);
  subscribe_with(to, "t", 2);
  to.publish("t", "x");
  EXPECT_EQ(identifiers_of(to.expect_publish("x")), std::vector<std::uint32_t>{2});
}

// --- UNSUBSCRIBE

mqtt::unsuback unsuback_of(protocol_version version, std::vector<reason_code> codes) {
  mqtt::unsuback expected{.packet_identifier = 7};
  if (version == v5) expected.reason_codes = std::move(codes);
  return expected;
}

void all_filters_are_unsubscribed(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  a.subscribe("t", qos0);
  a.subscribe("v", qos0);
  a.send(mqtt::unsubscribe{.packet_identifier = 7, .topic_filters = {"t", "u", "v"}});
  a.expect(unsuback_of(
      version, {reason_code::success, reason_code::no_subscription_existed, reason_code::success}));
  a.expect_nothing();
  a.publish("t", "x");
  a.publish("v", "x");
  EXPECT_EQ(delivered(a), "");
}

void codes_are_in_the_order_of_filters(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  a.subscribe("t", qos0);
  a.send(mqtt::unsubscribe{.packet_identifier = 7, .topic_filters = {"t", "u"}});
  a.expect(unsuback_of(version, {reason_code::success, reason_code::no_subscription_existed}));
}

void unsubscribe_is_always_answered(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  a.send(mqtt::unsubscribe{.packet_identifier = 7, .topic_filters = {"t"}});
  a.expect(unsuback_of(version, {reason_code::no_subscription_existed}));
}

void unsubscribe_is_for_the_very_filter(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  a.subscribe("t/1", qos0);
  a.subscribe("t/#", qos0);
  a.send(mqtt::unsubscribe{.packet_identifier = 7, .topic_filters = {"t/#"}});
  a.expect(unsuback_of(version, {reason_code::success}));
  a.publish("t/1", "x");
  EXPECT_EQ(delivered(a), "x ");
}

void unsubscribe_is_for_one_client(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  peer& b = broker.connected("b", version);
  a.subscribe("t", qos0);
  b.subscribe("t", qos0);
  a.send(mqtt::unsubscribe{.packet_identifier = 7, .topic_filters = {"t"}});
  a.expect(unsuback_of(version, {reason_code::success}));
  b.publish("t", "x");
  EXPECT_EQ(delivered(b), "x ");
}

void deliveries_are_finished_after_unsubscribe(bench& broker, protocol_version version) {
  peer& before = broker.connected("to", version, lasting(version));
  before.subscribe("t", qos1);
  broker.connected("from", version).publish("t", "x", qos1);
  before.expect_publish("x");
  before.send(mqtt::unsubscribe{.packet_identifier = 7, .topic_filters = {"t"}});
  before.expect(unsuback_of(version, {reason_code::success}));
  reconnected(broker, before, "to").expect_publish("x");
}

void add_suback_proofs(defect_proofs& to) {
  using enum told_in;
  for (const auto which :
       {defect::omit_suback, defect::send_suback_with_wrong_identifier,
        defect::send_suback_for_each_filter, defect::reverse_suback_codes,
        defect::grant_higher_qos_than_requested, defect::answer_subscribe_with_failure,
        defect::forget_subscription, defect::subscribe_first_filter_only}) {
    to.push_back({which, both_versions, all_filters_are_granted_in_one_suback});
  }
  to.push_back({defect::refuse_all_filters_for_one, v5_only, filters_are_refused_one_by_one});
  to.push_back({defect::refuse_subscribe_above_maximum_qos,
                v5_only,
                every_qos_may_be_asked_for,
                {.capabilities = {.maximum_qos = 1}}});
  for (const char* filter : {"a#", "#/a"}) {
    to.push_back(
        {defect::accept_misplaced_multi_level_wildcard, both_versions, filter_is_refused(filter)});
  }
  for (const char* filter : {"a+", "+a/b"}) {
    to.push_back(
        {defect::accept_misplaced_single_level_wildcard, both_versions, filter_is_refused(filter)});
  }
  to.push_back({defect::accept_empty_topic_filter, both_versions, filter_is_refused("")});
  for (const char* filter : {"$share//t", "$share/g+/t", "$share/g"}) {
    to.push_back({defect::accept_invalid_share_name, v5_only, filter_is_refused(filter)});
  }
  to.push_back({defect::accept_wildcard_when_not_available,
                both_versions,
                wildcard_is_refused,
                {.capabilities = {.wildcard_subscription_available = false}}});
  to.push_back({defect::accept_shared_when_not_available,
                v5_only,
                shared_subscription_is_refused,
                {.capabilities = {.shared_subscription_available = false}}});
  to.push_back({defect::accept_identifier_when_not_available,
                v5_only,
                subscription_identifier_is_refused,
                {.capabilities = {.subscription_identifier_available = false}}});
}

void add_repeated_subscribe_proofs(defect_proofs& to) {
  using enum told_in;
  to.push_back({defect::keep_older_subscription, both_versions, repeated_subscribe_replaces});
  to.push_back({defect::deliver_twice_after_repeated_subscribe, both_versions,
                repeated_subscribe_adds_nothing});
  to.push_back({defect::deliver_twice_after_repeated_subscribe, v5_only,
                repeated_shared_subscribe_adds_nothing});
  to.push_back({defect::lose_messages_at_repeated_subscribe,
                both_versions,
                repeated_subscribe_loses_nothing,
                {.limits = {.inflight_max = 1}}});
  to.push_back(
      {defect::keep_older_identifier, v5_only, repeated_subscribe_replaces_the_identifier});
}

void add_receiver_proofs(defect_proofs& to) {
  using enum told_in;
  for (const auto which : {defect::exceed_granted_qos, defect::raise_qos_to_granted,
                           defect::deliver_at_qos0, defect::deliver_qos2_at_qos1}) {
    to.push_back({which, both_versions, qos_is_the_lower_of_both});
  }
  to.push_back({defect::deliver_at_lowest_qos, both_versions, qos_is_the_highest_of_overlapping});
  to.push_back({defect::ignore_no_local, v5_only, no_local_is_for_own_messages});
  to.push_back(
      {defect::withhold_from_no_local_subscription, v5_only, no_local_is_for_own_messages});
  to.push_back({defect::withhold_from_publisher, both_versions, own_messages_come_back});
  to.push_back(
      {defect::deliver_to_first_subscriber_only, both_versions, all_subscribers_and_nobody_else});
  to.push_back({defect::deliver_to_everybody, both_versions, all_subscribers_and_nobody_else});
  for (const auto which :
       {defect::omit_subscription_identifier, defect::send_first_identifier_only,
        defect::merge_equal_identifiers, defect::send_copies_without_identifier}) {
    to.push_back({which, v5_only, identifiers_of_all_overlapping_come});
  }
  to.push_back(
      {defect::send_identifiers_of_other_clients, v5_only, identifiers_are_of_the_receiver});
}

void add_unsubscribe_proofs(defect_proofs& to) {
  using enum told_in;
  for (const auto which :
       {defect::ignore_unsubscribe, defect::omit_unsuback,
        defect::send_unsuback_with_wrong_identifier, defect::send_unsuback_for_each_filter,
        defect::unsubscribe_first_filter_only}) {
    to.push_back({which, both_versions, all_filters_are_unsubscribed});
  }
  to.push_back({defect::reverse_unsuback_codes, v5_only, codes_are_in_the_order_of_filters});
  to.push_back(
      {defect::omit_unsuback_without_subscription, both_versions, unsubscribe_is_always_answered});
  to.push_back(
      {defect::unsubscribe_matching_filters, both_versions, unsubscribe_is_for_the_very_filter});
  to.push_back({defect::unsubscribe_all_clients, both_versions, unsubscribe_is_for_one_client});
  to.push_back({defect::drop_deliveries_at_unsubscribe, both_versions,
                deliveries_are_finished_after_unsubscribe});
}

}  // namespace

void add_subscribe_proofs(defect_proofs& to) {
  add_suback_proofs(to);
  add_repeated_subscribe_proofs(to);
  add_receiver_proofs(to);
  add_unsubscribe_proofs(to);
}

}  // namespace gauntlet::broker
