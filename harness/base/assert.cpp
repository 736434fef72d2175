#include "harness/base/assert.hpp"

#include <atomic>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>

namespace gauntlet {
namespace {

std::atomic<std::uint64_t> assertion_seed{0};

}  // namespace

void set_assertion_seed(std::uint64_t seed) noexcept {
  assertion_seed.store(seed, std::memory_order_relaxed);
}

void assertion_failed(const char* condition, const char* file, int line) noexcept {
  std::fprintf(stderr, "%s:%d: invariant broken: %s (seed %" PRIu64 ")\n", file, line, condition,
               assertion_seed.load(std::memory_order_relaxed));
  std::abort();
}

}  // namespace gauntlet
