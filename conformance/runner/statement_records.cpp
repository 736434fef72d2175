#include "conformance/runner/statement_records.hpp"

#include <cctype>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace gauntlet::conformance {
namespace {

constexpr std::string_view page_of_v3_1_1 =
    "https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/os/mqtt-v3.1.1-os.html";
constexpr std::string_view page_of_v5 =
    "https://docs.oasis-open.org/mqtt/mqtt/v5.0/os/mqtt-v5.0-os.html";

// As a text fragment wants it, where a hyphen has a meaning of its own.
std::string escaped(std::string_view text) {
  std::string link;
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    if (std::isalnum(byte) != 0 || letter == '.') {
      link += letter;
    } else {
      link += fmt::format("%{:02X}", byte);
    }
  }
  return link;
}

// The standard's pages have no anchors that can be told from numbers; browsers find texts.
std::string link_to(const statement& what) {
  const bool is_v5 = what.name.version == mqtt::protocol_version::v5;
  const std::string text = what.kind == statement_kind::numbered
                               ? "[" + what.printed_as.value_or(what.name.id) + "]"
                               : what.title;
  return fmt::format("{}#:~:text={}", is_v5 ? page_of_v5 : page_of_v3_1_1, escaped(text));
}

std::string why_hidden(const statement& what) {
  if (what.binds == bound_party::client) return "a duty of clients alone";
  return "a duty of the server's inside that does not show on the wire";
}

}  // namespace

record::requirement_level to_record(requirement_level level) {
  switch (level) {
    case requirement_level::must:
      return record::requirement_level::must;
    case requirement_level::should:
      return record::requirement_level::should;
    case requirement_level::may:
      break;
  }
  return record::requirement_level::may;
}

record::statement_ref to_ref(const statement_name& name) {
  return {std::string(mqtt::version_name(name.version)), name.id};
}

std::vector<record::statement_record> statement_records(const catalogue& statements,
                                                        mqtt::protocol_version version) {
  std::vector<record::statement_record> records;
  for (const statement& each : statements.all()) {
    if (each.name.version != version) continue;
    records.push_back({.version = std::string(mqtt::version_name(version)),
                       .id = each.name.id,
                       .section = each.section,
                       .title = each.title,
                       .says = each.says,
                       .link = link_to(each),
                       .level = to_record(each.level),
                       .numbered = each.kind == statement_kind::numbered,
                       .testable = is_testable(each),
                       .why_not = is_testable(each) ? std::string() : why_hidden(each)});
  }
  return records;
}

}  // namespace gauntlet::conformance
