// How long the subscription tree takes to match a Topic Name, to add and to remove a filter, and
// how much memory a filter costs, with the mix of filters of a fleet: most devices listen to topics
// of their own, some to a group, few to everything.

#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "harness/mqtt/subscription_tree.hpp"

namespace gauntlet::mqtt {
namespace {

std::string device(std::size_t i) {
  return "site" + std::to_string(i % 50) + "/device" + std::to_string(i);
}

std::vector<std::string> fleet_filters(std::size_t count) {
  std::vector<std::string> filters = {"#", "+/+/state", "site7/#", "site7/+/alarm"};
  for (std::size_t i = 0; filters.size() < count; ++i) {
    filters.push_back("fleet/" + device(i) + (i % 4 == 0 ? "/+/set" : "/command/set"));
  }
  return filters;
}

std::vector<std::string> fleet_names(std::size_t count) {
  std::vector<std::string> names;
  // A stride that is prime to every count used, so that neighbours in time are none in memory.
  for (std::size_t i = 0; i < 4096; ++i) {
    names.push_back("fleet/" + device(i * 7919 % count) + "/command/set");
  }
  return names;
}

subscription_tree<int> tree_of(const std::vector<std::string>& filters) {
  subscription_tree<int> tree;
  for (const auto& filter : filters) tree.add(filter, 1);
  return tree;
}

void match(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const auto tree = tree_of(fleet_filters(count));
  const auto names = fleet_names(count);
  std::size_t next = 0;
  std::size_t matched = 0;
  for (auto _ : state) {
    tree.match(names[next++ % names.size()], [&matched](int value) { matched += value > 0; });
  }
  state.counters["matches_per_name"] =
      static_cast<double>(matched) / static_cast<double>(state.iterations());
  state.counters["bytes_per_filter"] =
      static_cast<double>(tree.memory_bytes()) / static_cast<double>(count);
}
BENCHMARK(match)->Arg(100)->Arg(10'000)->Arg(100'000);

void match_nothing(benchmark::State& state) {
  const auto tree = tree_of(fleet_filters(static_cast<std::size_t>(state.range(0))));
  std::size_t matched = 0;
  for (auto _ : state) {
    tree.match("$elsewhere/of/no/interest", [&matched](int) { ++matched; });
  }
  benchmark::DoNotOptimize(matched);
}
BENCHMARK(match_nothing)->Arg(100'000);

void remove_and_add(benchmark::State& state) {
  const auto filters = fleet_filters(static_cast<std::size_t>(state.range(0)));
  auto tree = tree_of(filters);
  std::size_t next = 0;
  for (auto _ : state) {
    const auto& filter = filters[next++ * 7919 % filters.size()];
    tree.remove(filter);
    tree.add(filter, 1);
  }
}
BENCHMARK(remove_and_add)->Arg(10'000)->Arg(100'000);

}  // namespace
}  // namespace gauntlet::mqtt
