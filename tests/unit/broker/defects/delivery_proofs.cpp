// Proofs of the defects in harness/broker/defects/delivery.inc.

#include <utility>
#include <vector>

#include "tests/unit/broker/defects/proof.hpp"
#include "tests/unit/broker/defects/stories.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::protocol_version;
using mqtt::reason_code;
using stories::delivered;
using stories::lasting;
using stories::message;
using stories::message_with;
using stories::reconnected;

// A subscriber whose session lasts, and a publisher.
struct exchange {
  exchange(bench& on, protocol_version with, mqtt::connect packet)
      : broker(on),
        version(with),
        to(&on.connected("to", with, std::move(packet))),
        from(on.connected("from", with)) {
    to->subscribe("t", qos2);
  }
  exchange(bench& on, protocol_version with) : exchange(on, with, lasting(with)) {}

  // The subscriber connects again.
  peer& resume() {
    to = &reconnected(broker, *to, "to");
    return *to;
  }

  bench& broker;
  protocol_version version;
  peer* to;
  peer& from;
};

// The subscriber takes one unacknowledged message at a time.
exchange one_at_a_time(bench& broker, protocol_version version) {
  mqtt::connect packet = lasting(version);
  packet.properties.add(mqtt::receive_maximum(1));
  return {broker, version, std::move(packet)};
}

// --- each message once, in order

template <mqtt::qos Qos>
void each_message_comes_once_in_order(bench& broker, protocol_version version) {
  exchange story(broker, version);
  for (const char* payload : {"1", "2", "3", "4"}) story.from.publish("t", payload, Qos);
  EXPECT_EQ(delivered(*story.to), "1 2 3 4 ");
}

template <mqtt::qos Qos>
void messages_wait_for_the_session(bench& broker, protocol_version version) {
  exchange story(broker, version);
  story.to->drop();
  story.from.publish("t", "1", Qos);
  story.from.publish("t", "2", Qos);
  EXPECT_EQ(delivered(story.resume()), "1 2 ");
}

void identifiers_are_unused_ones(bench& broker, protocol_version version) {
  exchange story(broker, version);
  for (const auto qos : {qos1, qos2}) {
    story.from.publish("t", "1", qos);
    story.from.publish("t", "2", qos);
    const auto first = story.to->expect_publish("1").packet_identifier;
    const auto second = story.to->expect_publish("2").packet_identifier;
    EXPECT_NE(first, 0);
    EXPECT_NE(first, second);
  }
}

// --- flow control

void receive_maximum_holds_the_second_message(bench& broker, protocol_version version) {
  exchange story = one_at_a_time(broker, version);
  story.from.publish("t", "1", qos1);
  story.from.publish("t", "2", qos1);
  const auto first = story.to->expect_publish("1");
  story.to->send(mqtt::puback{static_cast<std::uint16_t>(first.packet_identifier + 1U)});
  story.to->expect_nothing();
  story.to->send(mqtt::puback{first.packet_identifier});
  story.to->expect_publish("2");
}

void pubcomp_returns_quota(bench& broker, protocol_version version) {
  exchange story = one_at_a_time(broker, version);
  story.from.publish("t", "1", qos2);
  story.from.publish("t", "2", qos2);
  const auto first = story.to->expect_publish("1");
  story.to->send(mqtt::pubrec{first.packet_identifier});
  story.to->expect(mqtt::pubrel{first.packet_identifier});
  story.to->expect_nothing();
  story.to->send(mqtt::pubcomp{first.packet_identifier});
  story.to->expect_publish("2");
}

void refusing_pubrec_returns_quota(bench& broker, protocol_version version) {
  exchange story = one_at_a_time(broker, version);
  story.from.publish("t", "1", qos2);
  story.from.publish("t", "2", qos2);
  const auto first = story.to->expect_publish("1");
  story.to->send(mqtt::pubrec{first.packet_identifier, reason_code::unspecified_error});
  story.to->expect_publish("2");
}

void quota_is_full_on_a_new_connection(bench& broker, protocol_version version) {
  exchange story = one_at_a_time(broker, version);
  story.from.publish("t", "1", qos1);
  story.to->expect_publish("1");
  story.to->drop();
  mqtt::connect again = lasting(version);
  again.properties.add(mqtt::receive_maximum(1));
  broker.connected("to", version, again).expect_publish("1");
}

void other_packets_need_no_quota(bench& broker, protocol_version version) {
  exchange story = one_at_a_time(broker, version);
  story.from.publish("t", "1", qos2);
  const auto first = story.to->expect_publish("1");
  story.to->send(mqtt::pingreq{});
  story.to->expect(mqtt::pingresp{});
  story.to->send(mqtt::pubrec{first.packet_identifier});
  story.to->expect(mqtt::pubrel{first.packet_identifier});
}

void message_too_large_counts_as_delivered(bench& broker, protocol_version version) {
  mqtt::connect packet = lasting(version);
  packet.properties.add(mqtt::receive_maximum(1));
  packet.properties.add(mqtt::maximum_packet_size(50));
  exchange story(broker, version, packet);
  story.from.publish("t", std::string(100, 'x'), qos1);
  story.from.publish("t", "2", qos1);
  story.to->expect_publish("2");
}

// --- the receiver's answers

void pubrec_is_answered_with_pubrel(bench& broker, protocol_version version) {
  exchange story(broker, version);
  story.from.publish("t", "x", qos2);
  const auto came = story.to->expect_publish("x");
  story.to->send(mqtt::pubrec{came.packet_identifier});
  story.to->expect(mqtt::pubrel{came.packet_identifier});
  story.to->expect_nothing();
}

void refused_qos2_message_is_over(bench& broker, protocol_version version) {
  exchange story(broker, version);
  story.from.publish("t", "x", qos2);
  const auto came = story.to->expect_publish("x");
  story.to->send(mqtt::pubrec{came.packet_identifier, reason_code::unspecified_error});
  story.to->expect_nothing();
  EXPECT_FALSE(story.to->closed());
}

void refused_qos1_message_is_over(bench& broker, protocol_version version) {
  exchange story(broker, version);
  story.from.publish("t", "x", qos1);
  const auto came = story.to->expect_publish("x");
  story.to->send(mqtt::puback{came.packet_identifier, reason_code::unspecified_error});
  EXPECT_FALSE(story.to->closed());
  story.resume().expect_nothing();
}

void unknown_pubrec_is_answered(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  a.send(mqtt::pubrec{7});
  a.expect(mqtt::pubrel{7, reason_code::packet_identifier_not_found});
}

// A message stays unacknowledged, whatever other answers come, and so comes again.
void only_its_own_puback_ends_a_message(bench& broker, protocol_version version) {
  exchange story(broker, version);
  story.from.publish("t", "x", qos1);
  const auto came = story.to->expect_publish("x");
  story.to->send(mqtt::puback{static_cast<std::uint16_t>(came.packet_identifier + 1U)});
  broker.connected("other", version).send(mqtt::puback{came.packet_identifier});
  story.resume().expect_publish("x");
}

template <mqtt::qos Qos, class WrongAnswer>
void wrong_answer_does_not_end_a_message(bench& broker, protocol_version version) {
  exchange story(broker, version);
  story.from.publish("t", "x", Qos);
  const auto came = story.to->expect_publish("x");
  story.to->send(WrongAnswer{came.packet_identifier});
  if (!story.to->closed()) story.to->drop();
  broker.connected("to", version, lasting(version)).expect_publish("x");
}

// --- what a resumed session sends again

void unacknowledged_messages_come_again(bench& broker, protocol_version version) {
  exchange story(broker, version);
  for (const char* payload : {"1", "2"}) story.from.publish("t", payload, qos1);
  const auto first = story.to->expect_publish("1").packet_identifier;
  const auto second = story.to->expect_publish("2").packet_identifier;
  story.resume();
  for (const auto& [payload, identifier] : {std::pair("1", first), std::pair("2", second)}) {
    const auto again = story.to->expect_publish(payload);
    EXPECT_TRUE(again.dup);
    EXPECT_EQ(again.packet_identifier, identifier);
  }
}

void pubrel_comes_again(bench& broker, protocol_version version) {
  exchange story(broker, version);
  std::vector<std::uint16_t> identifiers;
  for (const char* payload : {"1", "2"}) {
    story.from.publish("t", payload, qos2);
    identifiers.push_back(story.to->expect_publish(payload).packet_identifier);
    story.to->send(mqtt::pubrec{identifiers.back()});
    story.to->expect(mqtt::pubrel{identifiers.back()});
  }
  story.resume();
  for (const std::uint16_t identifier : identifiers) story.to->expect(mqtt::pubrel{identifier});
}

void nothing_comes_again_on_an_open_connection(bench& broker, protocol_version version) {
  exchange story(broker, version);
  story.from.publish("t", "x", qos1);
  story.to->expect_publish("x");
  story.to->send(mqtt::pingreq{});
  story.to->expect(mqtt::pingresp{});
}

void expiry_does_not_end_what_was_sent(bench& broker, protocol_version version) {
  exchange story(broker, version);
  mqtt::publish packet = message_with({mqtt::message_expiry_interval(1)});
  packet.qos = qos2;
  story.from.publish_with(packet);
  story.to->expect_publish("x");
  broker.advance(std::chrono::seconds(2));
  story.resume().expect_publish("x");
}

void inbound_identifiers_are_kept(bench& broker, protocol_version version) {
  peer& to = broker.connected("to", version);
  to.subscribe("t", qos0);
  peer& before = broker.connected("from", version, lasting(version));
  before.send(message("t", "x", qos2, 7));
  before.expect(mqtt::pubrec{7});
  reconnected(broker, before, "from").send(message("t", "x", qos2, 7, true));
  EXPECT_EQ(delivered(to), "x ");
}

void subscription_identifiers_are_kept(bench& broker, protocol_version version) {
  peer& before = broker.connected("to", version, lasting(version));
  before.send(mqtt::subscribe{.packet_identifier = 1,
                              .subscriptions = {{"t", {}}},
                              .properties = {mqtt::subscription_identifier(9)}});
  before.expect<mqtt::suback>();
  peer& after = reconnected(broker, before, "to");
  after.publish("t", "x");
  EXPECT_EQ(after.expect_publish("x").properties,
            mqtt::property_list({mqtt::subscription_identifier(9)}));
}

void clean_start_ends_subscriptions(bench& broker, protocol_version version) {
  exchange story(broker, version);
  story.to->drop();
  peer& fresh = broker.connected("to", version);
  story.from.publish("t", "x", qos1);
  fresh.expect_nothing();
}

void session_expires(bench& broker, protocol_version version) {
  broker.connected("a", version, lasting(version, 10)).drop();
  broker.advance(std::chrono::seconds(11));
  mqtt::connect again = lasting(version);
  again.client_id = "a";
  EXPECT_FALSE(broker.open(version).connect(again).session_present);
}

void add_loss_and_order_proofs(defect_proofs& to) {
  using enum told_in;
  const auto add = [&to](defect which, void (*story)(bench&, protocol_version)) {
    to.push_back({which, both_versions, story});
  };
  add(defect::lose_qos0_delivery, each_message_comes_once_in_order<qos0>);
  add(defect::lose_qos1_delivery, each_message_comes_once_in_order<qos1>);
  add(defect::lose_qos2_delivery, each_message_comes_once_in_order<qos2>);
  add(defect::deliver_qos0_twice, each_message_comes_once_in_order<qos0>);
  add(defect::deliver_qos2_twice, each_message_comes_once_in_order<qos2>);
  add(defect::reorder_deliveries, each_message_comes_once_in_order<qos0>);
  add(defect::reorder_deliveries, each_message_comes_once_in_order<qos1>);
  add(defect::reorder_deliveries, each_message_comes_once_in_order<qos2>);
  add(defect::send_identifier_zero, identifiers_are_unused_ones);
  add(defect::send_identifier_in_use, identifiers_are_unused_ones);
  add(defect::lose_qos1_while_disconnected, messages_wait_for_the_session<qos1>);
  add(defect::lose_qos2_while_disconnected, messages_wait_for_the_session<qos2>);
  add(defect::forget_queued_messages, messages_wait_for_the_session<qos1>);
  add(defect::reverse_queued_messages, messages_wait_for_the_session<qos1>);
}

void add_flow_control_proofs(defect_proofs& to) {
  const auto add = [&to](defect which, void (*story)(bench&, protocol_version)) {
    to.push_back({which, told_in::v5_only, story});
  };
  add(defect::exceed_receive_maximum, receive_maximum_holds_the_second_message);
  add(defect::keep_quota_after_puback, receive_maximum_holds_the_second_message);
  add(defect::return_quota_at_unknown_puback, receive_maximum_holds_the_second_message);
  add(defect::keep_quota_after_pubcomp, pubcomp_returns_quota);
  add(defect::return_quota_at_pubrec, pubcomp_returns_quota);
  add(defect::keep_quota_after_refusing_pubrec, refusing_pubrec_returns_quota);
  add(defect::keep_quota_over_reconnect, quota_is_full_on_a_new_connection);
  add(defect::withhold_pingresp_without_quota, other_packets_need_no_quota);
  add(defect::withhold_pubrel_without_quota, other_packets_need_no_quota);
  add(defect::stall_at_message_too_large, message_too_large_counts_as_delivered);
}

void add_answer_proofs(defect_proofs& to) {
  using enum told_in;
  to.push_back({defect::omit_pubrel, both_versions, pubrec_is_answered_with_pubrel});
  to.push_back(
      {defect::send_pubrel_with_wrong_identifier, both_versions, pubrec_is_answered_with_pubrel});
  to.push_back({defect::answer_refusing_pubrec_with_pubrel, v5_only, refused_qos2_message_is_over});
  to.push_back({defect::close_at_refusing_acknowledgement, v5_only, refused_qos2_message_is_over});
  to.push_back({defect::close_at_refusing_acknowledgement, v5_only, refused_qos1_message_is_over});
  to.push_back({defect::resend_refused_message, v5_only, refused_qos1_message_is_over});
  to.push_back({defect::ignore_unknown_pubrec, v5_only, unknown_pubrec_is_answered});
  to.push_back({defect::close_at_unknown_pubrec, v5_only, unknown_pubrec_is_answered});
  to.push_back(
      {defect::take_unknown_puback_for_oldest, both_versions, only_its_own_puback_ends_a_message});
  to.push_back(
      {defect::take_puback_for_all_clients, both_versions, only_its_own_puback_ends_a_message});
  to.push_back({defect::accept_puback_for_qos2, both_versions,
                wrong_answer_does_not_end_a_message<qos2, mqtt::puback>});
  to.push_back({defect::accept_pubcomp_before_pubrec, both_versions,
                wrong_answer_does_not_end_a_message<qos2, mqtt::pubcomp>});
  to.push_back({defect::accept_pubrec_for_qos1, both_versions,
                wrong_answer_does_not_end_a_message<qos1, mqtt::pubrec>});
}

void add_session_proofs(defect_proofs& to) {
  using enum told_in;
  for (const auto which :
       {defect::omit_redelivery, defect::redeliver_without_dup,
        defect::redeliver_with_new_identifier, defect::redeliver_in_reverse_order}) {
    to.push_back({which, both_versions, unacknowledged_messages_come_again});
  }
  to.push_back({defect::redeliver_after_pubrec, both_versions, pubrel_comes_again});
  to.push_back({defect::omit_pubrel_at_resume, both_versions, pubrel_comes_again});
  to.push_back({defect::send_pubrel_in_reverse_order, v3_1_1_only, pubrel_comes_again});
  to.push_back(
      {defect::redeliver_on_open_connection, v5_only, nothing_comes_again_on_an_open_connection});
  to.push_back(
      {defect::drop_expired_message_in_flight, v5_only, expiry_does_not_end_what_was_sent});
  to.push_back(
      {defect::forget_inbound_identifiers_at_resume, both_versions, inbound_identifiers_are_kept});
  to.push_back({defect::forget_subscription_identifiers_at_resume, v5_only,
                subscription_identifiers_are_kept});
  to.push_back(
      {defect::keep_subscriptions_at_clean_start, both_versions, clean_start_ends_subscriptions});
  to.push_back({defect::keep_session_after_expiry, v5_only, session_expires});
}

}  // namespace

void add_delivery_proofs(defect_proofs& to) {
  add_loss_and_order_proofs(to);
  add_flow_control_proofs(to);
  add_answer_proofs(to);
  add_session_proofs(to);
}

}  // namespace gauntlet::broker
