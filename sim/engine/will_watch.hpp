#pragma once

// What becomes of the wills of one worker's devices: each connection that carries a will has a
// number, which stands in the will's stamp, and an end, from which it follows whether the broker
// has to publish the will, must drop it, or may do either. MQTT 5.0 §3.1.2.5, §3.1.3.2.2
//
//   DISCONNECT                                        dropped
//   closed or silent without                          published after the Will Delay, at the latest
//                                                     when the session ends
//   the same, but back before the delay is over       dropped, if the session goes on
//   ended by the broker or the network, or refused    either

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/engine/device.hpp"
#include "sim/engine/worker_books.hpp"
#include "sim/plan/fleet_plan.hpp"

namespace gauntlet::sim {

/// Follows the wills of one worker's devices. Groups without a will, or whose wills have no stamp,
/// cost nothing.
class will_watch {
 public:
  /// Both must outlive it.
  will_watch(const fleet_plan& plan, worker_books& books);

  /// Makes room for the device; once for each, in the order of local numbers.
  void add_device(const device& who);

  /// CONNECT goes out now.
  void on_connect(const device& who, time_point now);
  /// The number of the connection that carries the will; 0 if nobody watches.
  std::uint32_t number_of(const device& who) const;
  /// CONNACK has come with success: the client was taken over or has come back.
  void on_connected(const device& who, time_point now);

  /// The device has sent DISCONNECT.
  void on_disconnected(const device& who);
  /// The device has closed the connection without, or fallen silent; the broker notices at
  /// `noticed`, time_point::max() if never.
  void on_left(const device& who, time_point now, time_point noticed);
  /// The connection was lost or refused.
  void on_lost(const device& who, time_point now);

  /// When the last of the wills that the broker surely publishes has to have come; min() if there
  /// is none. Looks at every device.
  time_point last_due() const;

  /// Enters what is still open; once, at the end.
  void finish();

 private:
  struct watched {
    std::uint32_t connection = 0;  ///< the latest
    bool carries = false;          ///< it has a will that nothing has decided yet
    bool ended = false;            ///< an end waits for what comes next
    bool required = false;
    std::uint32_t ended_connection = 0;
    time_point connect_sent{};
    time_point ended_at{};
    time_point noticed{};
  };
  struct group {
    std::uint32_t first_local = 0;
    duration delay_v5{};  ///< until the will comes, in 5.0
    std::vector<watched> devices;
    std::vector<std::uint32_t> numbers;  ///< of the devices within the fleet
    std::vector<bool> is_v5;
  };

  watched* of(const device& who);
  void end(const device& who, time_point now, time_point noticed, bool required);
  void enter(std::uint32_t device, const watched& what, time_point due, bool required);

  const fleet_plan& plan_;
  worker_books& books_;
  std::vector<group> groups_;
  time_point last_entered_ = time_point::min();  ///< the latest due of those entered
};

}  // namespace gauntlet::sim
