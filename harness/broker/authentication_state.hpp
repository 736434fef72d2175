#pragma once

// As whom a client has been recognised, and what a connection keeps of an enhanced authentication.
// Plain data.

#include <memory>
#include <optional>
#include <string>

#include "harness/auth/scram.hpp"
#include "harness/broker/user.hpp"
#include "harness/mqtt/packets.hpp"

namespace gauntlet::broker {

/// A client as the broker knows it.
struct identity {
  const broker::user* user = nullptr;  ///< null if it is none of options::users
  std::string name;                    ///< verified user name; empty for an anonymous client
};

/// A SCRAM exchange on its way.
struct scram_exchange {
  auth::scram_server server{auth::draw_nonce()};
  identity claimed;         ///< once the client has said who it is
  bool challenged = false;  ///< whether the proof comes next
};

/// What a connection keeps whose CONNECT named an Authentication Method (MQTT 5.0 §4.12).
struct enhanced_authentication {
  /// Held back until the client has proven itself; then null.
  std::unique_ptr<const mqtt::connect> connect_packet;
  std::optional<scram_exchange> exchange;
  std::string user_name;     ///< once proven
  std::string server_final;  ///< goes into CONNACK
};

}  // namespace gauntlet::broker
