#include "harness/broker/process_harm.hpp"

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <thread>
#include <unistd.h>
#include <vector>

namespace gauntlet::broker {

namespace {

constexpr std::size_t leaked_bytes = 512U << 10U;

void spin() {
  for (std::atomic<std::uint64_t> turns = 0;; ++turns) {
  }
}

}  // namespace

process_harm harm_in_earnest() {
  // Kept, so that what looks for leaks at the end of a process has nothing to say.
  auto leaked = std::make_shared<std::vector<std::vector<std::uint8_t>>>();
  return {.crash = [] { std::abort(); },
          .hang =
              [] {
                for (;;) pause();
              },
          .leak = [leaked] { leaked->emplace_back(leaked_bytes, std::uint8_t{1}); },
          .spin = [] { std::thread(spin).detach(); }};
}

}  // namespace gauntlet::broker
