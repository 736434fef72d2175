#pragma once

// Servers that implement nothing. A conformance test that passes on one of them proves nothing.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "harness/base/bytes.hpp"
#include "harness/net/network.hpp"

namespace gauntlet::conformance {

/// What a null broker does about bytes that have come; it may answer and close.
struct null_broker_behaviour {
  std::string name;
  bool closes_at_once = false;  ///< every connection, before anything is read
  std::function<void(net::channel&, byte_view)> on_bytes;
};

/// A server that knows nothing of MQTT beyond what its behaviour says.
class null_broker final : net::channel_handler {
 public:
  null_broker(net::network& network, const net::endpoint& where, null_broker_behaviour how);

 private:
  void on_bytes(net::channel& from, byte_view bytes) override;
  void on_end(net::channel&, const net::channel_end&) override {}

  null_broker_behaviour how_;
  std::vector<std::unique_ptr<net::channel>> accepted_;
  std::unique_ptr<net::listener> listener_;
};

/// All of them.
std::vector<null_broker_behaviour> null_brokers();

}  // namespace gauntlet::conformance
