#pragma once

// What the coordinator tells a worker to start with, in a form that crosses a pipe.

#include <optional>
#include <string>
#include <vector>

#include "harness/base/bytes.hpp"
#include "harness/base/event_loop.hpp"
#include "harness/base/result.hpp"
#include "harness/net/network.hpp"
#include "sim/engine/fleet_worker.hpp"

namespace gauntlet::sim {

/// As worker_settings, but with the TLS files in place of what one process made of them.
struct worker_orders {
  std::uint32_t run_id = 0;
  net::endpoint target_v3_1_1;
  net::endpoint target_v5;
  std::optional<std::string> user_name;
  std::optional<std::string> password;
  duration connect_timeout = std::chrono::seconds(10);
  std::optional<net::tls_client_options> tls;
  std::vector<std::string> source_addresses;
  time_point run_start{};
};

void write_orders(const worker_orders& orders, byte_buffer& out);
/// Fails only if the bytes are cut or not ours.
outcome<worker_orders> read_orders(byte_view bytes);

/// Prepares TLS, if the orders want it, and completes the settings of one shard.
outcome<worker_settings> make_settings(const worker_orders& orders, sim::shard shard,
                                       net::network& network);

}  // namespace gauntlet::sim
