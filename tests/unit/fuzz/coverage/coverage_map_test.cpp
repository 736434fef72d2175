// Goal: what one process counts in a map, another reads; and nothing is left of a map at its end.

#include "fuzz/coverage/coverage_map.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>
#include <utility>

#include <gtest/gtest.h>

namespace gauntlet::fuzz {
namespace {

std::filesystem::path place(const std::string& name) {
  return std::filesystem::path(testing::TempDir()) /
         ("gauntlet-coverage-" + std::to_string(::getpid()) + "-" + name);
}

// As the broker's side does it, through the file.
void count_at(const std::filesystem::path& map, std::size_t counter, char value) {
  std::fstream file(map, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(counter));
  file.put(value);
}

TEST(CoverageMap, ShowsWhatAnotherCountedUntilItIsCleared) {
  auto map = coverage_map::create(place("counted"));
  ASSERT_TRUE(map) << map.error().message;
  EXPECT_EQ(map->edges_hit(), 0U);
  count_at(map->path(), 7, 3);
  count_at(map->path(), coverage_counters - 1, 1);

  std::array<std::uint8_t, coverage_counters> copy{};
  map->copy_to(copy);
  EXPECT_EQ(copy[7], 3);
  EXPECT_EQ(copy[coverage_counters - 1], 1);
  EXPECT_EQ(map->edges_hit(), 2U);

  map->clear();
  EXPECT_EQ(map->edges_hit(), 0U);
}

TEST(CoverageMap, IsSharedByAllWhoOpenIt) {
  auto mine = coverage_map::create(place("shared"));
  ASSERT_TRUE(mine) << mine.error().message;
  {
    auto theirs = coverage_map::open(mine->path());
    ASSERT_TRUE(theirs) << theirs.error().message;
    count_at(mine->path(), 1, 9);
    EXPECT_EQ(theirs->edges_hit(), 1U);
  }
  EXPECT_TRUE(std::filesystem::exists(mine->path())) << "only who made it takes it away";
}

TEST(CoverageMap, TakesItsFileAwayOnceHoweverOftenMoved) {
  const auto path = place("moved");
  {
    auto made = coverage_map::create(path);
    ASSERT_TRUE(made) << made.error().message;
    coverage_map moved = std::move(*made);
    EXPECT_TRUE(std::filesystem::exists(path));
    EXPECT_EQ(moved.edges_hit(), 0U);
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(CoverageMap, RefusesFilesThatAreNoMap) {
  const auto path = place("short");
  std::ofstream(path) << "short";
  EXPECT_FALSE(coverage_map::open(path));
  EXPECT_FALSE(coverage_map::create(path)) << "a file of somebody else's";
  std::filesystem::remove(path);
  EXPECT_FALSE(coverage_map::open(path)) << "there is none";
}

}  // namespace
}  // namespace gauntlet::fuzz
