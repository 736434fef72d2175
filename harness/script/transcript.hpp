#pragma once

// What went over one connection, in order: the evidence that a verdict rests on. Bounded, so that a
// broker that floods its tester costs memory only up to a limit.

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/bytes.hpp"
#include "harness/base/event_loop.hpp"

namespace gauntlet::script {

/// What happened on the connection.
enum class wire_event : std::uint8_t {
  opened,         ///< the connection stands, TLS and WebSocket handshakes included
  open_failed,    ///< it never stood; the entry's text says why
  sent,           ///< bytes that we gave to the network
  received,       ///< one whole packet, or bytes that are none
  peer_finished,  ///< the peer ended its direction (FIN, close-notify, close frame)
  peer_reset,     ///< the peer or the network broke the connection
  we_closed,      ///< our orderly close
  we_aborted,     ///< our reset
  waited,         ///< nothing came for as long as the text says
  remark,         ///< what the tester was doing
};

/// One event. `bytes` of a sent or received packet may be cut, `size_bytes` says how many there
/// were.
struct transcript_entry {
  time_point at{};
  wire_event what = wire_event::remark;
  byte_buffer bytes;
  std::size_t size_bytes = 0;
  std::string text;  ///< for people: the packet's fields, the reason of an end
};

/// The events of one connection.
class transcript {
 public:
  /// Beyond these, entries are counted only and bytes are cut.
  static constexpr std::size_t entries_max = 2'000;
  static constexpr std::size_t entry_bytes_max = 4'096;

  explicit transcript(std::string name, std::string where = {})
      : name_(std::move(name)), where_(std::move(where)) {}

  /// The tester's word for this connection, such as "publisher".
  const std::string& name() const { return name_; }
  /// The broker's end as a URL, such as "mqtt://localhost:1883"; empty if nobody said.
  const std::string& where() const { return where_; }
  const std::vector<transcript_entry>& entries() const { return entries_; }
  /// How many were left out because there were too many.
  std::size_t left_out() const { return left_out_; }

  void add(time_point at, wire_event what, byte_view bytes, std::string text);

 private:
  std::string name_;
  std::string where_;
  std::vector<transcript_entry> entries_;
  std::size_t left_out_ = 0;
};

}  // namespace gauntlet::script
