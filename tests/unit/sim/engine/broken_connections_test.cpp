// Goal: the end of a connection is put down to the fault that can have ended it, and to none if
// none can.

#include "sim/engine/broken_connections.hpp"

#include <gtest/gtest.h>

#include "harness/record/counted_reasons.hpp"

namespace gauntlet::sim {
namespace {

time_point at(double seconds) {
  return time_point(std::chrono::duration_cast<duration>(std::chrono::duration<double>(seconds)));
}

broken_connection stood(double begun, double ended) {
  return {.begun = at(begun), .ended = at(ended)};
}

TEST(CauseOf, AnEndIsTheLastFaultUnderWay) {
  const std::vector<breaking_time> times = {
      {.fault = "power", .from = at(10), .until = at(10.1), .ends_all = true},
      {.fault = "frozen", .from = at(20), .until = at(30)},
      {.fault = "power", .from = at(100), .until = at(100.1), .ends_all = true}};
  EXPECT_EQ(cause_of(stood(1, 9), times), "") << "before any";
  EXPECT_EQ(cause_of(stood(1, 10), times), "power");
  EXPECT_EQ(cause_of(stood(1, 14), times), "power") << "seen late";
  EXPECT_EQ(cause_of(stood(12, 14), times), "") << "begun after the broker was back";
  EXPECT_EQ(cause_of(stood(12, 25), times), "frozen");
  EXPECT_EQ(cause_of(stood(25, 39), times), "frozen") << "for as long again";
  EXPECT_EQ(cause_of(stood(25, 41), times), "");
  EXPECT_EQ(cause_of(stood(31, 32), times), "");
  EXPECT_EQ(cause_of(stood(31, 101), times), "power");
}

TEST(CauseOf, AShortFaultIsSeenForFiveSeconds) {
  const std::vector<breaking_time> times = {{.fault = "kill", .from = at(10), .until = at(10)}};
  EXPECT_EQ(cause_of(stood(1, 15), times), "kill");
  EXPECT_EQ(cause_of(stood(1, 15.1), times), "");
  EXPECT_EQ(cause_of(stood(10.5, 11), times), "");
}

TEST(CauseOf, WhatLastsToTheEndExplainsAllThatComes) {
  EXPECT_EQ(cause_of(stood(1, 900), {{.fault = "down", .from = at(10)}}), "down");
}

TEST(BrokenConnections, AreReadAsTheyWereWritten) {
  broken_connections one;
  EXPECT_TRUE(one.add(3, "reset", at(1), at(2)));
  EXPECT_TRUE(one.add(4, "closed", at(2), at(7)));
  EXPECT_TRUE(one.add(5, "reset", at(3), at(8)));
  byte_buffer bytes;
  compact_writer out(bytes);
  one.write(out);
  compact_reader in(bytes);
  const broken_connections read = broken_connections::read(in);
  ASSERT_FALSE(in.failed());
  ASSERT_EQ(read.all().size(), 3U);
  EXPECT_EQ(read.all()[1].group, 4U);
  EXPECT_EQ(read.all()[1].begun, at(2));
  EXPECT_EQ(read.all()[1].ended, at(7));
  EXPECT_EQ(read.reason_of(read.all()[1]), "closed");
  EXPECT_EQ(read.reason_of(read.all()[2]), "reset");
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    compact_reader cut(byte_view(bytes).first(length));
    broken_connections::read(cut);
    EXPECT_TRUE(cut.failed()) << length;
  }
}

TEST(BrokenConnections, HaveABoundedNumberOfReasons) {
  broken_connections one;
  for (int i = 0; i < 100; ++i) one.add(0, "reason " + std::to_string(i), at(1), at(2));
  EXPECT_EQ(one.all().size(), 100U);
  EXPECT_EQ(one.reason_of(one.all().back()), record::counted_reasons::other);
}

}  // namespace
}  // namespace gauntlet::sim
