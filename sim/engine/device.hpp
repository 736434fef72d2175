#pragma once

// One virtual device: a small plain struct around the protocol session. There may be a hundred
// thousand in a process, so it holds nothing that can be derived from the plan and no buffer, timer
// or text.

#include <cstdint>
#include <memory>

#include "harness/base/event_loop.hpp"
#include "harness/mqtt/client_session.hpp"
#include "harness/net/channel.hpp"
#include "sim/plan/fleet_plan.hpp"

namespace gauntlet::sim {

class fleet_worker;

/// Where a device stands in its life.
enum class device_state : std::uint8_t {
  absent,       ///< has not come yet
  queued,       ///< waits for room in the connect window
  connecting,   ///< dialing, or CONNECT sent
  subscribing,  ///< CONNACK came; a SUBACK is missing
  active,       ///< subscribed to all it wants, or to nothing
  retrying,     ///< lost or refused; connects again later
  away,         ///< has left as planned, and will be back
  gone,         ///< lost or refused, and does not try again
};

/// One device of a worker. Events of its channel go to the worker.
struct device final : net::channel_handler {
  device(fleet_worker& owner, device_number global, std::uint32_t local_index,
         mqtt::protocol_version version)
      : worker(&owner), session(version), number(global), local(local_index) {}

  void on_open(net::channel& from) override;
  void on_bytes(net::channel& from, byte_view bytes) override;
  void on_drained(net::channel& from) override;
  void on_end(net::channel& from, const net::channel_end& end) override;

  fleet_worker* worker;
  mqtt::client_session session;
  std::unique_ptr<net::channel> channel;
  time_point since{};  ///< when the connect attempt began; once it has its CONNACK, when that came
  time_point broken_at{};          ///< when the last connection was lost
  time_point last_sent{};          ///< last packet on this connection
  device_number number;            ///< within the fleet
  std::uint32_t local;             ///< within the worker
  std::uint32_t first_stream = 0;  ///< its first entry in the worker's streams
  std::uint16_t group = 0;
  std::uint16_t awaited_subacks = 0;
  std::uint8_t failed_attempts = 0;  ///< in a row, for the backoff
  device_state state = device_state::absent;
  bool was_connected = false;  ///< at least one CONNACK with success
  bool settled = false;        ///< was active once, or failed once
  bool blocked = false;        ///< publishing waits for acknowledgements or for the socket
};

}  // namespace gauntlet::sim
