#pragma once

// What an invariant gets to see: one packet of the broker's, and what went over its connection
// before.

#include <variant>

#include "conformance/invariants/arrived_message.hpp"
#include "conformance/invariants/connection_story.hpp"
#include "harness/base/bytes.hpp"
#include "harness/mqtt/codec.hpp"

namespace gauntlet::conformance {

/// A packet as it came; the connection's story does not hold it yet. Borrows everything.
struct observed_packet {
  const connection_story& on;
  byte_view bytes;  ///< not empty; whole, unless not even its length could be read
  /// One of the two is null.
  const mqtt::packet* packet = nullptr;       ///< of a legal packet
  const mqtt::decode_error* error = nullptr;  ///< the first rule that it breaks by itself
  const arrived_message* message = nullptr;   ///< of a legal PUBLISH

  /// What its first byte announces.
  mqtt::packet_type type() const { return mqtt::packet_type_of(bytes.front()); }
  bool is(mqtt::packet_type what) const { return type() == what; }
  bool is_v5() const { return on.version == mqtt::protocol_version::v5; }

  /// The packet, if it is a legal one of type T.
  template <class T>
  const T* as() const {
    return packet == nullptr ? nullptr : std::get_if<T>(packet);
  }
};

}  // namespace gauntlet::conformance
