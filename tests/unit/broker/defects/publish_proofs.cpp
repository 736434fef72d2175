// Proofs of the defects in harness/broker/defects/publish.inc.

#include "tests/unit/broker/defects/proof.hpp"
#include "tests/unit/broker/defects/stories.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::protocol_version;
using mqtt::reason_code;
using stories::code;
using stories::delivered;
using stories::lasting;
using stories::message;
using stories::reconnected;

// --- acknowledgements

void qos0_message_is_not_answered(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  a.send(message("t", "x"));
  a.expect_nothing();
}

void qos1_message_is_acknowledged(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  a.send(message("t", "x", qos1, 7));
  a.expect(mqtt::puback{7, code(version, reason_code::no_matching_subscribers)});
  a.expect_nothing();
}

void qos2_message_is_acknowledged(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  a.send(message("t", "x", qos2, 7));
  a.expect(mqtt::pubrec{7, code(version, reason_code::no_matching_subscribers)});
  a.send(mqtt::pubrel{7});
  a.expect(mqtt::pubcomp{7});
  a.expect_nothing();
}

void expiry_does_not_end_the_exchange(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  mqtt::publish packet = message("t", "x", qos2, 7);
  packet.properties = {mqtt::message_expiry_interval(1)};
  a.send(packet);
  a.expect(mqtt::pubrec{7, reason_code::no_matching_subscribers});
  broker.advance(std::chrono::seconds(2));
  a.send(mqtt::pubrel{7});
  a.expect(mqtt::pubcomp{7});
}

void pubrel_without_properties_is_understood(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  a.send(message("t", "x", qos2, 7));
  a.expect(mqtt::pubrec{7, reason_code::no_matching_subscribers});
  a.send_raw(byte_buffer{0x62, 0x03, 0x00, 0x07, 0x00});  // PUBREL 7, Reason Code 0x00
  a.expect(mqtt::pubcomp{7});
}

void unknown_pubrel_is_answered(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  a.send(mqtt::pubrel{7});
  a.expect(mqtt::pubcomp{7, code(version, reason_code::packet_identifier_not_found)});
  EXPECT_FALSE(a.closed());
}

// A message that the broker does not permit.
void message_not_permitted_is_acknowledged(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  a.send(message("$x", "x", qos1, 7));
  a.expect(mqtt::puback{7, code(version, reason_code::not_authorized)});
}

void dollar_topics_are_not_for_clients(bench& broker, protocol_version version) {
  peer& to = broker.connected("to", version);
  to.subscribe("$x", qos0);
  broker.connected("from", version).publish("$x", "x");
  to.expect_nothing();
}

// --- what is a new message, and what a repeated one

struct watched {
  watched(bench& broker, protocol_version version)
      : to(broker.connected("to", version)), from(broker.connected("from", version)) {
    to.subscribe("t", qos0);
  }
  peer& to;
  peer& from;
};

void qos1_message_with_dup_is_delivered(bench& broker, protocol_version version) {
  watched story(broker, version);
  story.from.send(message("t", "x", qos1, 7, true));
  EXPECT_EQ(delivered(story.to), "x ");
}

void qos2_message_with_dup_is_delivered(bench& broker, protocol_version version) {
  watched story(broker, version);
  story.from.send(message("t", "x", qos2, 7, true));
  EXPECT_EQ(delivered(story.to), "x ");
}

void repeated_qos2_message_is_delivered_once(bench& broker, protocol_version version) {
  watched story(broker, version);
  story.from.send(message("t", "x", qos2, 7));
  story.from.expect(mqtt::pubrec{7});
  story.from.send(message("t", "x", qos2, 7, true));
  story.from.expect(mqtt::pubrec{7});
  EXPECT_EQ(delivered(story.to), "x ");
}

void identifier_is_free_after_pubrel(bench& broker, protocol_version version) {
  watched story(broker, version);
  for (const char* payload : {"1", "2"}) {
    story.from.send(message("t", payload, qos2, 7));
    story.from.expect(mqtt::pubrec{7});
    story.from.send(mqtt::pubrel{7});
    story.from.expect(mqtt::pubcomp{7});
  }
  EXPECT_EQ(delivered(story.to), "1 2 ");
}

void identifier_is_free_after_refusing_pubrec(bench& broker, protocol_version version) {
  watched story(broker, version);
  story.from.send(message("$x", "x", qos2, 7));
  story.from.expect(mqtt::pubrec{7, reason_code::not_authorized});
  story.from.send(message("t", "y", qos2, 7));
  EXPECT_EQ(delivered(story.to), "y ");
}

void clients_choose_identifiers_apart(bench& broker, protocol_version version) {
  watched story(broker, version);
  story.from.send(message("t", "1", qos2, 7));
  broker.connected("other", version).send(message("t", "2", qos2, 7));
  EXPECT_EQ(delivered(story.to), "1 2 ");
}

void directions_choose_identifiers_apart(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  a.subscribe("t", qos1);
  broker.connected("from", version).publish("t", "x", qos1);
  const auto unacknowledged = a.expect_publish("x");
  a.send(message("u", "y", qos1, unacknowledged.packet_identifier));
  EXPECT_EQ(a.expect<mqtt::puback>().packet_identifier, unacknowledged.packet_identifier);
}

// --- what CONNACK permits

void maximum_qos_is_kept(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  a.send(message("t", "x", qos2, 7));
  a.expect_refusal(reason_code::qos_not_supported);
}

void retain_available_is_kept(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  mqtt::publish retained = message("t", "x");
  retained.retain = true;
  a.send(retained);
  a.expect_refusal(reason_code::retain_not_supported);
}

void receive_maximum_is_what_it_says(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  for (const std::uint16_t identifier : {std::uint16_t{1}, std::uint16_t{2}}) {
    a.send(message("t", "x", qos2, identifier));
    EXPECT_EQ(a.expect<mqtt::pubrec>().packet_identifier, identifier);
  }
  a.send(message("t", "x", qos2, 3));
  a.expect_refusal(reason_code::receive_maximum_exceeded);
}

void messages_need_not_wait_for_each_other(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  for (const std::uint16_t identifier : {std::uint16_t{1}, std::uint16_t{2}}) {
    a.send(message("t", "x", qos2, identifier));
    EXPECT_EQ(a.expect<mqtt::pubrec>().packet_identifier, identifier);
  }
}

// --- topic aliases

mqtt::publish aliased(std::string topic, std::uint16_t alias, std::string_view payload) {
  mqtt::publish packet = message(std::move(topic), payload);
  packet.properties = {mqtt::topic_alias(alias)};
  return packet;
}

void highest_topic_alias_is_accepted(bench& broker, protocol_version version) {
  watched story(broker, version);
  story.from.send(aliased("t", 2, "x"));
  EXPECT_EQ(delivered(story.to), "x ");
}

void higher_topic_alias_is_refused(bench& broker, protocol_version version) {
  watched story(broker, version);
  story.from.send(aliased("t", 3, "x"));
  story.from.expect_refusal(reason_code::topic_alias_invalid);
}

void topic_alias_can_be_mapped_anew(bench& broker, protocol_version version) {
  watched story(broker, version);
  story.from.send(aliased("u", 1, "x"));
  story.from.send(aliased("t", 1, "y"));
  story.from.send(aliased("", 1, "z"));
  EXPECT_EQ(delivered(story.to), "y z ");
}

void unknown_topic_alias_is_refused(bench& broker, protocol_version version) {
  watched story(broker, version);
  story.from.send(aliased("", 1, "x"));
  story.from.expect_refusal(reason_code::protocol_error);
}

void topic_aliases_end_with_the_connection(bench& broker, protocol_version version) {
  peer& before = broker.connected("a", version, lasting(version));
  before.send(aliased("t", 1, "x"));
  peer& after = reconnected(broker, before, "a");
  after.send(aliased("", 1, "y"));
  after.expect_refusal(reason_code::protocol_error);
}

void topic_aliases_are_of_one_client(bench& broker, protocol_version version) {
  broker.connected("a", version).send(aliased("t", 1, "x"));
  peer& b = broker.connected("b", version);
  b.send(aliased("", 1, "y"));
  b.expect_refusal(reason_code::protocol_error);
}

void add_acknowledgement_proofs(defect_proofs& to) {
  using enum told_in;
  for (const auto which : {defect::omit_puback, defect::omit_puback_without_subscribers,
                           defect::send_puback_with_wrong_identifier, defect::send_puback_twice,
                           defect::answer_qos1_with_pubrec}) {
    to.push_back({which, both_versions, qos1_message_is_acknowledged});
  }
  for (const auto which :
       {defect::omit_pubrec, defect::send_pubrec_with_wrong_identifier,
        defect::answer_qos2_with_puback, defect::omit_pubcomp,
        defect::send_pubcomp_with_wrong_identifier, defect::answer_pubrel_with_puback}) {
    to.push_back({which, both_versions, qos2_message_is_acknowledged});
  }
  to.push_back(
      {defect::break_off_qos2_message_with_expiry, v5_only, expiry_does_not_end_the_exchange});
  to.push_back({defect::ignore_acknowledgement_without_properties, v5_only,
                pubrel_without_properties_is_understood});
  to.push_back({defect::acknowledge_qos0, both_versions, qos0_message_is_not_answered});
  to.push_back({defect::ignore_unknown_pubrel, both_versions, unknown_pubrel_is_answered});
  to.push_back({defect::close_at_unknown_pubrel, both_versions, unknown_pubrel_is_answered});
  to.push_back({defect::answer_unknown_pubrel_with_success, v5_only, unknown_pubrel_is_answered});
  to.push_back(
      {defect::ignore_publish_not_permitted, both_versions, message_not_permitted_is_acknowledged});
  to.push_back(
      {defect::accept_publish_to_dollar_topic, both_versions, dollar_topics_are_not_for_clients});
}

void add_repetition_proofs(defect_proofs& to) {
  using enum told_in;
  to.push_back(
      {defect::drop_qos1_message_with_dup, both_versions, qos1_message_with_dup_is_delivered});
  to.push_back(
      {defect::drop_qos2_message_with_dup, both_versions, qos2_message_with_dup_is_delivered});
  to.push_back({defect::deliver_repeated_qos2_message, both_versions,
                repeated_qos2_message_is_delivered_once});
  to.push_back({defect::omit_pubrec_for_repeated_publish, both_versions,
                repeated_qos2_message_is_delivered_once});
  to.push_back(
      {defect::keep_identifier_after_pubrel, both_versions, identifier_is_free_after_pubrel});
  to.push_back({defect::keep_identifier_after_refusing_pubrec, v5_only,
                identifier_is_free_after_refusing_pubrec});
  to.push_back(
      {defect::share_identifiers_between_clients, both_versions, clients_choose_identifiers_apart});
  to.push_back({defect::share_identifiers_between_directions, both_versions,
                directions_choose_identifiers_apart});
}

void add_permission_proofs(defect_proofs& to) {
  using enum told_in;
  const options two_messages{.capabilities = {.receive_maximum = 2}};
  to.push_back({defect::accept_publish_above_maximum_qos,
                v5_only,
                maximum_qos_is_kept,
                {.capabilities = {.maximum_qos = 1}}});
  to.push_back({defect::accept_retain_when_not_available,
                v5_only,
                retain_available_is_kept,
                {.capabilities = {.retain_available = false}}});
  to.push_back({defect::accept_publish_above_receive_maximum, v5_only,
                receive_maximum_is_what_it_says, two_messages});
  to.push_back(
      {defect::close_at_receive_maximum, v5_only, receive_maximum_is_what_it_says, two_messages});
  to.push_back({defect::close_at_second_unacknowledged_publish, both_versions,
                messages_need_not_wait_for_each_other});
}

void add_topic_alias_proofs(defect_proofs& to) {
  using enum told_in;
  const options two_aliases{.capabilities = {.topic_alias_maximum = 2}};
  to.push_back(
      {defect::refuse_highest_topic_alias, v5_only, highest_topic_alias_is_accepted, two_aliases});
  to.push_back({defect::accept_topic_alias_above_maximum, v5_only, higher_topic_alias_is_refused,
                two_aliases});
  to.push_back({defect::ignore_new_topic_alias_mapping, v5_only, topic_alias_can_be_mapped_anew});
  to.push_back({defect::ignore_unknown_topic_alias, v5_only, unknown_topic_alias_is_refused});
  to.push_back(
      {defect::keep_topic_aliases_over_reconnect, v5_only, topic_aliases_end_with_the_connection});
  to.push_back(
      {defect::share_topic_aliases_between_clients, v5_only, topic_aliases_are_of_one_client});
}

}  // namespace

void add_publish_proofs(defect_proofs& to) {
  add_acknowledgement_proofs(to);
  add_repetition_proofs(to);
  add_permission_proofs(to);
  add_topic_alias_proofs(to);
}

}  // namespace gauntlet::broker
