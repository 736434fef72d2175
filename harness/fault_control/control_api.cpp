#include "harness/fault_control/control_api.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/config/json_text.hpp"
#include "harness/config/load.hpp"
#include "harness/fault_config/rule_reader.hpp"

namespace gauntlet::fault_control {
namespace {

using config::json_quote;

http_answer error(int status, const std::string& what) {
  return {status, "{\"error\":" + json_quote(what) + "}\n"};
}

std::string json_of(const fault::numbered_rule& each) {
  const auto truth = [](bool yes) { return yes ? "true" : "false"; };
  return "{\"name\":" + json_quote(each.what.name) + ",\"number\":" + std::to_string(each.number) +
         ",\"kind\":" + json_quote(fault::name_of(each.what.what)) +
         ",\"does\":" + json_quote(fault::describe(each.what)) +
         ",\"enabled\":" + truth(each.what.enabled) + ",\"active\":" + truth(each.active) +
         ",\"strikes\":" + std::to_string(each.strikes) + "}";
}

std::optional<fault::numbered_rule> find(const fault::injector& faults, std::string_view name) {
  for (fault::numbered_rule& each : faults.rules()) {
    if (each.what.name == name) return std::move(each);
  }
  return std::nullopt;
}

http_answer unknown(std::string_view name) {
  return error(404, "there is no fault '" + std::string(name) + "'");
}

http_answer listed(const fault::injector& faults) {
  std::string all;
  for (const fault::numbered_rule& each : faults.rules()) {
    all += (all.empty() ? "" : ",\n  ") + json_of(each);
  }
  return {200, all.empty() ? "{\"faults\":[]}\n" : "{\"faults\":[\n  " + all + "]}\n"};
}

http_answer one(const fault::injector& faults, std::string_view name, int status = 200) {
  const auto found = find(faults, name);
  return found ? http_answer{status, json_of(*found) + "\n"} : unknown(name);
}

/// One fault, a list of them, or a mapping whose one key is `faults`.
config::loaded<std::vector<fault::rule>> read_rules(const std::string& body) {
  auto single = config::load_text(body, "request", fault_config::rule_reader());
  if (single) return std::vector<fault::rule>{std::move(*single)};
  auto several = fault_config::parse_rules(body, "request");
  const std::size_t begin = body.find_first_not_of(" \t\r\n");
  const bool is_list = begin != std::string::npos && (body[begin] == '[' || body[begin] == '-');
  if (several || is_list) return several;
  return {boost::system::in_place_error, single.error()};
}

void give_free_name(fault::rule& what, const fault::injector& faults) {
  if (!what.name.empty()) return;
  const std::string kind(fault::name_of(what.what));
  what.name = kind;
  for (int i = 2; find(faults, what.name); ++i) what.name = kind + "-" + std::to_string(i);
}

http_answer add(fault::injector& faults, const std::string& body) {
  auto rules = read_rules(body);
  if (!rules) return error(400, config::to_failure(rules.error()).message);
  for (const fault::rule& each : *rules) {
    if (!each.name.empty() && find(faults, each.name)) {
      return error(409, "there is a fault '" + each.name + "' already");
    }
  }
  std::string added;
  for (fault::rule& each : *rules) {
    give_free_name(each, faults);
    each.when.at += faults.since_start();
    const std::string name = each.name;
    if (const auto put = faults.add(std::move(each)); !put) return error(400, put.error().message);
    added += (added.empty() ? "" : ",\n  ") + json_of(*find(faults, name));
  }
  return {201, "{\"faults\":[\n  " + added + "]}\n"};
}

http_answer change(fault::injector& faults, std::string_view name, const std::string& body) {
  if (!find(faults, name)) return unknown(name);
  auto rule = config::load_text(body, "request", fault_config::rule_reader());
  if (!rule) return error(400, config::to_failure(rule.error()).message);
  if (!rule->name.empty() && rule->name != name) {
    return error(400, "a fault keeps its name: the body says '" + rule->name + "'");
  }
  rule->when.at += faults.since_start();
  faults.change(name, std::move(*rule));
  return one(faults, name);
}

http_answer switch_fault(fault::injector& faults, std::string_view name, bool on) {
  return faults.enable(name, on) ? one(faults, name) : unknown(name);
}

http_answer about_one(fault::injector& faults, const http_request& asked, std::string_view rest) {
  const std::size_t slash = rest.find('/');
  const std::string_view name = rest.substr(0, slash);
  if (slash != std::string_view::npos) {
    const std::string_view verb = rest.substr(slash + 1);
    if (verb != "enable" && verb != "disable") return error(404, "there is no such thing here");
    if (asked.method != "POST") return error(405, "only POST is possible here");
    return switch_fault(faults, name, verb == "enable");
  }
  if (asked.method == "GET") return one(faults, name);
  if (asked.method == "DELETE") return faults.remove(name) ? http_answer{204, {}} : unknown(name);
  if (asked.method == "PUT" || asked.method == "POST") return change(faults, name, asked.body);
  return error(405, "only GET, PUT, POST and DELETE are possible here");
}

http_answer counts_of(const fault::proxy_counts& counts) {
  return {200, "{\"accepted\":" + std::to_string(counts.accepted) +
                   ",\"open\":" + std::to_string(counts.open) +
                   ",\"unreachable\":" + std::to_string(counts.unreachable) + "}\n"};
}

}  // namespace

http_answer answer(const control_subject& about, const http_request& asked) {
  // A page in a browser on this machine could send such requests unseen.
  if (asked.user_agent.starts_with("Mozilla/")) return error(403, "browsers are not let in");
  const std::string_view path = asked.path;
  constexpr std::string_view faults_of = "/faults/";
  if (path.starts_with(faults_of)) {
    return about_one(about.faults, asked, path.substr(faults_of.size()));
  }
  if (path == "/faults") {
    if (asked.method == "GET") return listed(about.faults);
    if (asked.method == "POST") return add(about.faults, asked.body);
    return error(405, "only GET and POST are possible here");
  }
  if (path == "/reset") {
    if (asked.method != "POST") return error(405, "only POST is possible here");
    about.faults.clear();
    return {204, {}};
  }
  if (asked.method == "GET" && path == "/connections") return counts_of(about.counts());
  if (asked.method == "GET" && path == "/version") {
    return {200, "{\"version\":" + json_quote(about.version) + "}\n"};
  }
  return error(404, "there is no such thing here; see docs/proxy.md");
}

}  // namespace gauntlet::fault_control
