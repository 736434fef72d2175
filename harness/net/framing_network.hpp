#pragma once

// A network whose WebSocket endpoints exchange real upgrades and frames, over the plain channels of
// another network that moves bytes only, such as the one in memory. So what is written frame by
// frame meets the same code there as on sockets.

#include <memory>

#include "harness/net/network.hpp"

namespace gauntlet::net {

/// Over `inner`, which must outlive it. Endpoints of other transports pass unchanged.
class framing_network final : public network {
 public:
  explicit framing_network(network& inner);
  ~framing_network() override;
  framing_network(const framing_network&) = delete;
  framing_network& operator=(const framing_network&) = delete;

  event_loop& loop() override { return inner_.loop(); }
  outcome<std::shared_ptr<tls_client_context>> prepare_tls(
      const tls_client_options& options) override {
    return inner_.prepare_tls(options);
  }
  std::unique_ptr<channel> dial(const endpoint& where, const dial_options& options,
                                channel_handler& handler) override;
  outcome<std::unique_ptr<listener>> listen(const endpoint& where,
                                            const std::optional<tls_server_options>& tls,
                                            accept_function on_accept) override;

 private:
  network& inner_;
  std::uint64_t dials_ = 0;  ///< each has its own keys and masks
};

}  // namespace gauntlet::net
