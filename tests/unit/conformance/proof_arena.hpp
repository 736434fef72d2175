#pragma once

// A broker in memory under virtual time for the proofs of conformance tests: a minute of waiting
// costs nothing.

#include <memory>

#include "conformance/suite/arena.hpp"
#include "harness/base/virtual_loop.hpp"
#include "harness/broker/server.hpp"
#include "harness/net/memory_network.hpp"

namespace gauntlet::conformance {

/// The reference broker, with or without a defect, and where tests reach it: on a plain listener and
/// a second one; and once more with users, guarded.
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
