#pragma once

// Reason Strings and User Properties that explain a refusal to a person (MQTT 5.0 §3.1.2.11.7,
// §4.13): never where the client asked for none, and never so that the packet gets larger than the
// client takes.

#include <string>
#include <vector>

#include "harness/broker/state.hpp"
#include "harness/mqtt/packets.hpp"

namespace gauntlet::broker {

/// What went wrong, in words.
struct problem {
  std::string reason_string;
  std::vector<mqtt::string_pair> user_properties;
};

/// Appends a packet of the broker together with as much of the explanation as is permitted: all of
/// it, or the Reason String, or nothing [MQTT-3.1.2-29, MQTT-3.2.2-19, -20, MQTT-3.4.2-2, -3, ...].
/// Answers false, and appends nothing, if not even the bare packet fits the client's Maximum Packet
/// Size.
bool send_explained(broker_state& broker, connection& to, const mqtt::packet& packet,
                    const problem& explained);

/// What a SUBACK or UNSUBACK refuses: the filters, and the name of each one's code.
template <class Filters, class FilterOf>
problem problem_of(const Filters& filters, FilterOf&& filter_of,
                   const std::vector<mqtt::reason_code>& codes) {
  problem found;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    if (!mqtt::is_error(codes[i])) continue;
    const std::string& filter = filter_of(filters[i]);
    const std::string_view name = mqtt::reason_code_name(codes[i]);
    if (found.reason_string.empty()) found.reason_string = fmt::format("{}: {}", name, filter);
    found.user_properties.push_back({filter, std::string(name)});
  }
  return found;
}

/// Appends PUBACK, PUBREC, PUBREL or PUBCOMP with an error; 3.1.1 gets it without the code.
void send_negative_acknowledgement(broker_state& broker, connection& to, mqtt::packet_type type,
                                   std::uint16_t packet_identifier, mqtt::reason_code reason,
                                   const problem& explained);

}  // namespace gauntlet::broker
