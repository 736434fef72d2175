// Goal: from the counters of a broker's edges to those of libFuzzer, by what shows twice; noise
// stops asking for attention.

#include "fuzz/features/edge_table.hpp"

#include <array>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gauntlet::fuzz {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using counters = std::array<std::uint8_t, coverage_counters>;

/// Places of these edges with these counts.
std::vector<edge_place> places(
    std::initializer_list<std::pair<std::size_t, std::uint8_t>> counted) {
  counters all{};
  for (const auto& [edge, count] : counted) all.at(edge) = count;
  std::vector<edge_place> found;
  find_edges(all, found);
  return found;
}

TEST(FuzzEdgeTable, TellsCountsApartAsLibFuzzerDoes) {
  EXPECT_THAT(places({{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 7}, {5, 8}, {6, 15}, {7, 16}}),
              ElementsAre(0, 9, 18, 27, 35, 44, 52, 61));
  EXPECT_THAT(places({{8, 31}, {9, 32}, {10, 127}, {11, 128}, {coverage_counters - 1, 255}}),
              ElementsAre(69, 78, 86, 95, coverage_counters * 8 - 1));
  EXPECT_THAT(places({}), IsEmpty());
}

TEST(FuzzEdgeTable, GuidesByWhatShowsTwice) {
  edge_table table;
  const auto first = places({{10, 1}, {20, 5}, {30, 1}});
  const auto second = places({{10, 1}, {20, 5}, {30, 2}});
  EXPECT_TRUE(table.note(first));
  EXPECT_TRUE(table.confirm(first, second));
  EXPECT_FALSE(table.confirm(first, second)) << "known by now";
  counters guided{};
  table.guide(second, guided);
  EXPECT_EQ(guided[10], 1);
  EXPECT_EQ(guided[20], 4) << "4 to 7 are the same to libFuzzer";
  EXPECT_EQ(guided[30], 0) << "once, and then twice";
  EXPECT_FALSE(table.note(places({{10, 1}, {20, 6}})));
  EXPECT_TRUE(table.note(places({{10, 2}}))) << "the same edge, run twice";
}

TEST(FuzzEdgeTable, CountsEdgesHoweverOftenTheyRan) {
  edge_table table;
  table.note(places({{10, 1}, {20, 1}}));
  table.note(places({{10, 9}}));
  EXPECT_EQ(table.edges(), 2U);
}

TEST(FuzzEdgeTable, LosesInterestInNoise) {
  edge_table table;
  const auto steady = places({{10, 1}});
  const auto noisy = places({{10, 1}, {99, 1}});
  table.confirm(steady, steady);
  int tries = 0;
  while (table.note(noisy) && tries < 100) {
    table.confirm(noisy, steady);
    tries += 1;
  }
  EXPECT_GT(tries, 1) << "once is chance";
  EXPECT_LT(tries, 100);
  EXPECT_TRUE(table.confirm(noisy, noisy)) << "should it come twice after all, it counts";
}

}  // namespace
}  // namespace gauntlet::fuzz
