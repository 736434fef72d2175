// Goal: what the defects of the reference broker say they violate exists.

#include <sstream>

#include <gtest/gtest.h>

#include "conformance/statements/catalogue.hpp"
#include "harness/broker/defects.hpp"

namespace gauntlet::conformance {
namespace {

TEST(Defects, ViolateStatementsThatExistAndBindAServer) {
  const catalogue statements = load_catalogue();
  for (const broker::defect_info& defect : broker::all_defects()) {
    std::istringstream names{std::string(defect.violates)};
    for (std::string name; names >> name;) {
      const statement* const violated = statements.find(parse_statement_name(name));
      ASSERT_NE(violated, nullptr) << defect.name << " violates " << name;
      EXPECT_TRUE(is_testable(*violated)) << defect.name << " violates " << name;
    }
  }
}

}  // namespace
}  // namespace gauntlet::conformance
