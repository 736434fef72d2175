#pragma once

// Devices that take messages no faster than their scenario says. What has been read from the socket
// waits here, packet by packet; while anything waits nothing more is read, so that the broker feels
// it: first by the acknowledgements that stay away, then by its socket.

#include <cstdint>
#include <functional>
#include <optional>

#include <boost/unordered/unordered_flat_map.hpp>

#include "harness/base/bytes.hpp"
#include "harness/base/event_loop.hpp"
#include "harness/net/timer_wheel.hpp"
#include "sim/scenario/device_group.hpp"

namespace gauntlet::sim {

/// What waits at the slow devices of one worker, by their local numbers.
class slow_readers {
 public:
  /// `on_ready` hears of each device that may take its next packet.
  slow_readers(event_loop& loop, std::function<void(std::uint32_t local)> on_ready);

  /// Bytes have come for the device.
  void add(std::uint32_t local, byte_view bytes);
  /// The next whole packet of a device, if it may have one now; the view lives until the next call.
  /// Only PUBLISH packets take time; bytes that are no packets are handed out as they are. Without
  /// one, on_ready follows when something waits.
  std::optional<byte_view> next(std::uint32_t local, const consumption& pace);
  /// Whether a whole packet waits, so that nothing more is to be read.
  bool holds(std::uint32_t local) const;
  /// Devices of which that is true.
  std::size_t holding() const { return holding_; }
  /// The connection is gone, and what waited of it.
  void drop(std::uint32_t local);

 private:
  struct waiting {
    byte_buffer bytes;
    std::size_t taken = 0;  ///< from the front
    time_point free_at{};   ///< when the device is done with the packet before
    bool holds = false;
  };

  void set_holds(waiting& of, bool value);

  event_loop& loop_;
  boost::unordered_flat_map<std::uint32_t, waiting> all_;
  net::timer_wheel wheel_;
  std::size_t holding_ = 0;
};

}  // namespace gauntlet::sim
