// Goal: every option of the broker has its key, and what the user's page shows is read.

#include <fstream>
#include <iterator>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/broker_config/configuration.hpp"

namespace gauntlet::broker_config {
namespace {

std::string read_source(const std::string& path) {
  std::ifstream in(GAUNTLET_SOURCE_FOLDER "/" + path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> fields_of(const std::string& header, const std::string& name) {
  const std::size_t begin = header.find("struct " + name + " {");
  const std::size_t end = header.find("\n};", begin);
  std::vector<std::string> fields;
  if (begin == header.npos || end == header.npos) return fields;
  const std::string body = header.substr(begin, end - begin);
  static const std::regex field("\n  [a-z][a-z0-9_:<>]* ([a-z0-9_]+)(\\{\\}| = [^;]*)?;");
  for (std::sregex_iterator each(body.begin(), body.end(), field), last; each != last; ++each) {
    fields.push_back((*each)[1]);
  }
  return fields;
}

// What a field is called in the file: units in the name became units in the value.
std::string key_of(const std::string& field) {
  if (field == "level") return "log_level";
  return field.ends_with("_s") ? field.substr(0, field.size() - 2) : field;
}

TEST(EveryOptionOfTheBroker, HasAKeyInTheFile) {
  const std::string header = read_source("harness/broker/options.hpp");
  const std::string example = example_configuration();
  std::size_t found = 0;
  for (const char* part :
       {"limits", "capabilities", "redirection", "persistence_settings", "options"}) {
    for (const std::string& field : fields_of(header, part)) {
      if (field == "sink" || field == "harm") continue;  // not settings
      ++found;
      EXPECT_NE(example.find(key_of(field) + ":"), example.npos)
          << part << "::" << field << " has no key in harness/broker_config";
    }
  }
  EXPECT_GT(found, 40U);
}

TEST(ThePageOfTheBroker, ShowsConfigurationThatIsRead) {
  const std::string page = read_source("docs/broker.md");
  static const std::string fence = "```yaml\n";
  int shown = 0;
  for (std::size_t at = page.find(fence); at != page.npos; at = page.find(fence, at + 1)) {
    const std::size_t begin = at + fence.size();
    const auto read =
        parse_configuration(page.substr(begin, page.find("```", begin) - begin), "docs/broker.md");
    EXPECT_TRUE(read.has_value()) << config::to_failure(read.error()).message;
    ++shown;
  }
  EXPECT_GE(shown, 2);
}

}  // namespace
}  // namespace gauntlet::broker_config
