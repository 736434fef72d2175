#pragma once

// What a fault can do to a connection, a plain struct each. Two families: those that act on single
// packets, which a rule's selection picks, and those that act on the stream of bytes while they
// last. What they do stands in files of the same names.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "harness/base/bytes.hpp"
#include "harness/base/event_loop.hpp"
#include "harness/history/packet_observer.hpp"
#include "harness/mqtt/protocol.hpp"

namespace gauntlet::fault {

/// How a peer sees its connection end.
enum class ending : std::uint8_t {
  fin,     ///< all that was passed arrives, then the end
  reset,   ///< a reset
  silent,  ///< nothing: the connection stays open and dead
};

// --- on packets
// --------------------------------------------------------------------------------------

/// Ends the connection at a packet: the sender does not know whether it arrived.
struct cut {
  enum class moment : std::uint8_t {
    before,  ///< the packet is swallowed
    mid,     ///< its first `bytes` pass, or that part of it
    after,   ///< the packet passes
  };
  moment when = moment::after;
  std::uint32_t bytes = 0;  ///< of a `mid` cut; 0: use `fraction`
  double fraction = 0.5;    ///< of the packet, above 0 and below 1; at least a byte, never all
  ending how = ending::reset;
  std::optional<ending> at_broker;  ///< the broker sees another end than the client
};

/// The packet never arrives; the connection stays.
struct drop {};

/// The packet arrives later. Packets behind it wait as well, or overtake it.
struct delay {
  duration by = std::chrono::milliseconds(100);
  duration jitter{};  ///< up to that much more or less, uniformly
  bool keep_order = true;
};

/// The packet arrives more than once.
struct duplicate {
  std::uint32_t copies = 1;  ///< beside the packet itself
  bool set_dup = false;      ///< DUP is 1 in the copies of a PUBLISH
  duration gap{};            ///< before each copy
};

/// Packets that are selected one after the other arrive in random order, so many at a time.
struct reorder {
  std::uint32_t window = 2;                           ///< 2 swaps neighbours
  duration at_most = std::chrono::milliseconds(500);  ///< a window that does not fill waits so long
};

/// The packet waits until another packet has passed.
struct hold {
  mqtt::packet_type until = mqtt::packet_type::publish;
  history::direction towards = history::direction::to_client;
  duration at_most = std::chrono::seconds(5);
};

/// Acknowledgements are held back altogether: PUBACK, PUBREC, PUBREL, PUBCOMP of the direction that
/// the selection names.
struct withhold {};

/// A field of the packet gets another value.
struct rewrite {
  enum class field : std::uint8_t {
    packet_identifier,
    reason_code,
    dup,
    qos,
    retain,
    topic_name,
    payload,
    session_present,
    keep_alive,
    clean_start,
    client_id,
    protocol_level,
    remaining_length,
    first_byte,
  };
  field which = field::packet_identifier;
  std::string value;  ///< as text: a number, "true", a topic
};

/// Bits of the packet flip.
struct corrupt {
  std::uint32_t bits = 1;
  bool keep_length = true;  ///< the fixed header stays as it is
};

/// A packet out of the blue, at the packet selected.
struct inject {
  byte_buffer packet;  ///< as on the wire
  history::direction towards = history::direction::to_client;
  bool before = false;  ///< it comes before the packet selected
};

/// The packet arrives in pieces.
struct split {
  std::uint32_t bytes = 1;  ///< of each piece
  duration gap{};           ///< between pieces
};

/// Packets arrive together.
struct coalesce {
  std::uint32_t packets = 10;
  duration at_most = std::chrono::milliseconds(100);
};

/// At the packet selected nothing moves any more in its direction, for a while; the peer's socket
/// fills up.
struct stall {
  duration lasting = std::chrono::seconds(5);
};

/// From the packet selected on one direction is dead: bytes are taken and go nowhere.
struct half_open {};

// --- on the stream, while they last; the names and meanings of toxiproxy's toxics
// -----------------

/// Every byte is late.
struct latency {
  duration by = std::chrono::milliseconds(100);
  duration jitter{};
};

/// At most so many bytes a second; 0: none at all.
struct bandwidth {
  std::uint64_t bytes_per_second = 1'000;
};

/// The end of a connection is told late.
struct slow_close {
  duration by = std::chrono::seconds(1);
};

/// Nothing gets through, and after the time the connection is closed; zero: never.
struct timeout {
  duration after{};
};

/// Nothing gets through, and after the time the connection is reset.
struct reset_peer {
  duration after{};
};

/// The stream is cut into small pieces.
struct slicer {
  std::uint32_t average_bytes = 64;
  std::uint32_t variation_bytes = 0;  ///< up to that much more or less
  duration gap{};
};

/// The connection is closed after so many bytes.
struct limit_data {
  std::uint64_t bytes = 0;
};

/// Packets of the network get lost and are sent again: at random the stream stalls.
struct packet_loss {
  double share = 0.01;
  duration retransmission = std::chrono::milliseconds(200);
};

/// The receiver reads slowly: back-pressure reaches the sender.
struct slow_reader {
  std::uint64_t bytes_per_second = 1'000;
};

/// The connection is cut when the fault begins, and none comes up while it lasts.
struct down {
  ending how = ending::reset;
};

/// Nothing passes in either direction, and nobody is told.
struct partition {};

/// Any of them.
using action =
    std::variant<cut, drop, delay, duplicate, reorder, hold, withhold, rewrite, corrupt, inject,
                 split, coalesce, stall, half_open, latency, bandwidth, slow_close, timeout,
                 reset_peer, slicer, limit_data, packet_loss, slow_reader, down, partition>;

/// The name of a fault, as in "cut" and "slow_close".
std::string_view name_of(const action& what);

}  // namespace gauntlet::fault
