#include "harness/broker/wills.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "harness/base/assert.hpp"
#include "harness/broker/persistence.hpp"
#include "harness/broker/routing.hpp"
#include "harness/mqtt/codec.hpp"

namespace gauntlet::broker {

namespace {

// The properties of the message that the will becomes (§3.1.3.2).
mqtt::property_list passed_on(broker_state& broker, const mqtt::will& will) {
  mqtt::property_list properties = will.properties;
  properties.remove(mqtt::property_id::message_expiry_interval);
  if (!broker.defects.strikes(defect::forward_will_delay_interval)) {
    properties.remove(mqtt::property_id::will_delay_interval);
  }
  if (broker.defects.strikes(defect::lose_will_properties)) return {};
  if (!broker.defects.strikes(defect::reverse_will_user_properties)) return properties;
  std::vector<mqtt::property> reversed(properties.begin(), properties.end());
  std::ranges::reverse(reversed);
  mqtt::property_list wrong;
  for (mqtt::property& each : reversed) wrong.add(std::move(each));
  return wrong;
}

// What the payload becomes on the way.
byte_buffer spoiled_payload(broker_state& broker, const byte_buffer& payload) {
  if (!broker.defects.strikes(defect::publish_will_with_length)) return payload;
  byte_buffer with_length = {static_cast<std::uint8_t>(payload.size() >> 8U),
                             static_cast<std::uint8_t>(payload.size() & 0xFFU)};
  with_length.insert(with_length.end(), payload.begin(), payload.end());
  return with_length;
}

message_ref will_of(broker_state& broker, const mqtt::will& will) {
  byte_buffer properties;
  const auto encoded = mqtt::encode_properties(passed_on(broker, will), properties);
  GAUNTLET_ASSERT(encoded.has_value());
  const byte_buffer payload = spoiled_payload(broker, will.payload);
  message_view message;
  message.topic = will.topic_name;
  message.payload = payload;
  message.properties = properties;
  message.qos =
      broker.defects.strikes(defect::publish_will_at_qos0) ? mqtt::qos::at_most_once : will.qos;
  message.retain = will.retain;
  if (!broker.defects.strikes(defect::lose_message_expiry_of_will)) {
    message.message_expiry_interval =
        will.properties.find<mqtt::property_id::message_expiry_interval>();
  }
  return message_ref(message);
}

std::uint32_t delay_of(broker_state& broker, const mqtt::will& will) {
  const auto delay = will.properties.find<mqtt::property_id::will_delay_interval>().value_or(0);
  if (broker.defects.strikes(defect::ignore_will_delay_interval)) return 0;
  if (broker.defects.strikes(defect::publish_will_late)) return delay + 30;
  return broker.defects.strikes(defect::double_will_delay_interval) ? 2 * delay : delay;
}

}  // namespace

void set_will(broker_state& broker, session& of, const mqtt::connect& packet) {
  if (of.will && broker.defects.strikes(defect::publish_will_after_resume))
    publish_will(broker, of);
  broker.deadlines.cancel(of.will_delay);
  if (!packet.will && broker.defects.strikes(defect::keep_published_will)) return;
  drop_will(broker, of);
  of.will_delay_interval_s = 0;
  if (!packet.will) return;

  of.will = will_of(broker, *packet.will);
  of.will_delay_interval_s = delay_of(broker, *packet.will);
  persist_will(broker, of);
  if (broker.defects.strikes(defect::publish_will_at_connect)) publish_will(broker, of);
}

void drop_will(broker_state& broker, session& of) {
  forget_will(broker, of);
  of.will = {};
}

void publish_will_of(broker_state& broker, const mqtt::connect& packet) {
  if (!packet.will) return;
  lazy_message published(will_of(broker, *packet.will));
  publish_message(broker, published, nullptr);
}

void discard_will(broker_state& broker, session& of) {
  if (of.will && broker.defects.strikes(defect::publish_will_after_disconnect)) return;
  drop_will(broker, of);
}

void start_will(broker_state& broker, session& of) {
  if (!of.will) return;
  if (of.will_delay_interval_s == 0) {
    publish_will(broker, of);
    return;
  }
  broker.deadlines.arm(of.will_delay, deadline_kind::will_delay,
                       broker.now + std::chrono::seconds(of.will_delay_interval_s));
  persist_will_delay(broker, of);
}

void publish_will(broker_state& broker, session& of) {
  if (!of.will) return;
  broker.deadlines.cancel(of.will_delay);
  forget_will(broker, of);
  const message_ref will = of.will;
  if (!broker.defects.strikes(defect::keep_published_will)) of.will = {};
  if (broker.defects.strikes(defect::lose_will)) return;

  message_view message = *will;
  if (message.payload.empty() && broker.defects.strikes(defect::lose_empty_will)) return;
  message.received_at = broker.now;  // its expiry counts from the publication (§3.1.3.2.4)
  if (message.retain && broker.defects.strikes(defect::publish_will_without_retain)) {
    message.retain = false;
  }
  if (!message.retain && broker.defects.strikes(defect::retain_will)) message.retain = true;
  broker.log(log_level::info, "will client={} topic={}", of.client_id, message.topic);
  lazy_message published(message);
  publish_message(broker, published, &of);
  if (broker.defects.strikes(defect::publish_will_twice)) publish_message(broker, published, &of);
}

}  // namespace gauntlet::broker
