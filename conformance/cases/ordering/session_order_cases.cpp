// Order over the connections of a session: what waited, what comes again, PUBREL; and with a
// Receive Maximum. MQTT 5.0 §4.6

#include "conformance/cases/ordering/ordering_cases.hpp"
#include "conformance/cases/support/message_path.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

void messages_that_waited(context& test, qos level) {
  message_path path = open_path(test, level);
  path.to->drop();
  path.publish_each({"1", "2", "3", "4"}, level);
  expect_in_order(test, path.resume(), {"1", "2", "3", "4"});
}

void messages_that_waited_and_new_ones(context& test, qos level) {
  message_path path = open_path(test, level);
  path.to->drop();
  path.publish_each({"1", "2"}, level);
  path.resume();
  path.publish_each({"3", "4"}, level);
  expect_in_order(test, *path.to, {"1", "2", "3", "4"});
}

// "1" was sent and not acknowledged, the others were published since.
void messages_in_flight_and_waiting(context& test, qos level) {
  message_path path = open_path(test, level);
  path.publish("1", level);
  path.to->take("1");
  path.to->drop();
  path.publish_each({"2", "3"}, level);
  expect_in_order(test, path.resume(), {"1", "2", "3"});
}

// As many as the broker sends without acknowledgement.
void messages_come_again(context& test, qos level) {
  message_path path = open_path(test, level);
  path.publish_each({"1", "2", "3"}, level);
  const auto sent = take_sent_ahead(test, *path.to);
  std::vector<std::string> payloads;
  for (const mqtt::publish& each : sent) payloads.emplace_back(as_text(each.payload));
  expect_in_order(test, path.resume(), payloads);
}

// PUBREC for each message in the order of the messages, in one go; then over the next connection.
void pubrel_order(context& test) {
  message_path path = open_path(test, qos::exactly_once);
  path.publish_each({"1", "2", "3"}, qos::exactly_once);
  const auto sent = take_sent_ahead(test, *path.to);
  for (const mqtt::publish& each : sent) {
    path.to->send(mqtt::pubrec{.packet_identifier = each.packet_identifier});
  }
  const auto expect_pubrels = [&] {
    for (const mqtt::publish& each : sent) {
      path.to->expect<mqtt::pubrel>("PUBREL in the order of PUBREC", {}, [&each](const auto& came) {
        return came.packet_identifier == each.packet_identifier;
      });
    }
  };
  expect_pubrels();
  path.resume();
  expect_pubrels();
}

void with_receive_maximum(context& test, qos level, std::uint16_t maximum) {
  message_path path = open_path(test, level, {mqtt::receive_maximum(maximum)});
  path.publish_each({"1", "2", "3", "4"}, level);
  expect_in_order(test, *path.to, {"1", "2", "3", "4"});
}

void waited_with_receive_maximum(context& test, qos level) {
  message_path path = open_path(test, level);
  path.to->drop();
  path.publish_each({"1", "2", "3", "4"}, level);
  expect_in_order(test, path.resume({mqtt::receive_maximum(1)}), {"1", "2", "3", "4"});
}

std::vector<statement_name> ordered() {
  return {v5("MQTT-4.6.0-5"), v3("MQTT-4.6.0-6"), v3("MQTT-4.6.0-5")};
}

void add_cases_of_level(suite& to, qos level, const std::string& word, need needed) {
  to.add({.id = "MQTT-4.6.0-5/waited-" + word,
          .title = "Messages that waited for a session come in order: " + word,
          .covers = ordered(),
          .needs = {needed},
          .defects = {"reverse-queued-messages"},
          .body = [level](context& test) { messages_that_waited(test, level); }});
  to.add({.id = "MQTT-4.6.0-5/waited-and-new-" + word,
          .title = "New messages come after those that waited for a session: " + word,
          .covers = ordered(),
          .needs = {needed},
          .defects = {"reverse-queued-messages"},
          .body = [level](context& test) { messages_that_waited_and_new_ones(test, level); }});
  to.add({.id = "MQTT-4.6.0-5/in-flight-and-waited-" + word,
          .title = "Messages that waited come after those that are sent again: " + word,
          .covers = ordered(),
          .needs = {needed},
          .defects = {"reverse-queued-messages"},
          .body = [level](context& test) { messages_in_flight_and_waiting(test, level); }});
  to.add({.id = "MQTT-4.6.0-1/sent-again-" + word,
          .title = "Messages are sent again in their order (3.1.1): " + word,
          .covers = {v3("MQTT-4.6.0-1"), v3("MQTT-4.6.0-6")},
          .needs = {needed},
          .defects = {"redeliver-in-reverse-order"},
          .body = [level](context& test) { messages_come_again(test, level); }});
  // 5.0 lays this down for clients alone.
  to.add({.id = "MQTT-4.6.0-5/sent-again-" + word,
          .title = "Messages are sent again in their order (5.0): " + word,
          .covers = {v5("MQTT-4.6.0-5")},
          .needs = {needed},
          .defects = {"redeliver-in-reverse-order"},
          .level = requirement_level::should,
          .body = [level](context& test) { messages_come_again(test, level); }});
  for (const std::uint16_t maximum : {std::uint16_t{1}, std::uint16_t{2}}) {
    to.add(
        {.id = "MQTT-4.6.0-5/receive-maximum-" + std::to_string(maximum) + "-" + word,
         .title =
             "Messages come in order with Receive Maximum " + std::to_string(maximum) + ": " + word,
         .covers = {v5("MQTT-4.6.0-5"), v5("MQTT-4.6.0-6")},
         .needs = {needed},
         .defects = {"reorder-deliveries"},
         .body = [level, maximum](context& test) { with_receive_maximum(test, level, maximum); }});
  }
  to.add({.id = "MQTT-4.6.0-5/waited-receive-maximum-" + word,
          .title = "Messages that waited come in order with Receive Maximum 1: " + word,
          .covers = {v5("MQTT-4.6.0-5"), v5("MQTT-4.6.0-6")},
          .needs = {needed},
          .defects = {"reverse-queued-messages"},
          .body = [level](context& test) { waited_with_receive_maximum(test, level); }});
}

}  // namespace

void add_session_order_cases(suite& to) {
  add_cases_of_level(to, qos::at_least_once, "qos1", need::qos1);
  add_cases_of_level(to, qos::exactly_once, "qos2", need::qos2);
  to.add({.id = "MQTT-4.6.0-4/pubrel",
          .title = "PUBREL packets come in the order of PUBREC, over the next connection as well",
          .covers = {v3("MQTT-4.6.0-4"), v3("MQTT-4.6.0-6")},
          .needs = {need::qos2},
          .defects = {"send-pubrel-in-reverse-order"},
          .body = pubrel_order});
}

}  // namespace gauntlet::conformance
