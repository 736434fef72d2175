// The broker's Receive Maximum: what it announces is what it takes. MQTT 5.0 §3.2.2.3.3, §3.3.4,
// §4.9

#include "conformance/cases/flow_control/flow_control_cases.hpp"
#include "conformance/cases/support/acknowledgements.hpp"
#include "conformance/cases/support/message_path.hpp"
#include "conformance/suite/breach.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;
using mqtt::reason_code;

// More than this a test does not send.
constexpr std::uint16_t practical_maximum = 2000;

// The announced value, or nothing and a test that is skipped.
std::uint16_t announced(context& test) {
  const std::uint16_t maximum = *test.able().receive_maximum;
  if (maximum > practical_maximum) {
    test.skip("its Receive Maximum is " + std::to_string(maximum) + ", too many to send");
  }
  return maximum;
}

// QoS 2 messages up to PUBREC, which keeps them outstanding.
void publish_unreleased(context& test, client& from, std::uint16_t first, std::uint16_t last) {
  const std::string topic = test.topic("t");
  for (std::uint16_t i = first; i <= last && !test.over(); ++i) {
    from.publish_unreleased(publish_of(topic, "x", qos::exactly_once, i));
  }
}

void maximum_can_be_used(context& test) {
  const std::uint16_t maximum = announced(test);
  client& a = test.connected("publisher");
  publish_unreleased(test, a, 1, static_cast<std::uint16_t>(maximum - 1));
  a.send(publish_of(test.topic("t"), "x", qos::exactly_once, maximum));
  expect_pubrec(test, a, maximum);
  release(a, maximum);
  prove_delivery(test, test.connected("other"));
}

// One message too many. A broker that refuses the message alone has none too many outstanding.
void publish_too_many(context& test, client& c, std::uint16_t identifier) {
  c.send(publish_of(test.topic("t"), "x", qos::exactly_once, identifier));
  script::arrival answer = c.next(test.close_time());
  const auto* const pubrec = script::packet_of<mqtt::pubrec>(answer);
  if (pubrec != nullptr && mqtt::is_error(pubrec->reason_code)) {
    return test.leave_undecided("the broker refuses the one message with PUBREC");
  }
  if (!std::holds_alternative<script::arrived_nothing>(answer)) c.set_aside(std::move(answer));
}

void one_more_is_refused(context& test) {
  const std::uint16_t maximum = announced(test);
  const auto fill = [&](client& c) { publish_unreleased(test, c, 1, maximum); };
  expect_refused(test, {.control = fill,
                        .commit =
                            [&](client& c) {
                              fill(c);
                              publish_too_many(test, c, static_cast<std::uint16_t>(maximum + 1));
                            },
                        .manner = {{reason_code::receive_maximum_exceeded}}});
}

// PUBCOMP makes room for one message, and for one alone.
void pubcomp_makes_room(context& test) {
  const std::uint16_t maximum = announced(test);
  const auto next = static_cast<std::uint16_t>(maximum + 1);
  const auto exchange_one = [&](client& c) {
    publish_unreleased(test, c, 1, maximum);
    release(c, 1);
    publish_unreleased(test, c, next, next);
  };
  expect_refused(test, {.control = exchange_one,
                        .commit =
                            [&](client& c) {
                              exchange_one(c);
                              publish_too_many(test, c, static_cast<std::uint16_t>(maximum + 2));
                            },
                        .manner = {{reason_code::receive_maximum_exceeded}}});
}

void other_packets_are_answered(context& test) {
  const std::uint16_t maximum = announced(test);
  client& a = test.connected("publisher");
  client& watcher = test.connected("watcher");
  watcher.subscribe(test.topic("qos0"), qos::at_least_once);
  publish_unreleased(test, a, 1, static_cast<std::uint16_t>(maximum - 1));
  a.send(publish_of(test.topic("t"), "x", qos::exactly_once, maximum));
  expect_pubrec(test, a, maximum);
  a.send(mqtt::pingreq{});
  a.expect<mqtt::pingresp>("PINGRESP with the Receive Maximum used up");
  a.send(mqtt::subscribe{.packet_identifier = static_cast<std::uint16_t>(maximum + 1),
                         .subscriptions = {{test.topic("u"), mqtt::subscription_options{}}}});
  a.expect<mqtt::suback>("SUBACK with the Receive Maximum used up");
  a.send(publish_of(test.topic("qos0"), "x"));
  watcher.expect_publish("x");
  release(a, maximum);
}

// What one client has outstanding is nothing to another.
void maximum_is_of_one_client(context& test) {
  const std::uint16_t maximum = announced(test);
  client& a = test.connected("publisher");
  publish_unreleased(test, a, 1, static_cast<std::uint16_t>(maximum - 1));
  client& other = test.connected("other");
  publish_unreleased(test, other, 1, static_cast<std::uint16_t>(maximum - 1));
  for (client* each : {&a, &other}) {
    each->send(publish_of(test.topic("t"), "x", qos::exactly_once, maximum));
    expect_pubrec(test, *each, maximum);
  }
  prove_delivery(test, test.connected("third"));
}

void repeated_exchanges_use_no_quota_up(context& test) {
  const std::uint16_t maximum = announced(test);
  client& a = test.connected("publisher");
  for (std::uint16_t i = 0; i < 3; ++i) {
    a.publish(test.topic("t"), "x", qos::exactly_once);
    a.publish(test.topic("t"), "x", qos::at_least_once);
  }
  publish_unreleased(test, a, 100, static_cast<std::uint16_t>(98 + maximum));
  a.send(publish_of(test.topic("t"), "x", qos::exactly_once,
                    static_cast<std::uint16_t>(99 + maximum)));
  expect_pubrec(test, a, static_cast<std::uint16_t>(99 + maximum));
  prove_delivery(test, test.connected("other"));
}

}  // namespace

void add_broker_receive_maximum_cases(suite& to) {
  const std::vector<need> needs = {need::qos2, need::receive_maximum};
  to.add({.id = "MQTT-3.3.4-7/maximum",
          .title = "As many messages may be outstanding as the broker's Receive Maximum says",
          .covers = {v5("PE-3.3.4-e"), v5("MQTT-4.9.0-1")},
          .needs = needs,
          .defects = {"close-at-receive-maximum"},
          .body = maximum_can_be_used});
  to.add({.id = "PE-3.3.4-e/one-more",
          .title = "One more outstanding message than the Receive Maximum ends the connection",
          .covers = {v5("PE-3.3.4-e"), v5("MQTT-3.3.4-7")},
          .needs = needs,
          .defects = {"accept-publish-above-receive-maximum"},
          .body = one_more_is_refused});
  to.add({.id = "PE-3.3.4-e/after-pubcomp",
          .title = "PUBCOMP makes room for one message within the broker's Receive Maximum",
          .covers = {v5("PE-3.3.4-e"), v5("MQTT-3.3.4-7"), v5("MQTT-4.9.0-2")},
          .needs = needs,
          .defects = {"accept-publish-above-receive-maximum"},
          .body = pubcomp_makes_room});
  to.add({.id = "MQTT-4.9.0-3/broker",
          .title = "With the broker's Receive Maximum used up other packets are answered",
          .covers = {v5("MQTT-4.9.0-3")},
          .needs = needs,
          .defects = {"close-at-receive-maximum", "omit-pingresp"},
          .body = other_packets_are_answered});
  to.add({.id = "MQTT-4.9.0-1/each-client",
          .title = "Each client has the broker's Receive Maximum for itself",
          .covers = {v5("MQTT-4.9.0-1"), v5("PE-3.3.4-e")},
          .needs = needs,
          .defects = {"close-at-receive-maximum"},
          .body = maximum_is_of_one_client});
  to.add({.id = "MQTT-4.9.0-2/finished-exchanges",
          .title = "Finished exchanges take nothing from the broker's Receive Maximum",
          .covers = {v5("MQTT-4.9.0-2"), v5("PE-3.3.4-e")},
          .needs = needs,
          .defects = {"close-at-receive-maximum"},
          .body = repeated_exchanges_use_no_quota_up});
}

}  // namespace gauntlet::conformance
