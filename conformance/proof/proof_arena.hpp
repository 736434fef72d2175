#pragma once

// A broker in memory under virtual time, on which conformance tests are proven and rehearsed: a
// minute of waiting costs nothing.

#include <memory>

#include "conformance/suite/arena.hpp"
#include "conformance/suite/test_case.hpp"
#include "harness/base/virtual_loop.hpp"
#include "harness/broker/server.hpp"
#include "harness/net/memory_network.hpp"

namespace gauntlet::conformance {

/// The settings under which the defects that a test names show, such as a Maximum QoS of 1. A
/// correct broker with these settings passes the test as well.
broker::options settings_for(const test_case& of);

/// The reference broker, with or without a defect, and where tests reach it: on a plain listener
/// and a second one; and once more with users, guarded.
class proof_arena {
 public:
  explicit proof_arena(broker::options how = {});

  arena& where() { return arena_; }

 private:
  virtual_loop loop_;
  net::memory_network network_{loop_};
  std::unique_ptr<broker::server> broker_;
  std::unique_ptr<broker::server> guarded_;
  arena arena_;
};

}  // namespace gauntlet::conformance
