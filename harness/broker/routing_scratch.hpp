#pragma once

// Memory that routing one message after the other uses again, so that it allocates nothing.

#include <cstdint>
#include <vector>

#include "harness/base/bytes.hpp"
#include "harness/mqtt/protocol.hpp"

namespace gauntlet::broker {

struct session;

/// A session that gets the message in hand, with what its matching subscriptions ask for together.
struct routing_target {
  session* receiver = nullptr;
  mqtt::qos qos = mqtt::qos::at_most_once;  ///< the highest granted [MQTT-3.3.4-2]
  bool retain_as_published = false;
  std::uint32_t group = 0;  ///< number of the shared subscription that it is for; 0 for none
  std::vector<std::uint32_t> identifiers;  ///< of all that have one [MQTT-3.3.4-4]
};

/// The targets of the message in hand: the first `used` of `targets`.
struct routing_scratch {
  std::vector<routing_target> targets;
  std::size_t used = 0;
  std::uint64_t match_serial = 0;

  byte_buffer properties;  ///< of a PUBLISH being encoded
  byte_buffer forwarded;   ///< properties of a PUBLISH being received

  /// The latest PUBLISH encoded, so that many subscribers cost one encoding. Valid while
  /// `encoded_serial` is that of the message in hand.
  byte_buffer encoded;
  std::uint64_t encoded_serial = 0;
  mqtt::protocol_version encoded_version = mqtt::protocol_version::v5;
  mqtt::qos encoded_qos = mqtt::qos::at_most_once;
  bool encoded_retain = false;
};

}  // namespace gauntlet::broker
