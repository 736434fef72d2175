#include "conformance/statements/statement.hpp"

namespace gauntlet::conformance {
namespace {

constexpr std::string_view prefix_of_3_1_1 = "3.1.1:";

}  // namespace

std::string to_string(const statement_name& name) {
  return name.version == mqtt::protocol_version::v5 ? name.id
                                                    : std::string(prefix_of_3_1_1) + name.id;
}

statement_name parse_statement_name(std::string_view text) {
  if (text.substr(0, prefix_of_3_1_1.size()) == prefix_of_3_1_1) {
    return {mqtt::protocol_version::v3_1_1, std::string(text.substr(prefix_of_3_1_1.size()))};
  }
  return {mqtt::protocol_version::v5, std::string(text)};
}

}  // namespace gauntlet::conformance
