#include "harness/broker/wills.hpp"

#include <utility>

#include "harness/base/assert.hpp"
#include "harness/broker/persistence.hpp"
#include "harness/broker/routing.hpp"
#include "harness/mqtt/codec.hpp"

namespace gauntlet::broker {

void set_will(broker_state& broker, session& of, const mqtt::connect& packet) {
  broker.deadlines.cancel(of.will_delay);
  forget_will(broker, of);
  of.will = {};
  of.will_delay_interval_s = 0;
  if (!packet.will) return;

  mqtt::property_list passed_on = packet.will->properties;
  passed_on.remove(mqtt::property_id::will_delay_interval);
  passed_on.remove(mqtt::property_id::message_expiry_interval);
  byte_buffer properties;
  const auto encoded = mqtt::encode_properties(passed_on, properties);
  GAUNTLET_ASSERT(encoded.has_value());

  const auto& from = packet.will->properties;
  message_view message;
  message.topic = packet.will->topic_name;
  message.payload = packet.will->payload;
  message.properties = properties;
  message.qos = packet.will->qos;
  message.retain = packet.will->retain;
  message.message_expiry_interval = from.find<mqtt::property_id::message_expiry_interval>();
  of.will = message_ref(message);
  of.will_delay_interval_s = from.find<mqtt::property_id::will_delay_interval>().value_or(0);
  persist_will(broker, of);
}

void discard_will(broker_state& broker, session& of) {
  if (of.will && broker.defects.strikes(defect::publish_will_after_disconnect)) return;
  forget_will(broker, of);
  of.will = {};
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
  const message_ref will = std::exchange(of.will, {});
  if (broker.defects.strikes(defect::lose_will)) return;

  message_view message = *will;
  message.received_at = broker.now;  // its expiry counts from the publication (§3.1.3.2.4)
  if (message.retain && broker.defects.strikes(defect::publish_will_without_retain)) {
    message.retain = false;
  }
  broker.log(log_level::info, "will client={} topic={}", of.client_id, message.topic);
  lazy_message published(message);
  publish_message(broker, published, &of);
}

}  // namespace gauntlet::broker
