#pragma once

// A fault that acts on the stream of bytes while it lasts, whatever is in them: one object for each
// direction of each connection that it concerns. The flow asks it when and how much may go on; the
// strictest of several faults decides. Each stands in a file of its name.
//
//   bytes come --> extra_delay --> [ wait in order ] --> allowance --> sent in one piece --> passed
//                                   swallows: gone       0: again at next_chance

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "harness/base/event_loop.hpp"
#include "harness/base/seeded_stream.hpp"
#include "harness/fault/actions.hpp"
#include "harness/fault/packet_plan.hpp"

namespace gauntlet::fault {

/// The end that a fault puts to the connection.
struct stream_end {
  time_point at{};  ///< in the past: now
  planned_end how;
};

/// As it stands here it changes nothing. Times never go back from call to call.
class stream_fault {
 public:
  virtual ~stream_fault() = default;

  /// How long bytes that come now are kept, at least; those behind them wait for them.
  virtual duration extra_delay() { return {}; }

  /// The bytes of this direction are taken from their sender and go nowhere.
  virtual bool swallows() const { return false; }

  /// How many of the next `wanted` bytes (at least one) may go on now, in one piece.
  virtual std::size_t allowance(std::size_t wanted, time_point) { return wanted; }
  /// When allowance() is worth asking again after it answered 0; time_point::max(): not as long as
  /// the fault lasts.
  virtual time_point next_chance() const { return time_point::max(); }
  /// So many bytes have gone on; not more than allowance() answered.
  virtual void passed(std::size_t, time_point) {}

  /// How many bytes may wait before nothing more is read from the sender.
  virtual std::size_t waiting_bytes_max() const { return SIZE_MAX; }

  /// How much later than the bytes before it the end of the direction is told.
  virtual duration extra_delay_of_end() const { return {}; }
  /// Not even the end of the connection passes.
  virtual bool blocks_ends() const { return false; }

  /// The end that the fault puts to the connection, once it is known when; asked anew after each
  /// call of passed().
  virtual std::optional<stream_end> end() const { return std::nullopt; }

  /// No connection comes up while the fault lasts.
  virtual bool refuses_connections() const { return false; }
};

/// What a stream fault begins with, on one direction of one connection.
struct stream_start {
  time_point at{};  ///< now: the fault has become active, or the connection has come
  seeded_stream draws;
};

std::unique_ptr<stream_fault> start(const latency& what, const stream_start& begin);
std::unique_ptr<stream_fault> start(const bandwidth& what, const stream_start& begin);
std::unique_ptr<stream_fault> start(const slow_close& what, const stream_start& begin);
std::unique_ptr<stream_fault> start(const timeout& what, const stream_start& begin);
std::unique_ptr<stream_fault> start(const reset_peer& what, const stream_start& begin);
std::unique_ptr<stream_fault> start(const slicer& what, const stream_start& begin);
std::unique_ptr<stream_fault> start(const limit_data& what, const stream_start& begin);
std::unique_ptr<stream_fault> start(const packet_loss& what, const stream_start& begin);
std::unique_ptr<stream_fault> start(const slow_reader& what, const stream_start& begin);
std::unique_ptr<stream_fault> start(const down& what, const stream_start& begin);
std::unique_ptr<stream_fault> start(const partition& what, const stream_start& begin);

/// Any of them; null for faults that act on packets.
std::unique_ptr<stream_fault> start_stream_fault(const action& what, const stream_start& begin);

}  // namespace gauntlet::fault
