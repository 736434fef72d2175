#pragma once

// A broker in memory under virtual time, on which conformance tests are proven and rehearsed: a
// minute of waiting costs nothing.

#include <memory>

#include "conformance/suite/arena.hpp"
#include "conformance/suite/test_case.hpp"
#include "harness/base/virtual_loop.hpp"
#include "harness/broker/server.hpp"
#include "harness/net/framing_network.hpp"
#include "harness/net/memory_network.hpp"

namespace gauntlet::conformance {

/// The settings under which the defects that a test names show, such as a Maximum QoS of 1. A
/// correct broker with these settings passes the test as well.
broker::options settings_for(const test_case& of);

/// The reference broker, with or without a defect, and where tests reach it: on a plain listener
/// and a second one, over WebSocket and over what stands for TLS; and once more with users,
/// guarded. With a directory to keep its state in, which is removed after, it can be restarted.
class proof_arena {
 public:
  explicit proof_arena(broker::options how = {});
  ~proof_arena();
  proof_arena(const proof_arena&) = delete;
  proof_arena& operator=(const proof_arena&) = delete;

  arena& where() { return arena_; }

 private:
  void start_broker();

  virtual_loop loop_;
  net::memory_network memory_{loop_};
  net::framing_network network_{memory_};
  const broker::options how_;
  std::unique_ptr<broker::server> broker_;
  std::unique_ptr<broker::server> guarded_;
  arena arena_;
};

}  // namespace gauntlet::conformance
