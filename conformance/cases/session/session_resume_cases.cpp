// What a session keeps while its client is away, and Session Present. MQTT 5.0 §3.1.2.4, §3.2.2.1.1

#include "conformance/cases/session/session_cases.hpp"
#include "conformance/cases/support/acknowledgements.hpp"
#include "conformance/cases/support/lasting_session.hpp"
#include "conformance/cases/support/message_path.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

// The session of "device" with a subscription, left with DISCONNECT or without.
void leave_session(context& test, bool by_disconnect, qos maximum_qos = qos::at_least_once) {
  client& device = test.connected("device", lasting_session(test, true));
  device.subscribe(test.topic("t"), maximum_qos);
  if (by_disconnect) {
    device.disconnect();
  } else {
    device.drop();
  }
}

void resumed(context& test, bool by_disconnect) {
  leave_session(test, by_disconnect);
  client& publisher = test.connected("publisher");
  publisher.publish(test.topic("t"), "while away");
  client& again = test.connecting("device", lasting_session(test));
  again.expect_session_present(true);
  again.acknowledge(again.expect_publish("while away"));
  publisher.publish(test.topic("t"), "afterwards");
  again.expect_publish("afterwards");
}

void created_if_there_is_none(context& test) {
  client& fresh = test.connecting("device", lasting_session(test));
  fresh.expect_session_present(false);
  fresh.subscribe(test.topic("t"), qos::at_least_once);
  fresh.disconnect();
  test.connecting("device", lasting_session(test)).expect_session_present(true);
}

void present_without_subscription(context& test) {
  test.connected("device", lasting_session(test)).disconnect();
  test.connecting("device", lasting_session(test)).expect_session_present(true);
}

void keeps_several_messages(context& test) {
  leave_session(test, true, qos::exactly_once);
  client& publisher = test.connected("publisher");
  for (const std::string_view payload : {"1", "2", "3"}) {
    publisher.publish(test.topic("t"), payload, qos::exactly_once);
  }
  publisher.publish(test.topic("t"), "at QoS 1");
  client& again = test.connecting("device", lasting_session(test));
  again.expect_session_present(true);
  for (const std::string_view payload : {"1", "2", "3"}) {
    again.acknowledge(again.expect_publish(
        payload, [](const mqtt::publish& came) { return came.qos == qos::exactly_once; }, "QoS 2"));
  }
  again.acknowledge(again.expect_publish(
      "at QoS 1", [](const mqtt::publish& came) { return came.qos == qos::at_least_once; },
      "QoS 1"));
}

void keeps_unacknowledged_delivery(context& test) {
  message_path path = open_path(test, qos::at_least_once);
  path.publish("x", qos::at_least_once);
  const mqtt::publish first = path.to->take("x");
  path.to->drop();
  client& again = test.connecting(path.to->name(), resumable(test));
  again.expect_session_present(true);
  again.expect_publish(
      "x",
      [&](const mqtt::publish& came) {
        return came.dup && came.packet_identifier == first.packet_identifier;
      },
      "DUP 1 and its Packet Identifier");
}

// PUBREC has come; after the resume PUBREL completes the exchange, and the message was passed on
// once.
void keeps_inbound_exchange(context& test) {
  client& watcher = test.connected("watcher");
  watcher.subscribe(test.topic("t"), qos::exactly_once);
  client& device = test.connected("device", lasting_session(test));
  mqtt::publish packet = publish_of(test.topic("t"), "x", qos::exactly_once, 7);
  device.publish_unreleased(packet);
  device.drop();
  client& again = test.connecting("device", lasting_session(test));
  again.expect_session_present(true);
  packet.dup = true;
  again.send(packet);
  expect_pubrec(test, again, 7);
  release(again, 7);
  watcher.acknowledge(watcher.expect_publish("x"));
  watcher.expect_quiet();
}

// The broker has sent PUBREL; after the resume it sends it again.
void keeps_outbound_release(context& test) {
  message_path path = open_path(test, qos::exactly_once);
  path.publish("x", qos::exactly_once);
  const mqtt::publish came = path.to->take("x");
  path.to->send(mqtt::pubrec{.packet_identifier = came.packet_identifier});
  expect_pubrel(*path.to, came.packet_identifier);
  path.to->drop();
  client& again = test.connecting(path.to->name(), resumable(test));
  again.expect_session_present(true);
  expect_pubrel(again, came.packet_identifier);
  again.send(mqtt::pubcomp{.packet_identifier = came.packet_identifier});
  again.expect_no_publish();
}

void keeps_unsubscription(context& test) {
  client& device = test.connected("device", lasting_session(test));
  device.subscribe(test.topic("kept"), qos::at_least_once);
  device.subscribe(test.topic("given-up"), qos::at_least_once);
  device.unsubscribe(test.topic("given-up"));
  device.disconnect();
  client& publisher = test.connected("publisher");
  publisher.publish(test.topic("given-up"), "no");
  publisher.publish(test.topic("kept"), "yes");
  client& again = test.connecting("device", lasting_session(test));
  again.expect_session_present(true);
  again.acknowledge(again.expect_publish("yes"));
  again.expect_no_publish();
}

void keeps_subscription_identifier(context& test) {
  client& device = test.connected("device", lasting_session(test));
  const std::uint16_t identifier = device.next_packet_identifier();
  device.send(mqtt::subscribe{.packet_identifier = identifier,
                              .subscriptions = {{test.topic("t"), {qos::at_least_once}}},
                              .properties = {mqtt::subscription_identifier(42)}});
  device.expect<mqtt::suback>("SUBACK");
  device.disconnect();
  client& again = test.connecting("device", lasting_session(test));
  again.expect_session_present(true);
  test.connected("publisher").publish(test.topic("t"), "x");
  again.expect_publish(
      "x",
      [](const mqtt::publish& came) {
        return came.properties.find<mqtt::property_id::subscription_identifier>() == 42U;
      },
      "Subscription Identifier 42");
}

void lasts_over_several_returns(context& test) {
  leave_session(test, true);
  client& publisher = test.connected("publisher");
  for (const std::string_view payload : {"1", "2", "3"}) {
    publisher.publish(test.topic("t"), payload);
    client& again = test.connecting("device", lasting_session(test));
    again.expect_session_present(true);
    again.acknowledge(again.expect_publish(payload));
    again.ping();
    again.drop();
  }
}

test_case kept(std::string word, std::string title, std::vector<caught_defect> defects,
               std::function<void(context&)> body, need needed = need::qos1) {
  return {.id = "MQTT-4.1.0-1/" + word,
          .title = std::move(title),
          .covers = {v5("PR5-4.1-b"), v5("MQTT-3.1.2-23"), v3("MQTT-4.1.0-1")},
          .needs = {needed},
          .defects = std::move(defects),
          .body = std::move(body)};
}

void add_what_is_kept(suite& to) {
  to.add(kept("several-messages", "Messages of QoS 1 and 2 wait in the session, each at its QoS",
              {"forget-session-at-disconnect"}, keeps_several_messages, need::qos2));
  to.add(kept("unacknowledged-delivery", "A delivery that was not acknowledged is made again",
              {"forget-session-at-disconnect"}, keeps_unacknowledged_delivery));
  to.add(kept("inbound-exchange", "A QoS 2 message half received is not passed on twice",
              {"forget-session-at-disconnect"}, keeps_inbound_exchange, need::qos2));
  to.add(kept("outbound-release", "A PUBREL that was not answered is sent again",
              {"forget-session-at-disconnect"}, keeps_outbound_release, need::qos2));
  to.add(kept("unsubscription", "What was unsubscribed stays so, and the rest stays subscribed",
              {"forget-session-at-disconnect"}, keeps_unsubscription));
  to.add(kept("several-returns", "A session lasts over several connections",
              {"forget-session-at-disconnect", "deny-session-present"},
              lasts_over_several_returns));
  to.add({.id = "PR5-4.1-b/subscription-identifier",
          .title = "A session keeps the Subscription Identifier with the subscription",
          .covers = {v5("PR5-4.1-b"), v5("PR5-3.8.2.1.2-a")},
          .needs = {need::qos1, need::subscription_identifiers},
          .defects = {"forget-subscriptions-at-resume"},
          .body = keeps_subscription_identifier});
}

}  // namespace

void add_session_resume_cases(suite& to) {
  const auto covers = [] {
    return std::vector<statement_name>{v5("MQTT-3.1.2-5"), v5("MQTT-3.1.2-23"), v5("MQTT-3.2.2-3"),
                                       v3("MQTT-3.1.2-4"), v3("MQTT-3.1.2-5"),  v3("MQTT-3.2.2-2")};
  };
  to.add({.id = "MQTT-3.1.2-5/resumed",
          .title = "A session is resumed, with its subscriptions and messages, after DISCONNECT",
          .covers = covers(),
          .needs = {need::qos1},
          .defects = {"forget-session-at-disconnect",
                      "deny-session-present",
                      "forget-subscriptions-at-resume",
                      {"end-session-that-never-expires", caught_defect::in::v3_1_1_only}},
          .body = [](context& test) { resumed(test, true); }});
  to.add({.id = "MQTT-3.1.2-5/resumed-after-drop",
          .title = "A session is resumed after the connection broke",
          .covers = covers(),
          .needs = {need::qos1},
          .defects = {"forget-session-at-disconnect", "deny-session-present",
                      "forget-subscriptions-at-resume"},
          .body = [](context& test) { resumed(test, false); }});
  to.add(
      {.id = "MQTT-3.1.2-6/created",
       .title = "Clean Start 0 begins a session where there is none",
       .covers = {v5("MQTT-3.1.2-6"), v5("MQTT-3.2.2-3"), v3("MQTT-3.1.2-4"), v3("MQTT-3.2.2-3")},
       .needs = {need::qos1},
       .defects = {"refuse-resume-without-session", "claim-session-present",
                   "deny-session-present"},
       .body = created_if_there_is_none});
  to.add({.id = "MQTT-3.2.2-3/without-subscription",
          .title = "Session Present is 1 for a session without subscriptions",
          .covers = {v5("MQTT-3.2.2-3"), v3("MQTT-3.2.2-2")},
          .defects = {"deny-session-present", "forget-session-at-disconnect"},
          .body = present_without_subscription});
  add_what_is_kept(to);
}

}  // namespace gauntlet::conformance
