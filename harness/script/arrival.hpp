#pragma once

// What can come next from a broker. The six things that other testers merge (a success, an error
// answer, DISCONNECT, a close, a reset, silence) stay apart here: a packet carries its own meaning,
// and the ways in which nothing or an end comes are types of their own.

#include <optional>
#include <string>
#include <variant>

#include "harness/base/bytes.hpp"
#include "harness/base/event_loop.hpp"
#include "harness/mqtt/codec.hpp"
#include "harness/net/channel.hpp"

namespace gauntlet::script {

/// A whole packet that keeps the standard's rules for one packet.
struct arrived_packet {
  mqtt::packet packet;
  byte_buffer bytes;
  time_point at{};
};

/// Bytes that are no legal packet of a server. If not even the fixed header could be read, `bytes`
/// is what came and the stream is lost from here on.
struct arrived_malformed {
  mqtt::decode_error error;
  byte_buffer bytes;
  time_point at{};
};

/// The connection is over, and not by us. Once arrived, it arrives for ever.
struct arrived_end {
  net::channel_end end;
  time_point at{};
  std::size_t unfinished_bytes = 0;  ///< of a packet that was cut by it
};

/// Nothing came in time.
struct arrived_nothing {
  duration waited{};
};

/// The next thing on a connection.
using arrival = std::variant<arrived_packet, arrived_malformed, arrived_end, arrived_nothing>;

/// In a few words, as in "PUBACK packet_identifier=1", "reset: connection reset by peer", "nothing
/// for 2 s".
std::string to_text(const arrival& what, mqtt::protocol_version version);

/// The packet, if it is one of type T.
template <class T>
const T* packet_of(const arrival& what) {
  const auto* const came = std::get_if<arrived_packet>(&what);
  return came == nullptr ? nullptr : std::get_if<T>(&came->packet);
}

/// Whether the connection ended by FIN or reset after it had stood. A failure to open is no close.
bool is_close(const arrival& what);

}  // namespace gauntlet::script
