// Limits that the broker announces and the client's own. MQTT 5.0 §3.2.2.3.11 to .13, §3.9.2

#include <algorithm>

#include <fmt/format.h>

#include "conformance/cases/subscribe/subscribe_cases.hpp"
#include "conformance/cases/support/deliveries.hpp"
#include "conformance/cases/support/message_path.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;
using mqtt::reason_code;

std::size_t size_of(const mqtt::packet& packet) {
  byte_buffer bytes;
  const auto encoded = mqtt::encode(packet, mqtt::protocol_version::v5, bytes);
  return encoded.has_value() ? bytes.size() : 0;
}

// A Maximum Packet Size that leaves room for this broker's CONNACK and for bare answers.
std::uint32_t small_packet_size(context& test) {
  client& first = test.open("first");
  const mqtt::connack answer = first.connect({.client_id = test.client_id("first")});
  first.disconnect();
  return static_cast<std::uint32_t>(std::max<std::size_t>(size_of(answer), 24));
}

client& with_small_packets(context& test, std::uint32_t size) {
  return test.connected("small", {.properties = {mqtt::maximum_packet_size(size)}});
}

void suback_fits(context& test) {
  const std::uint32_t size = small_packet_size(test);
  client& small = with_small_packets(test, size);
  expect_suback(small, {{test.topic("t"), {}}});
  small.send(mqtt::subscribe{
      .packet_identifier = 9,
      .subscriptions = {{test.topic("t") + "/" + std::string(200, 'x') + "#", {}}}});
  const script::arrival what = small.next(test.answer_limit());
  if (test.over()) return;
  const auto* const came = std::get_if<script::arrived_packet>(&what);
  if (came == nullptr) {
    return test.leave_undecided("the broker does not answer with SUBACK: " +
                                script::to_text(what, test.version()));
  }
  demand(test, small, came->bytes.size() <= size,
         fmt::format("no packet of more than {} bytes", size),
         fmt::format("one of {} bytes", came->bytes.size()));
  prove_delivery(test, small, qos::at_most_once);
}

// Refused where wildcards are not supported: in 5.0 with a close, in 3.1.1 with return code 0x80.
void wildcards_are_refused(context& test) {
  client& c = test.connected("subscriber");
  c.subscribe(test.topic("t"), qos::at_most_once);
  if (!test.is_v5()) {
    const auto answer = expect_suback(c, {{test.topic("+"), {}}, {test.topic("#"), {}}});
    for (const reason_code code : answer.reason_codes) {
      demand(test, c, mqtt::is_error(code), "return code 0x80 for each filter with a wildcard",
             fmt::format("0x{:02X}", static_cast<int>(code)));
    }
    return;
  }
  c.send(mqtt::subscribe{.packet_identifier = 9, .subscriptions = {{test.topic("+"), {}}}});
  c.expect_close({{reason_code::wildcard_subscriptions_not_supported}});
}

void shared_are_refused(context& test) {
  client& c = test.connected("subscriber");
  c.subscribe(test.topic("t"), qos::at_most_once);
  c.send(mqtt::subscribe{.packet_identifier = 9,
                         .subscriptions = {{"$share/g/" + test.topic("t"), {}}}});
  c.expect_close({{reason_code::shared_subscriptions_not_supported}});
}

void identifiers_are_refused(context& test) {
  client& c = test.connected("subscriber");
  c.subscribe(test.topic("t"), qos::at_most_once);
  c.send(mqtt::subscribe{.packet_identifier = 9,
                         .subscriptions = {{test.topic("t"), {}}},
                         .properties = {mqtt::subscription_identifier(1)}});
  c.expect_close({{reason_code::subscription_identifiers_not_supported}});
}

void any_qos_may_be_asked_for(context& test) {
  client& c = test.connected("subscriber");
  for (const qos asked : {qos::at_most_once, qos::at_least_once, qos::exactly_once}) {
    const auto answer = expect_suback(c, {{test.topic("t"), {asked}}});
    if (test.over()) return;
    demand(test, c, !mqtt::is_error(answer.reason_codes[0]),
           fmt::format("a grant to who asks for QoS {}", static_cast<int>(asked)),
           fmt::format("0x{:02X}", static_cast<int>(answer.reason_codes[0])));
  }
}

}  // namespace

void add_subscribe_limit_cases(suite& to) {
  to.add({.id = "MQTT-3.9.2-1/fits",
          .title = "SUBACK with a Reason String fits the client's Maximum Packet Size",
          .covers = {v5("MQTT-3.9.2-1"), v5("MQTT-3.9.2-2"), v5("MQTT-3.1.2-24")},
          .defects = {"exceed-maximum-packet-size-with-reason-string"},
          .body = suback_fits});
  to.add({.id = "MQTT-3.9.2-2/fits",
          .title = "SUBACK with User Properties fits the client's Maximum Packet Size",
          .covers = {v5("MQTT-3.9.2-2"), v5("MQTT-3.1.2-24")},
          .defects = {"exceed-maximum-packet-size-with-user-properties"},
          .body = suback_fits});
  to.add({.id = "PE-3.2.2.3.11-b/refused",
          .title = "A broker without wildcard subscriptions refuses one",
          .covers = {v5("PE-3.2.2.3.11-b"), v3("MQTT-3.8.3-2")},
          .needs = {need::no_wildcard_subscriptions},
          .defects = {"accept-wildcard-when-not-available"},
          .body = wildcards_are_refused});
  to.add({.id = "PE-3.2.2.3.13-b/refused",
          .title = "A broker without shared subscriptions refuses one",
          .covers = {v5("PE-3.2.2.3.13-b")},
          .needs = {need::no_shared_subscriptions},
          .defects = {"accept-shared-when-not-available"},
          .body = shared_are_refused});
  to.add({.id = "PE-3.2.2.3.12-b/refused",
          .title = "A broker without Subscription Identifiers refuses one",
          .covers = {v5("PE-3.2.2.3.12-b")},
          .needs = {need::no_subscription_identifiers},
          .defects = {"accept-identifier-when-not-available"},
          .body = identifiers_are_refused});
  to.add({.id = "MQTT-3.2.2-10/any-qos-asked-for",
          .title = "A broker with a Maximum QoS grants subscriptions that ask for more",
          .covers = {v5("MQTT-3.2.2-10")},
          .needs = {need::maximum_qos_below_2},
          .defects = {"refuse-subscribe-above-maximum-qos"},
          .body = any_qos_may_be_asked_for});
}

}  // namespace gauntlet::conformance
