// The client's Maximum Packet Size: larger messages are not sent, and count as delivered.
// MQTT 5.0 §3.1.2.11.4

#include "conformance/cases/packet_size/packet_size_cases.hpp"
#include "conformance/cases/packet_size/sized_publish.hpp"
#include "conformance/cases/support/message_path.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

// Room for CONNACK and SUBACK.
constexpr std::uint32_t limit = 256;

mqtt::property_list limited(std::uint16_t receive_maximum = 100) {
  return {mqtt::maximum_packet_size(limit), mqtt::receive_maximum(receive_maximum)};
}

// Well above the limit, so that these tests say nothing of a broker that miscounts a byte.
mqtt::publish too_large(const std::string& topic, qos level) {
  return publish_of_size(topic, limit + 100, level);
}

// The next message is this one: none that was too large came before.
mqtt::publish expect_next(client& to, std::string_view payload) {
  return to.expect<mqtt::publish>(
      "PUBLISH with payload \"" + std::string(payload) + "\", and none that is too large", {},
      [payload](const mqtt::publish& came) { return as_text(came.payload) == payload; });
}

void limit_is_exact(context& test, qos level) {
  message_path path = open_path(test, level, limited());
  const mqtt::publish exact = publish_of_size(path.topic, limit, level);
  path.from.publish(exact);
  path.to->acknowledge(path.to->expect<mqtt::publish>(
      "a PUBLISH of just the Maximum Packet Size", {},
      [&](const mqtt::publish& came) { return came.payload == exact.payload; }));
  path.from.publish(publish_of_size(path.topic, limit + 1, level));
  path.publish("small", level);
  expect_next(*path.to, "small");
}

void large_message_is_not_sent(context& test, qos level) {
  message_path path = open_path(test, level, limited());
  path.from.publish(too_large(path.topic, level));
  path.publish("small", level);
  expect_next(*path.to, "small");
}

// Only one message may be unacknowledged, and those that were not sent are not.
void dropped_messages_need_no_acknowledgement(context& test, qos level) {
  message_path path = open_path(test, level, limited(1));
  for (int i = 0; i < 3; ++i) path.from.publish(too_large(path.topic, level));
  path.publish("small", level);
  expect_next(*path.to, "small");
}

void dropped_messages_do_not_come_later(context& test, qos level) {
  message_path path = open_path(test, level, limited());
  path.from.publish(too_large(path.topic, level));
  path.publish("small", level);
  path.to->acknowledge(path.to->expect_publish("small"));
  path.to->ping();
  path.resume();
  path.publish("later", level);
  expect_next(*path.to, "later");
}

void others_get_the_message(context& test) {
  message_path path = open_path(test, qos::at_least_once, limited());
  client& other = test.connected("other");
  other.subscribe(path.topic, qos::at_least_once);
  const mqtt::publish large = too_large(path.topic, qos::at_least_once);
  path.from.publish(large);
  path.publish("small", qos::at_least_once);
  other.acknowledge(other.expect<mqtt::publish>(
      "the large message at who has set no limit", {},
      [&](const mqtt::publish& came) { return came.payload == large.payload; }));
  expect_next(*path.to, "small");
}

void message_that_waited_is_dropped(context& test, qos level) {
  message_path path = open_path(test, level);
  path.to->drop();
  path.from.publish(too_large(path.topic, level));
  path.publish("small", level);
  expect_next(path.resume(limited()), "small");
}

// Sent without a limit, unacknowledged, and too large for the next connection.
void message_in_flight_is_dropped(context& test) {
  message_path path = open_path(test, qos::at_least_once);
  const mqtt::publish large = too_large(path.topic, qos::at_least_once);
  path.from.publish(large);
  path.to->take(as_text(large.payload));
  path.to->drop();
  path.publish("small", qos::at_least_once);
  expect_next(path.resume(limited()), "small");
}

void properties_count(context& test) {
  message_path path = open_path(test, qos::at_least_once, limited());
  path.from.publish(with(publish_of(path.topic, "large", qos::at_least_once),
                         {mqtt::user_property("padding", std::string(limit, 'x'))}));
  path.publish("small", qos::at_least_once);
  expect_next(*path.to, "small");
}

void topic_counts(context& test) {
  client& to = test.connected("subscriber", resumable(test, limited()));
  const std::string long_topic = test.topic(std::string(limit, 'x'));
  to.subscribe(test.topic("t"), qos::at_least_once);
  to.subscribe(long_topic, qos::at_least_once);
  client& from = test.connected("publisher");
  from.publish(long_topic, "large", qos::at_least_once);
  from.publish(test.topic("t"), "small", qos::at_least_once);
  expect_next(to, "small");
}

void retained_message_is_dropped(context& test) {
  client& from = test.connected("publisher");
  mqtt::publish large = too_large(test.topic("large"), qos::at_least_once);
  large.retain = true;
  from.publish(large);
  from.publish(test.topic("small"), "small", qos::at_least_once, true);
  client& to = test.connected("subscriber", resumable(test, limited()));
  to.subscribe(test.topic("large"), qos::at_least_once);
  to.subscribe(test.topic("small"), qos::at_least_once);
  expect_next(to, "small");
}

void add_cases_of_level(suite& to, qos level, const std::string& word, need needed) {
  to.add(
      {.id = "MQTT-3.1.2-25/quota-" + word,
       .title = "Messages that are too large for a client use no quota up: " + word,
       .covers = {v5("MQTT-3.1.2-25")},
       .needs = {needed},
       .defects = {"stall-at-message-too-large"},
       .body = [level](context& test) { dropped_messages_need_no_acknowledgement(test, level); }});
  to.add({.id = "MQTT-3.1.2-25/next-connection-" + word,
          .title = "A message dropped for its size does not come with a higher limit: " + word,
          .covers = {v5("MQTT-3.1.2-25")},
          .needs = {needed},
          .defects = {"stall-at-message-too-large"},
          .body = [level](context& test) { dropped_messages_do_not_come_later(test, level); }});
  to.add({.id = "MQTT-3.1.2-24/waited-" + word,
          .title =
              "A message that waited and is too large for the next connection is dropped: " + word,
          .covers = {v5("MQTT-3.1.2-24"), v5("MQTT-3.1.2-25")},
          .needs = {needed},
          .defects = {"exceed-maximum-packet-size"},
          .body = [level](context& test) { message_that_waited_is_dropped(test, level); }});
}

void add(suite& to, std::string id, std::string title, std::vector<need> needs,
         std::function<void(context&)> body) {
  to.add({.id = "MQTT-3.1.2-24/" + std::move(id),
          .title = std::move(title),
          .covers = {v5("MQTT-3.1.2-24"), v5("PE-3.1.2.11.4-c")},
          .needs = std::move(needs),
          .defects = {"exceed-maximum-packet-size"},
          .body = std::move(body)});
}

}  // namespace

void add_client_maximum_cases(suite& to) {
  add(to, "large-qos0", "A QoS 0 message above the Maximum Packet Size is not sent", {need::qos1},
      [](context& test) { large_message_is_not_sent(test, qos::at_most_once); });
  add(to, "exact-qos0", "A QoS 0 message of the Maximum Packet Size is sent, a larger one is not",
      {need::qos1}, [](context& test) { limit_is_exact(test, qos::at_most_once); });
  add(to, "large-qos1", "A QoS 1 message above the Maximum Packet Size is not sent", {need::qos1},
      [](context& test) { large_message_is_not_sent(test, qos::at_least_once); });
  add(to, "exact-qos1", "A QoS 1 message of the Maximum Packet Size is sent, a larger one is not",
      {need::qos1}, [](context& test) { limit_is_exact(test, qos::at_least_once); });
  add(to, "large-qos2", "A QoS 2 message above the Maximum Packet Size is not sent", {need::qos2},
      [](context& test) { large_message_is_not_sent(test, qos::exactly_once); });
  add(to, "exact-qos2", "A QoS 2 message of the Maximum Packet Size is sent, a larger one is not",
      {need::qos2}, [](context& test) { limit_is_exact(test, qos::exactly_once); });
  add(to, "other-subscriber", "A message too large for one subscriber reaches the others",
      {need::qos1}, others_get_the_message);
  add(to, "in-flight", "A message in flight that is too large for the next connection is dropped",
      {need::qos1}, message_in_flight_is_dropped);
  add(to, "properties", "The properties count for the Maximum Packet Size", {need::qos1},
      properties_count);
  add(to, "topic", "The Topic Name counts for the Maximum Packet Size", {need::qos1}, topic_counts);
  add(to, "retained", "A retained message that is too large for a client is not sent",
      {need::qos1, need::retained}, retained_message_is_dropped);
  add_cases_of_level(to, qos::at_least_once, "qos1", need::qos1);
  add_cases_of_level(to, qos::exactly_once, "qos2", need::qos2);
}

}  // namespace gauntlet::conformance
