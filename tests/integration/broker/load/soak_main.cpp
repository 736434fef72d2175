// The soak at length: fails if the broker's memory is not flat over the second half.
//
//   broker_soak [SECONDS [CLIENTS]]        600 seconds and 1,000 clients

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

#include <fmt/format.h>

#include "tests/integration/broker/load/reference_process.hpp"
#include "tests/integration/broker/load/soak.hpp"

namespace {

// What may be noise: a thirtieth of the memory, at least two mebibytes.
double growth_limit_bytes(std::uint64_t resident_bytes) {
  return std::max(2.0 * 1048576, static_cast<double>(resident_bytes) / 30);
}

int run(long seconds, std::size_t clients) {
  using namespace gauntlet::test;
  allow_many_descriptors();
  reference_process broker;
  const soak_result seen = run_soak({.port = broker.port(),
                                     .clients = clients,
                                     .length = std::chrono::seconds(seconds),
                                     .resident_bytes = [&] { return broker.resident_bytes(); },
                                     .report =
                                         [](const std::string& line) {
                                           fmt::print("{}\n", line);
                                           std::fflush(stdout);
                                         }});
  const std::uint64_t resident = seen.memory.back().resident_bytes;
  const double growth = growth_bytes(seen.memory);
  const bool flat = growth < growth_limit_bytes(resident);
  const bool sane = seen.violations == 0 && seen.cut_off == 0 && seen.answering == clients;
  fmt::print(
      "published {}, acknowledged {}, delivered {}, subscribed {}\n"
      "connected {}, of these resumed {}; left {}, broke off {}\n"
      "violations {}, cut off {}, answering at the end {} of {}\n"
      "memory {:.2f} MiB; grown by {:.2f} MiB over the second half (limit {:.2f}): {}\n",
      seen.published, seen.acknowledged, seen.delivered, seen.subscribed, seen.connected,
      seen.resumed, seen.left, seen.broke_off, seen.violations, seen.cut_off, seen.answering,
      clients, static_cast<double>(resident) / 1048576, growth / 1048576,
      growth_limit_bytes(resident) / 1048576, flat ? "flat" : "NOT FLAT");
  for (const auto& [name, value] : broker.stop()) fmt::print("{}={} ", name, value);
  fmt::print("\n");
  return flat && sane ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc > 1 ? std::atol(argv[1]) : 600,
               argc > 2 ? static_cast<std::size_t>(std::atol(argv[2])) : 1'000);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 2;
  }
}
