// The broker's Maximum Packet Size: what it announces is what it takes. MQTT 5.0 §3.2.2.3.6

#include "conformance/cases/packet_size/packet_size_cases.hpp"
#include "conformance/cases/packet_size/sized_publish.hpp"
#include "conformance/cases/support/acknowledgements.hpp"
#include "conformance/cases/support/message_path.hpp"
#include "conformance/suite/breach.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;
using mqtt::reason_code;

// More than this a test does not send.
constexpr std::uint32_t practical_maximum = 16U << 20U;

// The announced value, or a test that is skipped.
std::uint32_t announced(context& test) {
  const std::uint32_t maximum = *test.able().maximum_packet_size;
  if (maximum > practical_maximum) {
    test.skip("its Maximum Packet Size is " + std::to_string(maximum) + " bytes, too much to send");
  }
  return maximum;
}

void one_byte_more_is_refused(context& test, qos level) {
  const std::uint32_t maximum = announced(test);
  if (test.over()) return;
  const auto publish = [&](client& c, std::uint32_t size) {
    mqtt::publish packet = publish_of_size(test.topic("t"), size, level);
    if (level != qos::at_most_once) packet.packet_identifier = 9;
    c.send(packet);
  };
  expect_refused(test, {.control = [&](client& c) { publish(c, maximum); },
                        .commit = [&](client& c) { publish(c, maximum + 1); },
                        .manner = {{reason_code::packet_too_large}}});
}

void large_message_is_delivered(context& test) {
  const std::uint32_t maximum = announced(test);
  if (test.over()) return;
  message_path path = open_path(test, qos::at_least_once);
  const mqtt::publish large = publish_of_size(path.topic, maximum, qos::at_least_once);
  expect_taken(test, path.from, large);
  path.to->expect<mqtt::publish>(
      "the message of just the broker's Maximum Packet Size", {},
      [&](const mqtt::publish& came) { return came.payload == large.payload; });
}

}  // namespace

void add_broker_maximum_cases(suite& to) {
  to.add({.id = "PE-3.2.2.3.6-b/qos0",
          .title = "A QoS 0 message one byte above the broker's maximum ends the connection",
          .covers = {v5("PE-3.2.2.3.6-b"), v5("MQTT-3.2.2-15")},
          .needs = {need::maximum_packet_size},
          .defects = {"accept-packet-above-maximum-packet-size"},
          .body = [](context& test) { one_byte_more_is_refused(test, qos::at_most_once); }});
  to.add({.id = "PE-3.2.2.3.6-b/qos1",
          .title = "A QoS 1 message one byte above the broker's maximum ends the connection",
          .covers = {v5("PE-3.2.2.3.6-b"), v5("MQTT-3.2.2-15")},
          .needs = {need::maximum_packet_size, need::qos1},
          .defects = {"accept-packet-above-maximum-packet-size"},
          .body = [](context& test) { one_byte_more_is_refused(test, qos::at_least_once); }});
  to.add({.id = "PE-3.2.2.3.6-b/delivered",
          .title = "A message of just the broker's Maximum Packet Size is delivered",
          .covers = {v5("PE-3.2.2.3.6-b"), v5("MQTT-4.5.0-1")},
          .needs = {need::maximum_packet_size, need::qos1},
          .defects = {"cut-long-payload"},
          .body = large_message_is_delivered});
}

}  // namespace gauntlet::conformance
