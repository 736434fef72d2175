#pragma once

// A PUBLISH of the broker's beside what is known of it: its subscriptions, the message that was
// published, and whether it came before.

#include <optional>
#include <string>
#include <vector>

#include "conformance/invariants/connection_story.hpp"
#include "harness/mqtt/packets.hpp"

namespace gauntlet::conformance {

/// What the rules for deliveries ask. Borrows from the story and the packet.
struct arrived_message {
  const mqtt::publish& packet;
  std::string topic_name;  ///< empty if it has an alias that is not known
  /// The message with its Packet Identifier that the client has not done with; null if none.
  const delivery_in_flight* in_flight = nullptr;
  /// Whether that is the same message, so that this is a re-delivery.
  bool repeats = false;
  /// Subscriptions of the session, past ones and refused ones as well, that may be its cause.
  std::vector<const subscription_record*> causes;
  std::optional<std::size_t> place;           ///< in the test's published messages
  const published_message* origin = nullptr;  ///< the message at that place
  std::uint32_t earlier = 0;                  ///< how often the origin came as a new message

  /// Whether it can have come of one plain subscription only, so that it comes once.
  bool has_one_cause(mqtt::protocol_version version) const {
    return causes.size() == 1 && !causes.front()->is_shared(version);
  }
};

/// Looks the packet up; without a session all but the topic stay empty.
arrived_message look_up(const connection_story& on, const mqtt::publish& packet);

}  // namespace gauntlet::conformance
