// Goal: docs/scenario-reference.md names every key of the scenario language and no other, and says
// rightly which are required and what the defaults are. Method: the document's tables against the
// schema, which comes from the readers themselves.

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/config/node.hpp"
#include "sim/scenario/scenario.hpp"

namespace gauntlet::sim {
namespace {

using ::testing::IsEmpty;

/// What is said of one key.
struct key_facts {
  bool required = false;
  std::string default_value;  // empty: none is told
};

/// By path, as in "fleet[].publish[].topic".
using key_table = std::map<std::string, key_facts>;

std::string joined(const std::string& path, const std::string& key) {
  return path.empty() ? key : path + "." + key;
}

bool is_required(const config::node& schema, const std::string& key) {
  // The keys of the file itself may stand in an included one: "if include, else required".
  const config::node* otherwise = schema.find("else");
  const config::node* required = (otherwise == nullptr ? schema : *otherwise).find("required");
  if (required == nullptr) return false;
  return std::any_of(required->items.begin(), required->items.end(),
                     [&](const config::node& item) { return item.scalar == key; });
}

/// Payloads of reactions are those of publications, which the document describes once.
bool is_told_elsewhere(const std::string& path) {
  return path.starts_with("fleet[].on_message[].publish.payload") ||
         path.starts_with("fleet[].on_message[].answer.payload");
}

/// Every key under `schema`, which stands at `path`. JSON is YAML enough to be read as such.
void collect_schema_keys(const config::node& schema, const std::string& path, key_table& into) {
  if (is_told_elsewhere(path)) return;
  if (const config::node* properties = schema.find("properties")) {
    for (const config::member& each : properties->members) {
      const std::string full = joined(path, each.key);
      const config::node* standard = each.value.find("default");
      into[full] = {.required = is_required(schema, each.key),
                    .default_value = standard == nullptr ? "" : standard->scalar};
      collect_schema_keys(each.value, full, into);
    }
  }
  const auto follow = [&](std::string_view keyword, const std::string& there) {
    const config::node* found = schema.find(keyword);
    if (found == nullptr) return;
    if (found->is == config::node::type::mapping) collect_schema_keys(*found, there, into);
    for (const config::node& item : found->items) collect_schema_keys(item, there, into);
  };
  follow("allOf", path);
  follow("anyOf", path);
  follow("items", path + "[]");
  follow("additionalProperties", path + ".NAME");
}

key_table keys_of_schema() {
  config::diagnostics wrong("schema");
  const config::node schema = config::parse_yaml(scenario_json_schema(), wrong, {.depth_max = 100});
  EXPECT_TRUE(wrong.empty()) << config::to_failure(wrong.take()).message;
  key_table keys;
  collect_schema_keys(schema, "", keys);
  return keys;
}

/// The texts between backticks.
std::vector<std::string> quoted_in(std::string_view text) {
  std::vector<std::string> found;
  for (std::size_t begin = text.find('`'); begin != text.npos; begin = text.find('`', begin)) {
    const std::size_t end = text.find('`', begin + 1);
    if (end == text.npos) break;
    found.emplace_back(text.substr(begin + 1, end - begin - 1));
    begin = end + 1;
  }
  return found;
}

/// "| a | b |" as {" a ", " b "}.
std::vector<std::string> cells_of(std::string_view row) {
  std::vector<std::string> cells;
  row.remove_prefix(1);
  for (std::size_t end = row.find('|'); end != row.npos; end = row.find('|')) {
    cells.emplace_back(row.substr(0, end));
    row.remove_prefix(end + 1);
  }
  return cells;
}

/// The keys of all tables whose first column is "key". The default stands in the second; the code
/// in the heading above, if there is any, is the path of the table's keys, or several of them.
key_table keys_of_document(std::istream& document) {
  key_table keys;
  std::vector<std::string> paths{""};
  bool in_table = false;
  for (std::string line; std::getline(document, line);) {
    if (line.starts_with("#")) {
      paths = quoted_in(line);
      if (paths.empty()) paths.emplace_back();
    }
    if (!line.starts_with("|")) {
      in_table = false;
      continue;
    }
    const auto cells = cells_of(line);
    if (line.starts_with("| key |")) in_table = true;
    if (!in_table || cells.size() < 2) continue;
    const auto standard = quoted_in(cells[1]);
    for (const std::string& key : quoted_in(cells[0])) {
      for (const std::string& path : paths) {
        keys[joined(path, key)] = {.required = cells[1] == " required ",
                                   .default_value = standard.empty() ? "" : standard[0]};
      }
    }
  }
  return keys;
}

/// Where the two part, one line each.
std::vector<std::string> differences(const key_table& schema, const key_table& document) {
  std::vector<std::string> found;
  for (const auto& [path, facts] : schema) {
    const auto told = document.find(path);
    if (told == document.end()) {
      found.push_back(path + " is missing");
      continue;
    }
    if (told->second.required != facts.required) {
      found.push_back(path + (facts.required ? " is required" : " is not required"));
    }
    const std::string& claimed = told->second.default_value;
    if (!claimed.empty() && claimed != facts.default_value) {
      found.push_back(path + " has the default '" + facts.default_value + "'");
    }
  }
  for (const auto& [path, facts] : document) {
    if (!schema.contains(path)) found.push_back(path + " is no key");
  }
  return found;
}

TEST(ScenarioReference, TellsOfEveryKeyWhatTheReaderKnows) {
  std::ifstream document(GAUNTLET_DOCS "/scenario-reference.md");
  ASSERT_TRUE(document.good());
  EXPECT_THAT(differences(keys_of_schema(), keys_of_document(document)), IsEmpty());
}

TEST(ScenarioReference, IsFoundWantingWhereItIs) {
  std::istringstream document(
      "## Targets: `target`\n"
      "| key | default | meaning |\n| --- | --- | --- |\n"
      "| `to` | `mosquitto` | where |\n"
      "| `connect_timeout` | required | how long |\n"
      "| `tls.ca_file` `tls.colour` | | files |\n");
  key_table schema;
  for (const auto& [path, facts] : keys_of_schema()) {
    if (path == "target.to" || path == "target.connect_timeout" || path == "target.tls.ca_file" ||
        path == "target.tls.alpn") {
      schema[path] = facts;
    }
  }
  EXPECT_THAT(differences(schema, keys_of_document(document)),
              ::testing::ElementsAre(
                  "target.connect_timeout is not required", "target.tls.alpn is missing",
                  "target.to has the default 'embedded'", "target.tls.colour is no key"));
}

}  // namespace
}  // namespace gauntlet::sim
