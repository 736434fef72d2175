#pragma once

// Asks a broker whether it serves: one connection, one CONNECT, and what came back. A connection
// alone proves nothing: a port may be taken by something else, and a socket can connect to itself.

#include <memory>
#include <optional>
#include <string>

#include "harness/base/event_loop.hpp"
#include "harness/mqtt/protocol.hpp"
#include "harness/net/network.hpp"
#include "harness/target/profile.hpp"

namespace gauntlet::target {

/// What to send, and how long to wait.
struct probe_options {
  mqtt::protocol_version version = mqtt::protocol_version::v3_1_1;
  std::optional<credentials> login;
  std::shared_ptr<net::tls_client_context> tls;
  duration timeout = std::chrono::seconds(5);
};

/// What came back.
enum class probe_answer : std::uint8_t {
  accepted,     ///< CONNACK with success
  refused,      ///< CONNACK with another code
  not_mqtt,     ///< bytes that are no CONNACK
  ended,        ///< the connection ended after CONNECT, without an answer
  silent,       ///< the connection stood until the time was over
  unreachable,  ///< no connection
};

/// `detail` is a clause for people, such as "refused the CONNECT: 0x05 Not authorized".
struct probe_result {
  probe_answer answer = probe_answer::unreachable;
  std::string detail;
};

/// One attempt that goes on while the loop runs; destroying it gives it up.
class pending_probe {
 public:
  pending_probe(net::network& network, const net::endpoint& where, probe_options options);
  ~pending_probe();

  /// Whether the answer is there, or the time over.
  bool is_done() const;
  /// As far as it has come.
  probe_result result() const;

 private:
  class attempt;
  std::unique_ptr<attempt> attempt_;
};

/// One attempt; runs the network's loop until its end.
probe_result probe(net::network& network, const net::endpoint& where, const probe_options& options);

}  // namespace gauntlet::target
