// Goal: tables are read as RFC 4180 writes them, and what is none is told with its line.

#include "harness/config/csv.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gauntlet::config {
namespace {

using testing::ElementsAre;

std::string error(std::string_view text) {
  const auto table = parse_csv(text);
  return table ? "none" : table.error().message;
}

TEST(Csv, ReadsCellsQuotedOrNot) {
  const auto table = parse_csv("\xEF\xBB\xBFname,note\r\na,\"x, \"\"y\"\"\nz\"\r\n\nb,\n");
  ASSERT_TRUE(table);
  EXPECT_THAT(table->header, ElementsAre("name", "note"));
  EXPECT_THAT(table->rows, ElementsAre(ElementsAre("a", "x, \"y\"\nz"), ElementsAre("b", "")));
  EXPECT_THAT(table->lines, ElementsAre(2U, 5U));
  EXPECT_EQ(table->find("note"), 1U);
  EXPECT_FALSE(table->find("other"));
}

TEST(Csv, TheLastLineNeedsNoEnd) { EXPECT_EQ(parse_csv("a\n1")->rows.size(), 1U); }

TEST(Csv, TellsWhatIsWrong) {
  EXPECT_EQ(error(""), "there is no row below the header");
  EXPECT_EQ(error("a,b\n"), "there is no row below the header");
  EXPECT_EQ(error("a,b\n1,2\n3\n"), "line 3: 1 cells, but the header has 2");
  EXPECT_EQ(error("a\n\"x\n"), "line 2: a quote has no end");
  EXPECT_EQ(error("a\n\"x\"y\n"),
            "line 2: after a closing quote only a comma or the end of the line may stand");
  EXPECT_THAT(read_csv("/nowhere/x.csv").error().message, testing::HasSubstr("/nowhere/x.csv"));
}

}  // namespace
}  // namespace gauntlet::config
