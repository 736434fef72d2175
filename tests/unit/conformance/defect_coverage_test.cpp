// Goal: every statement that a broker can break on the wire is broken by a defect of the reference
// broker, or it is written down here why not; and what defects say they violate exists.

#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "conformance/statements/catalogue.hpp"
#include "harness/broker/defects.hpp"

namespace gauntlet::conformance {
namespace {

std::set<statement_name> violated_by(const broker::defect_info& defect) {
  std::set<statement_name> violated;
  std::istringstream names{std::string(defect.violates)};
  for (std::string name; names >> name;) violated.insert(parse_statement_name(name));
  return violated;
}

struct statement_without_defect {
  std::string_view name;
  std::string_view why;
};

constexpr std::string_view of_websocket = "WebSocket frames are the network's: no defect there yet";
constexpr std::string_view without_sign = "a broker that reads otherwise does nothing wrong to see";
constexpr std::string_view fits_nowhere = "a length of two bytes cannot say more";
constexpr std::string_view no_such_text = "the broker puts no text into AUTH";

constexpr statement_without_defect without_defect[] = {
    {"MQTT-6.0.0-1", of_websocket},
    {"MQTT-6.0.0-2", of_websocket},
    {"MQTT-6.0.0-4", of_websocket},
    {"PR5-6-a", of_websocket},
    {"3.1.1:MQTT-6.0.0-1", of_websocket},
    {"3.1.1:MQTT-6.0.0-2", of_websocket},
    {"3.1.1:MQTT-6.0.0-4", of_websocket},
    {"3.1.1:PR3-6-a", of_websocket},
    {"MQTT-3.1.3-1", without_sign},
    {"3.1.1:MQTT-3.1.3-1", without_sign},
    {"3.1.1:MQTT-7.0.0-2", without_sign},
    {"MQTT-4.7.3-3", fits_nowhere},
    {"3.1.1:MQTT-4.7.3-3", fits_nowhere},
    {"MQTT-3.15.2-2", no_such_text},
    {"MQTT-3.15.2-3", no_such_text},
    {"MQTT-3.2.2-18", "the refusal of such an alias is that of one above the maximum"},
};

bool is_written_down(const statement_name& name) {
  for (const statement_without_defect& each : without_defect) {
    if (parse_statement_name(each.name) == name) return true;
  }
  return false;
}

TEST(Defects, ViolateStatementsThatExistAndCanBeTested) {
  const catalogue statements = load_catalogue();
  for (const broker::defect_info& defect : broker::all_defects()) {
    for (const statement_name& name : violated_by(defect)) {
      const statement* const violated = statements.find(name);
      ASSERT_NE(violated, nullptr) << defect.name << " violates " << to_string(name);
      EXPECT_TRUE(is_testable(*violated)) << defect.name << " violates " << to_string(name);
    }
  }
}

TEST(Defects, BreakEachStatementThatABrokerCanBreak) {
  std::set<statement_name> violated;
  for (const broker::defect_info& defect : broker::all_defects())
    violated.merge(violated_by(defect));
  const catalogue statements = load_catalogue();
  for (const statement& each : statements.all()) {
    // What a broker may do as it likes, it cannot do wrong.
    if (!is_testable(each) || each.level == requirement_level::may) continue;
    EXPECT_NE(violated.contains(each.name), is_written_down(each.name))
        << to_string(each.name) << ": " << each.says;
  }
}

}  // namespace
}  // namespace gauntlet::conformance
