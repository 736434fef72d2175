#include "harness/ws/http_head.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gauntlet::ws {
namespace {

using progress = head_collector::progress;
using testing::ElementsAre;

const std::string head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";

TEST(HeadCollector, LeavesWhatFollowsTheBlankLineWhereverTheStreamIsCut) {
  const std::string stream = head + "frames";
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    head_collector collector;
    byte_view first = as_bytes(std::string_view(stream).substr(0, cut));
    byte_view second = as_bytes(std::string_view(stream).substr(cut));
    if (collector.take(first) != progress::complete) {
      EXPECT_TRUE(first.empty());
      ASSERT_EQ(collector.take(second), progress::complete) << cut;
    }
    EXPECT_EQ(collector.text(), head);
    EXPECT_EQ(std::string(as_text(first)) + std::string(as_text(second)), "frames") << cut;
  }
}

TEST(HeadCollector, TakesAHeadByteByByte) {
  head_collector collector;
  for (std::size_t i = 0; i < head.size(); ++i) {
    byte_view one = as_bytes(std::string_view(head).substr(i, 1));
    EXPECT_EQ(collector.take(one),
              i + 1 == head.size() ? progress::complete : progress::incomplete);
  }
}

TEST(HeadCollector, StopsAtTheLimit) {
  const std::string longest = std::string(head_bytes_max - 4, 'a') + "\r\n\r\n";
  head_collector fits;
  byte_view input = as_bytes(longest);
  EXPECT_EQ(fits.take(input), progress::complete);

  const std::string longer = "a" + longest;
  head_collector too_long;
  input = as_bytes(longer);
  EXPECT_EQ(too_long.take(input), progress::too_long);
}

TEST(HttpHead, FindsFieldsInAnyCaseAndJoinsRepeatedOnes) {
  const auto parsed = parse_head("GET / HTTP/1.1\r\nA: 1\r\nb:2 \r\na: \t3\r\nEmpty:\r\n\r\n");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->start_line, "GET / HTTP/1.1");
  EXPECT_EQ(parsed->find("a"), "1, 3");
  EXPECT_EQ(parsed->find("B"), "2");
  EXPECT_EQ(parsed->find("empty"), "");
  EXPECT_EQ(parsed->find("c"), std::nullopt);
}

TEST(HttpHead, ReadsLists) {
  EXPECT_THAT(split_list(" a,, b ,c"), ElementsAre("a", "b", "c"));
  EXPECT_THAT(split_list(" , "), ElementsAre());
  const auto parsed = parse_head("x\r\nConnection: keep-alive, upgrade\r\n\r\n");
  ASSERT_TRUE(parsed);
  EXPECT_TRUE(parsed->lists("connection", "Upgrade"));
  EXPECT_FALSE(parsed->lists("connection", "up"));
}

TEST(HttpHead, RefusesLinesWithoutAName) {
  EXPECT_FALSE(parse_head("x\r\nno colon\r\n\r\n"));
  EXPECT_FALSE(parse_head("x\r\n: no name\r\n\r\n"));
}

}  // namespace
}  // namespace gauntlet::ws
