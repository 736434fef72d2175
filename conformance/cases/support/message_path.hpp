#pragma once

// A message on its way from a publisher to a subscriber: what tests of QoS, order, flow control and
// forwarding have in common.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/suite/context.hpp"

namespace gauntlet::conformance {

/// A PUBLISH with a Packet Identifier of the tester's choice.
mqtt::publish publish_of(std::string topic, std::string_view payload,
                         mqtt::qos qos = mqtt::qos::at_most_once,
                         std::uint16_t packet_identifier = 0, bool dup = false);
/// The same packet with properties (5.0).
mqtt::publish with(mqtt::publish packet, mqtt::property_list properties);

/// A subscriber whose session outlives its connection, a publisher, and the topic between them.
struct message_path {
  context& test;
  client* to;
  client& from;
  std::string topic;

  /// Published and acknowledged.
  void publish(std::string_view payload, mqtt::qos qos) const;
  void publish_each(std::initializer_list<std::string_view> payloads, mqtt::qos qos) const;
  /// The subscriber connects again to its session, with these properties of CONNECT; its old
  /// connection is dropped if it still stands.
  client& resume(mqtt::property_list properties = {});
};

/// Connects both; the subscriber asks for `maximum_qos`. `properties` are those of its CONNECT, for
/// 5.0 alone.
message_path open_path(context& test, mqtt::qos maximum_qos, mqtt::property_list properties = {});

/// A CONNECT that begins or resumes a session which lasts a minute.
mqtt::connect resumable(const context& test, mqtt::property_list properties = {});

/// Takes what the broker sends without being acknowledged: at least one message, and then until
/// nothing comes for the quiet time. Acknowledges nothing.
std::vector<mqtt::publish> take_sent_ahead(context& test, client& to);

/// Demands messages with these payloads, one after the other, and acknowledges each. A repeat with
/// DUP 1 of one that was there already does not count.
void expect_in_order(context& test, client& to, const std::vector<std::string>& payloads);

/// Blocks the test unless a message gets from `from` to a subscriber: for tests of which a broker
/// that delivers nothing knows nothing.
void prove_delivery(context& test, client& from, mqtt::qos qos = mqtt::qos::at_least_once);

/// Fails the test at this client.
void deviate(context& test, const client& at, std::string expected, std::string observed);

}  // namespace gauntlet::conformance
