// Proofs of the defects in harness/broker/defects/message.inc.

#include "tests/unit/broker/defects/proof.hpp"
#include "tests/unit/broker/defects/stories.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::property_id;
using mqtt::protocol_version;
using stories::delivered;
using stories::delivered_topics;
using stories::lasting;
using stories::message;
using stories::message_with;
using stories::reconnected;

// Goes out as it came in.
using story = std::function<void(bench&, protocol_version)>;

story topic_is_passed_on(std::string topic) {
  return [topic](bench& broker, protocol_version version) {
    peer& to = broker.connected("to", version);
    to.subscribe("#", qos0);
    broker.connected("from", version).publish(topic, "x");
    EXPECT_EQ(delivered_topics(to), topic + " ");
  };
}

story payload_is_passed_on(std::string payload) {
  return [payload](bench& broker, protocol_version version) {
    peer& to = broker.connected("to", version);
    to.subscribe("t", qos0);
    broker.connected("from", version).publish("t", payload);
    EXPECT_EQ(delivered(to), payload + " ");
  };
}

story properties_are_passed_on(mqtt::property_list properties) {
  return [properties](bench& broker, protocol_version version) {
    peer& to = broker.connected("to", version);
    to.subscribe("t", qos0);
    broker.connected("from", version).publish_with(message_with(properties));
    EXPECT_EQ(to.expect_publish("x").properties, properties);
  };
}

void topic_alias_is_not_passed_on(bench& broker, protocol_version version) {
  peer& to = broker.connected("to", version);
  to.subscribe("t", qos0);
  broker.connected("from", version).publish_with(message_with({mqtt::topic_alias(1)}));
  EXPECT_FALSE(to.expect_publish("x").properties.contains(property_id::topic_alias));
}

// --- message expiry

peer& waited_for(bench& broker, protocol_version version, int seconds) {
  peer& away = broker.connected("to", version, lasting(version));
  away.subscribe("t", qos1);
  away.drop();
  mqtt::publish packet = message_with({mqtt::message_expiry_interval(10)});
  packet.qos = qos1;
  broker.connected("from", version).publish_with(packet);
  broker.advance(std::chrono::seconds(seconds));
  return broker.connected("to", version, lasting(version));
}

void remaining_expiry_is_passed_on(bench& broker, protocol_version version) {
  const auto came = waited_for(broker, version, 4).expect_publish("x");
  EXPECT_EQ(came.properties.find<property_id::message_expiry_interval>(), 6U);
}

void expired_message_is_not_delivered(bench& broker, protocol_version version) {
  waited_for(broker, version, 10).expect_nothing();
}

// --- DUP

void dup_is_not_passed_on(bench& broker, protocol_version version) {
  peer& to = broker.connected("to", version);
  to.subscribe("t", qos1);
  broker.connected("from", version).send(message("t", "x", qos1, 7, true));
  EXPECT_FALSE(to.expect_publish("x").dup);
}

void first_delivery_is_without_dup(bench& broker, protocol_version version) {
  peer& to = broker.connected("to", version);
  to.subscribe("t", qos2);
  peer& from = broker.connected("from", version);
  for (const auto qos : {qos0, qos1, qos2}) {
    from.publish("t", "x", qos);
    EXPECT_FALSE(to.expect_publish("x").dup);
  }
}

void add_topic_proofs(defect_proofs& to) {
  using enum told_in;
  const auto add = [&to](defect which, std::string topic) {
    to.push_back({which, both_versions, topic_is_passed_on(std::move(topic))});
  };
  add(defect::put_topic_in_lower_case, "Kitchen");
  add(defect::drop_leading_topic_separator, "/a");
  add(defect::drop_trailing_topic_separator, "a/");
  add(defect::merge_adjacent_topic_separators, "a//b");
  add(defect::drop_spaces_in_topic, " a b ");
  add(defect::drop_byte_order_mark,
      "\xEF\xBB\xBF"
      "a");
  add(defect::compose_characters_in_topic, "cafe\xCC\x81");
  add(defect::cut_long_topic, std::string(300, 'a'));
}

void add_property_proofs(defect_proofs& to) {
  const auto add = [&to](defect which, mqtt::property_list properties) {
    to.push_back({which, told_in::v5_only, properties_are_passed_on(std::move(properties))});
  };
  add(defect::drop_payload_format_indicator, {mqtt::payload_format_indicator(1)});
  add(defect::change_payload_format_indicator, {mqtt::payload_format_indicator(1)});
  add(defect::drop_content_type, {mqtt::content_type("Text")});
  add(defect::put_content_type_in_lower_case, {mqtt::content_type("Text")});
  add(defect::drop_response_topic, {mqtt::response_topic("Answers")});
  add(defect::put_response_topic_in_lower_case, {mqtt::response_topic("Answers")});
  add(defect::drop_correlation_data, {mqtt::correlation_data({1, 0, 2})});
  add(defect::cut_correlation_data_at_zero_byte, {mqtt::correlation_data({1, 0, 2})});
  add(defect::drop_user_properties, {mqtt::user_property("a", "1")});
  add(defect::drop_user_property_with_empty_value, {mqtt::user_property("a", "")});
  add(defect::merge_user_properties_of_same_name,
      {mqtt::user_property("a", "1"), mqtt::user_property("a", "2")});
  add(defect::reverse_user_properties,
      {mqtt::user_property("a", "1"), mqtt::user_property("b", "2")});
  to.push_back({defect::forward_topic_alias, told_in::v5_only, topic_alias_is_not_passed_on});
  to.push_back(
      {defect::drop_message_expiry_interval, told_in::v5_only, remaining_expiry_is_passed_on});
  to.push_back(
      {defect::forward_full_message_expiry, told_in::v5_only, remaining_expiry_is_passed_on});
  to.push_back({defect::keep_expired_message, told_in::v5_only, expired_message_is_not_delivered});
}

void add_payload_proofs(defect_proofs& to) {
  const auto add = [&to](defect which, std::string payload) {
    to.push_back({which, told_in::both_versions, payload_is_passed_on(std::move(payload))});
  };
  add(defect::cut_payload_at_zero_byte, std::string("a\0b", 3));
  add(defect::cut_long_payload, std::string(20'000, 'a'));
  add(defect::drop_white_space_after_payload, "a \r\n");
  add(defect::put_payload_in_seven_bits, "\xFF\x80");
  add(defect::lose_empty_message, "");
}

}  // namespace

void add_message_proofs(defect_proofs& to) {
  add_topic_proofs(to);
  add_property_proofs(to);
  add_payload_proofs(to);
  to.push_back({defect::forward_dup, told_in::both_versions, dup_is_not_passed_on});
  to.push_back(
      {defect::set_dup_at_first_delivery, told_in::both_versions, first_delivery_is_without_dup});
  to.push_back({defect::set_dup_at_qos0, told_in::both_versions, first_delivery_is_without_dup});
}

}  // namespace gauntlet::broker
