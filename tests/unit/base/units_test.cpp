// Goal: quantities are read strictly, and written so that they read back the same.

#include "harness/base/units.hpp"

#include <gtest/gtest.h>

namespace gauntlet {
namespace {

using namespace std::chrono_literals;

template <class T>
std::string message_of(const unit_result<T>& parsed) {
  return parsed ? "accepted" : parsed.error().message;
}

TEST(ParseDuration, ReadsTermsFromLargeToSmall) {
  EXPECT_EQ(*parse_duration("250ms"), 250ms);
  EXPECT_EQ(*parse_duration("10s"), 10s);
  EXPECT_EQ(*parse_duration("1h30m"), 90min);
  EXPECT_EQ(*parse_duration("1d"), 24h);
  EXPECT_EQ(*parse_duration("1d2h3m4s5ms6us7ns"), 26h + 3min + 4s + 5ms + 6us + 7ns);
  EXPECT_EQ(*parse_duration("0s"), 0s);
  EXPECT_EQ(*parse_duration("1.5s"), 1500ms);
  EXPECT_EQ(*parse_duration("1m0.25s"), 60250ms);
  EXPECT_EQ(*parse_duration("0.000000001s"), 1ns);
  EXPECT_EQ(*parse_duration("1.000000000000s"), 1s);
}

TEST(ParseDuration, RefusesEverythingElse) {
  for (const char* text : {"",
                           "5",
                           "s",
                           "-5s",
                           "+5s",
                           "5 s",
                           " 5s",
                           "5s ",
                           "5sec",
                           "1m1h",
                           "1s1s",
                           "1.5m10s",
                           "1.s",
                           ".5s",
                           "1.2.3s",
                           "5S",
                           "1e3s",
                           "0.5ns",
                           "0.0000000001s",
                           "1.00000000010s",
                           "36526d",
                           "99999999999999999999s",
                           "1h-1m"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
  EXPECT_EQ(message_of(parse_duration("5")),
            "'5' is not a duration; write a number with its unit, like 250ms, 10s, 5m, 1h30m or "
            "1d, up to 100 years");
}

TEST(FormatDuration, RoundTrips) {
  EXPECT_EQ(format_duration(0s), "0s");
  EXPECT_EQ(format_duration(250ms), "250ms");
  EXPECT_EQ(format_duration(1500ms), "1.5s");
  EXPECT_EQ(format_duration(1500us), "1.5ms");
  EXPECT_EQ(format_duration(90min), "1h30m");
  EXPECT_EQ(format_duration(24h + 1ms), "1d1ms");
  EXPECT_EQ(format_duration(-2s), "-2s");
  EXPECT_FALSE(format_duration(duration::min()).empty());
  for (const duration value : {duration(1ns), duration(999'999'999ns), duration(61s),
                               duration(3599999999999ns), duration(24h * 365 + 7ns)}) {
    EXPECT_EQ(*parse_duration(format_duration(value)), value) << format_duration(value);
  }
}

TEST(Size, ReadsDecimalAndBinaryUnits) {
  EXPECT_EQ(*parse_size("64B"), 64U);
  EXPECT_EQ(*parse_size("1KiB"), 1024U);
  EXPECT_EQ(*parse_size("10MB"), 10'000'000U);
  EXPECT_EQ(*parse_size("2GiB"), std::uint64_t{2} << 30U);
  for (const char* text :
       {"", "64", "B", "1.5KiB", "-1B", "1kb", "1 KB", "1KBs", "2000000000GiB"}) {
    EXPECT_FALSE(parse_size(text)) << text;
  }
  EXPECT_EQ(message_of(parse_size("64")),
            "'64' is not a size; write a whole number with its unit, like 64B, 1KiB or 10MB");
}

TEST(Size, RoundTrips) {
  EXPECT_EQ(format_size(0), "0B");
  EXPECT_EQ(format_size(1024), "1KiB");
  EXPECT_EQ(format_size(10'000'000), "10MB");
  for (const std::uint64_t size : {1U, 999U, 1000U, 1500U, 4096U, 123'456'789U}) {
    EXPECT_EQ(*parse_size(format_size(size)), size);
  }
}

TEST(Rate, ReadsCountsPerUnit) {
  EXPECT_EQ(parse_rate("2000/s")->per_second(), 2000);
  EXPECT_EQ(parse_rate("30/min")->per_second(), 0.5);
  EXPECT_EQ(parse_rate("0.5/h")->count, 0.5);
  EXPECT_EQ(format_rate(*parse_rate("10/d")), "10/d");
  EXPECT_EQ(format_rate(*parse_rate("0.1/s")), "0.1/s");
  for (const char* text :
       {"", "5", "/s", "5/", "5/m", "-5/s", "1e3/s", "5 / s", "inf/s", "5/s/s"}) {
    EXPECT_FALSE(parse_rate(text)) << text;
  }
  EXPECT_EQ(message_of(parse_rate("5/m")),
            "'5/m' is not a rate; write a number per s, min, h or d, like 2000/s or 30/min");
}

TEST(Share, ReadsZeroToHundredPercent) {
  EXPECT_EQ(parse_share("50%")->fraction(), 0.5);
  EXPECT_EQ(parse_share("0.1%")->percent, 0.1);
  EXPECT_EQ(format_share(*parse_share("0.1%")), "0.1%");
  for (const char* text : {"", "%", "50", "101%", "100.1%", "-1%", "5 %", "nan%"}) {
    EXPECT_FALSE(parse_share(text)) << text;
  }
  EXPECT_EQ(message_of(parse_share("150%")),
            "'150%' is not a percentage; write 0% to 100%, like 50% or 0.1%");
}

TEST(FormatNumber, IsShortAndPlain) {
  EXPECT_EQ(format_number(0), "0");
  EXPECT_EQ(format_number(0.1), "0.1");
  EXPECT_EQ(format_number(-1234567.5), "-1234567.5");
  EXPECT_EQ(format_number(1e20), "100000000000000000000");
}

TEST(Counts, AreGroupedByThousandsForPeople) {
  EXPECT_EQ(format_count(0), "0");
  EXPECT_EQ(format_count(999), "999");
  EXPECT_EQ(format_count(1000), "1,000");
  EXPECT_EQ(format_count(47220), "47,220");
  EXPECT_EQ(format_count(1234567), "1,234,567");
}

}  // namespace
}  // namespace gauntlet
