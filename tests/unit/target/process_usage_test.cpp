// Goal: what the kernel writes about a process is read right, whatever the process calls itself.

#include "harness/target/process_usage.hpp"

#include <unistd.h>

#include <gtest/gtest.h>

namespace gauntlet::target {
namespace {

TEST(ProcessUsage, TakesTheFieldsOfProcStat) {
  // Fields 14 and 15 are user and system ticks, 24 is resident pages; proc(5).
  const auto usage = parse_process_stat(
      "4242 (mosquitto) S 1 4242 4242 0 -1 4194560 900 0 0 0 150 50 0 0 20 0 1 0 12345 "
      "20000000 1500 18446744073709551615 1 1 0");
  ASSERT_TRUE(usage);
  EXPECT_EQ(usage->resident_bytes, 1500U * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)));
  EXPECT_EQ(usage->cpu_time, std::chrono::milliseconds(200'000 / ::sysconf(_SC_CLK_TCK)));
}

TEST(ProcessUsage, IsNotConfusedByTheName) {
  const auto usage =
      parse_process_stat("1 (a) S (b) 7) R 1 1 1 0 -1 0 0 0 0 0 100 0 0 0 20 0 1 0 1 1 2 0 0 0 0");
  ASSERT_TRUE(usage);
  EXPECT_EQ(usage->resident_bytes, 2U * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)));
}

TEST(ProcessUsage, OfAShortTextIsNothing) {
  EXPECT_FALSE(parse_process_stat(""));
  EXPECT_FALSE(parse_process_stat("4242 (mosquitto) S 1 2 3"));
}

TEST(ProcessUsage, OfThisProcessIsPlausible) {
  const auto usage = read_process_usage(::getpid());
  ASSERT_TRUE(usage);
  EXPECT_GT(usage->resident_bytes, 100'000U);
}

TEST(ProcessUsage, OfNoProcessIsNothing) { EXPECT_FALSE(read_process_usage(0)); }

}  // namespace
}  // namespace gauntlet::target
