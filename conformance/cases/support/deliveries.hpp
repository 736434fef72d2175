#pragma once

// What tests about messages on their way have in common: messages to publish, subscriptions to ask
// for, and judging all that came to one client or to several.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/suite/context.hpp"

namespace gauntlet::conformance {

/// A PUBLISH as a client sends it; client::publish() gives it its Packet Identifier.
mqtt::publish message(std::string topic, std::string_view payload,
                      mqtt::qos qos = mqtt::qos::at_least_once, bool retain = false);
/// The same with properties (5.0).
mqtt::publish message_with(mqtt::property_list properties, std::string topic,
                           std::string_view payload, mqtt::qos qos = mqtt::qos::at_least_once,
                           bool retain = false);

/// A CONNECT of `version` whose session outlives its connection by a minute.
mqtt::connect lasting_connect(mqtt::protocol_version version, bool clean_start = false);

/// Demands a SUBACK with a code for each filter; what the codes say is for the caller.
mqtt::suback expect_suback(client& from, std::vector<mqtt::subscription> filters,
                           mqtt::property_list properties = {});
/// Demands an UNSUBACK; in 5.0 with a code for each filter.
mqtt::unsuback expect_unsuback(client& from, std::vector<std::string> filters);

/// Subscribes with a Subscription Identifier (5.0); the test is blocked if that is not granted.
void subscribe_with_identifier(client& to, std::string filter, mqtt::qos maximum_qos,
                               std::uint32_t identifier, mqtt::subscription_options options = {});

/// The Subscription Identifiers of a message, in rising order.
std::vector<std::uint32_t> identifiers_of(const mqtt::publish& message);
/// Demands a message with exactly these identifiers, in whatever order, and acknowledges it.
mqtt::publish expect_identifiers(client& to, std::string_view payload,
                                 std::vector<std::uint32_t> wanted);

/// Demands that messages with these payloads come to the client, in whatever order, each once, and
/// then none. All are acknowledged and answered.
std::vector<mqtt::publish> expect_only(client& to,
                                       std::initializer_list<std::string_view> payloads);

/// A message and who got it.
struct delivery {
  client* to = nullptr;
  mqtt::publish message;
};

/// All messages that come to any of these clients: until there are `expected`, and then for the
/// quiet time. They are acknowledged. Fewer fail the test.
std::vector<delivery> receive_together(context& test, const std::vector<client*>& members,
                                       std::size_t expected);

/// The payload as text.
inline std::string payload_of(const mqtt::publish& message) {
  return std::string(as_text(message.payload));
}

/// Fails the test for what this client saw.
void fail_with(context& test, const client& who, std::string expected, std::string observed);

/// The test says nothing unless the condition holds; `otherwise` tells people why.
void demand(context& test, const client& who, bool condition, std::string expected,
            std::string observed);

}  // namespace gauntlet::conformance
