// Goal: the table answers as a map would, whatever identifiers stay behind.

#include "harness/mqtt/identifier_table.hpp"

#include <map>

#include <gtest/gtest.h>

#include "harness/base/seeded_stream.hpp"

namespace gauntlet::mqtt {
namespace {

struct numbered {
  std::uint16_t identifier = 0;
  int value = 0;
};

TEST(IdentifierTable, AgreesWithAMap) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    seeded_stream draws{stream_key(seed)};
    // Few identifiers that collide in a small table, or a window that wanders.
    const bool wandering = seed % 2 == 0;
    identifier_table<numbered> table;
    std::map<std::uint16_t, int> model;
    for (int turn = 1; turn <= 5'000; ++turn) {
      const auto drawn = wandering ? static_cast<std::uint64_t>(turn) + draws.next_u64() % 40
                                   : draws.next_u64() % 8 * 64 + draws.next_u64() % 8;
      const auto identifier = static_cast<std::uint16_t>(drawn % 65'535 + 1);
      numbered* found = table.find(identifier);
      ASSERT_EQ(found != nullptr, model.contains(identifier)) << identifier;
      if (found == nullptr) {
        table.insert({identifier, turn});
        model[identifier] = turn;
      } else {
        ASSERT_EQ(found->value, model[identifier]);
        table.erase(found);
        model.erase(identifier);
      }
      ASSERT_EQ(table.size(), model.size());
    }
    std::map<std::uint16_t, int> visited;
    table.visit([&visited](const numbered& each) { visited[each.identifier] = each.value; });
    EXPECT_EQ(visited, model);
  }
}

}  // namespace
}  // namespace gauntlet::mqtt
