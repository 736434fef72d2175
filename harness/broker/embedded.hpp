#pragma once

// The reference broker in a thread of its own inside this process: the target "embedded".

#include <cstdint>
#include <memory>
#include <vector>

#include "harness/base/result.hpp"
#include "harness/broker/server.hpp"

namespace gauntlet::broker {

/// A broker that runs on its own event loop in its own thread, on the machine's network. Its owner
/// may call from any one thread. The log sink is called in the broker's thread.
class embedded_broker {
 public:
  /// Comes back when the broker listens, or with the reason why it cannot.
  static outcome<std::unique_ptr<embedded_broker>> start(server_options chosen);
  /// Stops it.
  ~embedded_broker();
  embedded_broker(const embedded_broker&) = delete;
  embedded_broker& operator=(const embedded_broker&) = delete;

  /// The ports in use, in the order of the addresses asked for.
  const std::vector<std::uint16_t>& ports() const;
  /// As of now; after stop() as of its end. Waits for the broker's current turn.
  broker::statistics statistics() const;

  /// Closes all connections (5.0: DISCONNECT 0x8B) and joins the thread. Does nothing the second
  /// time.
  void stop();
  /// Ends it as kill -9 ends a process: nothing is said, nothing more is stored. Does nothing the
  /// second time.
  void kill();
  /// Freezes its thread, connections and all, and thaws it.
  void pause();
  void resume();

 private:
  struct parts;
  explicit embedded_broker(std::unique_ptr<parts> made);

  std::unique_ptr<parts> parts_;
};

}  // namespace gauntlet::broker
