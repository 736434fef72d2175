#include "tests/tidy/include_rules.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace gauntlet::tidy {
namespace {

using names = std::set<std::string_view>;

/// The edges of the dependency direction; what they lead to is allowed as well, as in linking.
const std::map<std::string_view, names>& direct_dependencies() {
  static const std::map<std::string_view, names> edges = {
      {"harness/base", {}},
      {"harness/mqtt", {"harness/base"}},
      {"harness/ws", {"harness/base"}},
      {"harness/auth", {"harness/base"}},
      {"harness/config", {"harness/base"}},
      {"harness/record", {"harness/base"}},
      {"harness/net", {"harness/base", "harness/ws"}},
      {"harness/script", {"harness/mqtt", "harness/ws", "harness/net", "harness/record"}},
      {"harness/broker",
       {"harness/auth", "harness/mqtt", "harness/ws", "harness/net", "harness/record"}},
      {"harness/broker_config", {"harness/net", "harness/config", "harness/broker"}},
      {"harness/fault",
       {"harness/mqtt", "harness/ws", "harness/net", "harness/record", "harness/history"}},
      {"harness/fault_config", {"harness/config", "harness/fault"}},
      {"harness/fault_control", {"harness/fault_config"}},
      {"harness/fault_host", {"harness/target"}},
      {"harness/target", {"harness/net", "harness/config", "harness/broker"}},
      {"harness/history", {"harness/mqtt", "harness/record"}},
      {"reports", {"harness/record"}},
      {"conformance", {"harness/script", "harness/fault", "harness/target", "harness/config"}},
      {"guarantees", {"harness/fault", "harness/target", "harness/history", "harness/record"}},
      {"durability", {"harness/script", "harness/target", "harness/record"}},
      {"sim",
       {"harness/fault", "harness/fault_config", "harness/fault_host", "harness/target",
        "harness/history", "harness/config"}},
      {"fuzz", {"harness/script", "harness/target", "harness/config"}},
  };
  return edges;
}

/// cli, tests and fuzz targets stand on everything, and nothing stands on them.
bool may_include_all(std::string_view folder) {
  return folder == "cli" || folder == "tests" || folder == "fuzz/targets";
}

bool may_include(std::string_view folder, std::string_view included) {
  if (folder == included) return true;
  const auto edges = direct_dependencies().find(folder);
  if (edges == direct_dependencies().end()) return false;
  return std::any_of(edges->second.begin(), edges->second.end(),
                     [included](std::string_view next) { return may_include(next, included); });
}

/// A library behind a wall: the beginning of its headers' names, and where they may be included.
struct wall {
  std::string_view header;
  bool sources_only = false;              ///< not in headers of those folders; tests may
  std::vector<std::string_view> folders;  ///< beginnings of paths; empty: everywhere
};

const std::vector<wall>& walls() {
  static const std::vector<wall> all = {
      {"boost/asio", false, {"harness/net/", "cmake/", "tests/"}},
      {"boost/beast", false, {"harness/net/", "tests/"}},
      {"boost/url", true, {"harness/net/", "cmake/"}},
      {"boost/json", true, {"harness/record/", "tests/"}},
      {"boost/system", false, {}},
      {"boost/unordered/", false, {"harness/", "sim/"}},
      {"openssl/", false, {"harness/net/", "harness/auth/", "tests/"}},
      {"yaml-cpp/", true, {"harness/config/"}},
      {"kainjow/", true, {"reports/"}},
      {"mustache", true, {"reports/"}},
      {"CLI/", false, {"cli/"}},
      {"google/protobuf/", true, {"sim/sparkplug/"}},
      {"sqlite3", true, {"harness/broker/store/"}},
      {"fmt/", false, {"harness/", "sim/", "reports/", "conformance/", "fuzz/", "cli/", "tests/"}},
      {"gtest/", false, {"tests/"}},
      {"gmock/", false, {"tests/"}},
      {"benchmark/", false, {"tests/benchmark/"}},
  };
  return all;
}

/// Sans I/O and usable anywhere: these stand on the standard library, harness/base and its result.
bool is_pure(std::string_view folder) { return folder == "harness/mqtt" || folder == "harness/ws"; }

/// Headers of the system that have a folder in their name.
bool is_system_header(std::string_view header) {
  const auto begins = [header](std::string_view prefix) { return header.starts_with(prefix); };
  return begins("sys/") || begins("netinet/") || begins("arpa/") || begins("net/") ||
         begins("linux/");
}

bool is_umbrella(std::string_view header) {
  static const names umbrellas = {"boost/asio.hpp", "boost/beast.hpp",    "boost/beast/http.hpp",
                                  "boost/url.hpp",  "boost/asio/ssl.hpp", "bits/stdc++.h"};
  return umbrellas.contains(header);
}

/// What is included on this line, with its opening mark: "<vector" or "\"harness/a.hpp"; empty when
/// the line is no include.
std::string_view included_on(std::string_view line) {
  constexpr std::string_view directive = "#include ";
  if (!line.starts_with(directive)) return {};
  line.remove_prefix(directive.size());
  if (line.size() < 2) return {};
  return line.substr(0, line.find_first_of(">\"", 1));
}

std::string wall_message(const wall& around) {
  std::string message = "is behind a wall: only ";
  for (const std::string_view folder : around.folders) {
    message += std::string(folder) + (around.sources_only ? "*.cpp " : " ");
  }
  return message + "may include it";
}

}  // namespace

findings check_include_direction(std::string_view path, std::string_view text) {
  findings found;
  const std::string_view folder = folder_of(path);
  std::size_t number = 0;
  for (const std::string_view line : lines_of(text)) {
    ++number;
    std::string_view header = included_on(line);
    if (!header.starts_with('"')) continue;
    header.remove_prefix(1);
    const std::string_view target = folder_of(header);
    const bool is_ours = direct_dependencies().contains(target) || may_include_all(target);
    if (!is_ours) {
      found.push_back({std::string(path), number,
                       "\"" + std::string(header) + "\": write our includes from the root"});
    } else if (may_include_all(folder) ? target == "cli" && folder != "cli"
                                       : !may_include(folder, target)) {
      found.push_back({std::string(path), number,
                       std::string(folder) + " must not include " + std::string(target)});
    }
  }
  return found;
}

findings check_third_party_walls(std::string_view path, std::string_view text) {
  findings found;
  std::size_t number = 0;
  for (const std::string_view line : lines_of(text)) {
    ++number;
    std::string_view header = included_on(line);
    if (!header.starts_with('<')) continue;
    header.remove_prefix(1);
    const auto report = [&](const std::string& message) {
      found.push_back({std::string(path), number, "<" + std::string(header) + "> " + message});
    };
    if (is_umbrella(header)) report("pulls in a whole library: include what is used");

    const auto around = std::find_if(walls().begin(), walls().end(), [header](const wall& each) {
      return header.starts_with(each.header);
    });
    if (around == walls().end()) {
      const bool is_library = header.find('/') != header.npos && !is_system_header(header);
      if (is_library) report("is of a library that tests/tidy/include_rules.cpp does not know");
      continue;
    }
    const auto& folders = around->folders;
    const bool is_let_in =
        folders.empty() || std::any_of(folders.begin(), folders.end(),
                                       [path](auto folder) { return path.starts_with(folder); });
    const bool is_exposed = around->sources_only && is_header(path) && !path.starts_with("tests/");
    if (!is_let_in || is_exposed) report(wall_message(*around));
    if (is_pure(folder_of(path)) && !folders.empty()) {
      report("has no place here: this folder stands on the standard library and harness/base");
    }
  }
  return found;
}

}  // namespace gauntlet::tidy
