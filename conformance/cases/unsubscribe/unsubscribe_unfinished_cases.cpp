// Deliveries that were begun before UNSUBSCRIBE are finished after it. MQTT 5.0 §3.10.4

#include "conformance/cases/support/deliveries.hpp"
#include "conformance/cases/unsubscribe/unsubscribe_cases.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

// A message is under way to a client that then gives up the subscription.
struct unfinished {
  client& to;
  mqtt::publish message;
};

unfinished begin(context& test, qos of) {
  client& to = test.connected("subscriber", lasting_connect(test.version(), true));
  to.subscribe(test.topic("t"), of);
  test.connected("publisher").publish(test.topic("t"), "begun", of);
  mqtt::publish message = to.take("begun");
  to.unsubscribe(test.topic("t"));
  return {to, std::move(message)};
}

void qos1_comes_again(context& test) {
  begin(test, qos::at_least_once).to.drop();
  client& again = test.connected("subscriber", lasting_connect(test.version()));
  again.acknowledge(again.expect_publish("begun"));
}

void qos2_is_released(context& test) {
  const unfinished story = begin(test, qos::exactly_once);
  story.to.acknowledge(story.message);
}

void qos2_comes_again(context& test) {
  begin(test, qos::exactly_once).to.drop();
  client& again = test.connected("subscriber", lasting_connect(test.version()));
  again.acknowledge(again.expect_publish("begun"));
}

void pubrel_comes_again(context& test) {
  const unfinished story = begin(test, qos::exactly_once);
  const std::uint16_t identifier = story.message.packet_identifier;
  const auto is_its = [identifier](const mqtt::pubrel& came) {
    return came.packet_identifier == identifier;
  };
  story.to.send(mqtt::pubrec{.packet_identifier = identifier});
  story.to.expect<mqtt::pubrel>("PUBREL", is_its);
  story.to.drop();
  client& again = test.connected("subscriber", lasting_connect(test.version()));
  again.expect<mqtt::pubrel>("PUBREL again", is_its);
}

}  // namespace

void add_unsubscribe_unfinished_cases(suite& to) {
  const std::vector<statement_name> finishes = {v5("MQTT-3.10.4-3"), v3("MQTT-3.10.4-3")};
  to.add({.id = "MQTT-3.10.4-3/qos1-again",
          .title = "An unacknowledged QoS 1 message comes again after UNSUBSCRIBE and a resume",
          .covers = finishes,
          .needs = {need::qos1},
          .defects = {"drop-deliveries-at-unsubscribe"},
          .body = qos1_comes_again});
  to.add({.id = "MQTT-3.10.4-3/qos2-released",
          .title = "A QoS 2 message is released after UNSUBSCRIBE",
          .covers = finishes,
          .needs = {need::qos2},
          .defects = {"omit-pubrel"},
          .body = qos2_is_released});
  to.add({.id = "MQTT-3.10.4-3/qos2-again",
          .title = "An unacknowledged QoS 2 message comes again after UNSUBSCRIBE and a resume",
          .covers = finishes,
          .needs = {need::qos2},
          .defects = {"drop-deliveries-at-unsubscribe"},
          .body = qos2_comes_again});
  to.add({.id = "MQTT-3.10.4-3/pubrel-again",
          .title = "A PUBREL comes again after UNSUBSCRIBE and a resume",
          .covers = finishes,
          .needs = {need::qos2},
          .defects = {"omit-pubrel-at-resume"},
          .body = pubrel_comes_again});
}

}  // namespace gauntlet::conformance
