// Goal: the catalogue is whole. Its counts are those of the standards, so that an entry that gets
// lost, doubled or moved to another version is noticed.

#include <algorithm>

#include <gtest/gtest.h>

#include "conformance/statements/catalogue.hpp"

namespace gauntlet::conformance {
namespace {

constexpr auto v3 = mqtt::protocol_version::v3_1_1;
constexpr auto v5 = mqtt::protocol_version::v5;

template <class Condition>
auto count(const catalogue& of, Condition&& condition) {
  return std::ranges::count_if(of.all(), condition);
}

TEST(Statements, AreAsManyAsTheStandardsHave) {
  struct expected {
    mqtt::protocol_version version;
    statement_kind kind;
    int all, testable, bind_server, must, should;
  };
  const catalogue statements = load_catalogue();
  for (const expected& group : {expected{v3, statement_kind::numbered, 141, 129, 109, 141, 0},
                                expected{v5, statement_kind::numbered, 251, 238, 199, 251, 0},
                                expected{v5, statement_kind::protocol_error, 123, 123, 123, 119, 1},
                                expected{v3, statement_kind::prose, 38, 38, 38, 21, 7},
                                expected{v5, statement_kind::prose, 57, 57, 57, 45, 8}}) {
    const auto of_kind = [&](const statement& each) {
      return each.name.version == group.version && each.kind == group.kind;
    };
    const auto how_many = [&](auto condition) {
      return count(statements,
                   [&](const statement& each) { return of_kind(each) && condition(each); });
    };
    EXPECT_EQ(count(statements, of_kind), group.all);
    EXPECT_EQ(how_many(is_testable), group.testable);
    EXPECT_EQ(how_many(binds_server), group.bind_server);
    EXPECT_EQ(how_many([](const auto& each) { return each.level == requirement_level::must; }),
              group.must);
    EXPECT_EQ(how_many([](const auto& each) { return each.level == requirement_level::should; }),
              group.should);
  }
  EXPECT_EQ(statements.all().size(), 610U);
}

TEST(Statements, AreNumberedByTheirSection) {
  const catalogue statements = load_catalogue();
  for (const statement& each : statements.all()) {
    if (each.kind != statement_kind::numbered) {
      const std::string section = each.name.id.substr(each.name.id.find('-') + 1);
      EXPECT_EQ(section.substr(0, section.rfind('-')), each.section) << to_string(each.name);
    }
    EXPECT_EQ(each.probe.empty(), !is_testable(each)) << to_string(each.name);
    EXPECT_EQ(each.error.has_value(), each.kind == statement_kind::protocol_error);
  }
}

TEST(Statements, AreFoundByVersionAndId) {
  const catalogue statements = load_catalogue();
  EXPECT_EQ(statements.find({v3, "MQTT-3.1.2-24"})->title, "Keep Alive");
  EXPECT_EQ(statements.find({v5, "MQTT-3.1.2-24"})->title, "Maximum Packet Size");
  EXPECT_EQ(statements.find({v3, "MQTT-4.13.1-1"}), nullptr);
}

TEST(Statements, HaveNamesThatCanBeReadBack) {
  const catalogue statements = load_catalogue();
  for (const statement& each : statements.all()) {
    EXPECT_EQ(parse_statement_name(to_string(each.name)), each.name);
  }
}

TEST(Statements, OfAFileWithAnUnknownWordAreRefused) {
  const auto loaded =
      load_statements("- id: A\n  section: '1'\n  title: T\n  binds: everybody\n", "mqtt-5.0.yaml");
  ASSERT_FALSE(loaded.has_value());
  EXPECT_EQ(loaded.error().front().at.line, 1U);
}

}  // namespace
}  // namespace gauntlet::conformance
