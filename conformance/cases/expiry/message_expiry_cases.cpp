// Message Expiry Interval: passed on, counted down, and the end of messages that wait too long.
// MQTT 5.0 §3.3.2.3.3

#include "conformance/cases/expiry/expiry_cases.hpp"
#include "conformance/cases/support/acknowledgements.hpp"
#include "conformance/cases/support/message_path.hpp"

namespace gauntlet::conformance {
namespace {

using namespace std::chrono_literals;
using mqtt::qos;

constexpr std::uint32_t longest = 0xFFFF'FFFF;

mqtt::publish expiring(const std::string& topic, std::string_view payload, std::uint32_t seconds,
                       qos level = qos::at_least_once) {
  return with(publish_of(topic, payload, level), {mqtt::message_expiry_interval(seconds)});
}

// The message comes with an interval between the two.
mqtt::publish expect_interval(client& to, std::string_view payload, std::uint32_t from,
                              std::uint32_t up_to) {
  return to.expect_publish(
      payload,
      [from, up_to](const auto& came) {
        const auto left =
            came.properties.template find<mqtt::property_id::message_expiry_interval>();
        return left && *left >= from && *left <= up_to;
      },
      "Message Expiry Interval " + std::to_string(from) + " to " + std::to_string(up_to));
}

mqtt::publish expect_next(client& to, std::string_view payload) {
  return to.expect<mqtt::publish>(
      "PUBLISH with payload \"" + std::string(payload) + "\", and no expired one before it", {},
      [payload](const auto& came) { return as_text(came.payload) == payload; });
}

void passed_on_at_once(context& test, qos level) {
  message_path path = open_path(test, level);
  path.from.publish(expiring(path.topic, "x", 60, level));
  expect_interval(*path.to, "x", 59, 60);
}

void longest_is_passed_on(context& test) {
  message_path path = open_path(test, qos::at_least_once);
  path.from.publish(expiring(path.topic, "x", longest));
  expect_interval(*path.to, "x", longest - 1, longest);
}

void time_in_the_session_is_taken_off(context& test, qos level) {
  message_path path = open_path(test, level);
  path.to->drop();
  path.from.publish(expiring(path.topic, "x", 60, level));
  test.pause(3s, "so that the interval of 60 s counts down");
  expect_interval(path.resume(), "x", 55, 58);
}

// The message waits for quota.
void time_without_quota_is_taken_off(context& test) {
  message_path path = open_path(test, qos::at_least_once, {mqtt::receive_maximum(1)});
  path.publish("first", qos::at_least_once);
  const auto first = path.to->take("first");
  path.from.publish(expiring(path.topic, "x", 60));
  test.pause(3s, "so that the interval of 60 s counts down");
  path.to->send(mqtt::puback{.packet_identifier = first.packet_identifier});
  expect_interval(*path.to, "x", 55, 58);
}

void time_is_taken_off_when_sent_again(context& test) {
  message_path path = open_path(test, qos::at_least_once);
  path.from.publish(expiring(path.topic, "x", 60));
  path.to->take("x");
  path.to->drop();
  test.pause(3s, "so that the interval of 60 s counts down");
  expect_interval(path.resume(), "x", 55, 58);
}

void expired_in_the_session(context& test, qos level) {
  message_path path = open_path(test, level);
  path.to->drop();
  path.from.publish(expiring(path.topic, "expired", 1, level));
  path.from.publish(expiring(path.topic, "valid", 60, level));
  test.pause(3s, "until the first message has expired");
  expect_next(path.resume(), "valid");
}

void expired_between_others(context& test) {
  message_path path = open_path(test, qos::at_least_once);
  path.to->drop();
  path.publish("1", qos::at_least_once);
  path.from.publish(expiring(path.topic, "expired", 1));
  path.publish("2", qos::at_least_once);
  path.from.publish(expiring(path.topic, "expired as well", 1));
  path.from.publish(expiring(path.topic, "3", 60));
  test.pause(3s, "until two of the messages have expired");
  expect_in_order(test, path.resume(), {"1", "2", "3"});
}

void expired_without_quota(context& test, qos level) {
  message_path path = open_path(test, level, {mqtt::receive_maximum(1)});
  path.publish("first", level);
  const auto first =
      level == qos::at_least_once ? path.to->take("first") : path.to->take_up_to_pubrel("first");
  path.from.publish(expiring(path.topic, "expired", 1, level));
  path.publish("valid", level);
  test.pause(3s, "until the message that waits has expired");
  if (level == qos::at_least_once) {
    path.to->send(mqtt::puback{.packet_identifier = first.packet_identifier});
  } else {
    path.to->send(mqtt::pubcomp{.packet_identifier = first.packet_identifier});
  }
  // Some brokers look at what waits only when something new comes.
  path.publish("later", level);
  path.to->expect<mqtt::publish>(
      "PUBLISH of a message that has not expired", {},
      [](const auto& came) { return as_text(came.payload) != "expired"; });
}

void expired_for_one_subscriber(context& test) {
  message_path path = open_path(test, qos::at_least_once);
  client& online = test.connected("online");
  online.subscribe(path.topic, qos::at_least_once);
  path.to->drop();
  path.from.publish(expiring(path.topic, "short-lived", 1));
  online.acknowledge(online.expect_publish("short-lived"));
  test.pause(3s, "until the message has expired");
  path.publish("valid", qos::at_least_once);
  expect_next(path.resume(), "valid");
}

// A message without the property does not expire, and gets none.
void without_interval(context& test) {
  message_path path = open_path(test, qos::at_least_once);
  path.to->drop();
  path.from.publish(expiring(path.topic, "expired", 1));
  path.publish("everlasting", qos::at_least_once);
  test.pause(3s, "until the first message has expired");
  path.resume();
  const auto came = expect_next(*path.to, "everlasting");
  if (came.properties.contains(mqtt::property_id::message_expiry_interval)) {
    deviate(test, *path.to, "no Message Expiry Interval on a message published without", "one");
  }
}

// Delivery has begun, so that expiry does not matter any more.
void sent_message_does_not_expire(context& test) {
  message_path path = open_path(test, qos::at_least_once);
  path.from.publish(expiring(path.topic, "x", 1));
  path.to->take("x");
  path.to->drop();
  test.pause(3s, "until the message has expired");
  path.resume().expect_publish("x");
}

void acknowledged_after_expiry(context& test) {
  message_path path = open_path(test, qos::exactly_once);
  path.from.publish(expiring(path.topic, "x", 1, qos::exactly_once));
  const auto came = path.to->take("x");
  test.pause(2s, "until the message has expired");
  path.to->send(mqtt::pubrec{.packet_identifier = came.packet_identifier});
  expect_pubrel(*path.to, came.packet_identifier);
  path.to->send(mqtt::pubcomp{.packet_identifier = came.packet_identifier});
  expect_only_pingresp(test, *path.to);
}

void add(suite& to, std::string id, std::string title, std::vector<statement_name> covers,
         need needed, std::vector<caught_defect> defects, std::function<void(context&)> body) {
  to.add({.id = std::move(id),
          .title = std::move(title),
          .covers = std::move(covers),
          .needs = {needed},
          .defects = std::move(defects),
          .body = std::move(body)});
}

void add_remaining_time_cases(suite& to) {
  const std::vector<statement_name> left = {v5("MQTT-3.3.2-6")};
  const std::vector<caught_defect> counted = {"forward-full-message-expiry",
                                              "drop-message-expiry-interval"};
  add(to, "MQTT-3.3.2-6/qos0", "A QoS 0 message has its Message Expiry Interval", left, need::qos1,
      {"drop-message-expiry-interval"},
      [](context& test) { passed_on_at_once(test, qos::at_most_once); });
  add(to, "MQTT-3.3.2-6/qos1", "A QoS 1 message has its Message Expiry Interval", left, need::qos1,
      {"drop-message-expiry-interval"},
      [](context& test) { passed_on_at_once(test, qos::at_least_once); });
  add(to, "MQTT-3.3.2-6/qos2", "A QoS 2 message has its Message Expiry Interval", left, need::qos2,
      {"drop-message-expiry-interval"},
      [](context& test) { passed_on_at_once(test, qos::exactly_once); });
  add(to, "MQTT-3.3.2-6/longest", "The longest Message Expiry Interval is passed on", left,
      need::qos1, {"drop-message-expiry-interval"}, longest_is_passed_on);
  add(to, "MQTT-3.3.2-6/waited-qos1", "The time that a QoS 1 message waited is taken off", left,
      need::qos1, counted,
      [](context& test) { time_in_the_session_is_taken_off(test, qos::at_least_once); });
  add(to, "MQTT-3.3.2-6/waited-qos2", "The time that a QoS 2 message waited is taken off", left,
      need::qos2, counted,
      [](context& test) { time_in_the_session_is_taken_off(test, qos::exactly_once); });
  add(to, "MQTT-3.3.2-6/without-quota", "The time that a message waited for quota is taken off",
      left, need::qos1, counted, time_without_quota_is_taken_off);
  add(to, "MQTT-3.3.2-6/sent-again", "The time before a message was sent again is taken off", left,
      need::qos1, counted, time_is_taken_off_when_sent_again);
}

}  // namespace

void add_message_expiry_cases(suite& to) {
  const std::vector<statement_name> expired = {v5("MQTT-3.3.2-5")};
  const std::vector<caught_defect> kept = {"keep-expired-message"};
  add_remaining_time_cases(to);
  add(to, "MQTT-3.3.2-5/waited-qos1", "A QoS 1 message that expired in a session is not delivered",
      expired, need::qos1, kept,
      [](context& test) { expired_in_the_session(test, qos::at_least_once); });
  add(to, "MQTT-3.3.2-5/waited-qos2", "A QoS 2 message that expired in a session is not delivered",
      expired, need::qos2, kept,
      [](context& test) { expired_in_the_session(test, qos::exactly_once); });
  add(to, "MQTT-3.3.2-5/between-others", "Expired messages leave others in their order", expired,
      need::qos1, kept, expired_between_others);
  add(to, "MQTT-3.3.2-5/without-quota-qos1",
      "A QoS 1 message that expired for want of quota is gone", expired, need::qos1, kept,
      [](context& test) { expired_without_quota(test, qos::at_least_once); });
  add(to, "MQTT-3.3.2-5/without-quota-qos2",
      "A QoS 2 message that expired for want of quota is gone", expired, need::qos2, kept,
      [](context& test) { expired_without_quota(test, qos::exactly_once); });
  add(to, "MQTT-3.3.2-5/one-subscriber",
      "A message expires for who was away, not for who was there", expired, need::qos1, kept,
      expired_for_one_subscriber);
  add(to, "MQTT-3.3.2-5/no-interval", "A message without Message Expiry Interval does not expire",
      {v5("MQTT-3.3.2-5"), v5("MQTT-3.3.2-6")}, need::qos1, kept, without_interval);
  // For QoS 2 this is laid down in words, for QoS 1 it follows from two rules together.
  to.add({.id = "MQTT-4.4.0-1/expired-in-flight",
          .title = "A QoS 1 message that was sent does not expire",
          .covers = {v5("MQTT-4.4.0-1"), v5("MQTT-3.3.2-5")},
          .needs = {need::qos1},
          .defects = {"drop-expired-message-in-flight"},
          .level = requirement_level::should,
          .body = sent_message_does_not_expire});
  add(to, "MQTT-4.3.3-7/open-connection",
      "The exchange of a delivered QoS 2 message goes on after it has expired",
      {v5("MQTT-4.3.3-7"), v5("MQTT-4.3.3-4")}, need::qos2, {"omit-pubrel"},
      acknowledged_after_expiry);
}

}  // namespace gauntlet::conformance
