#include "harness/broker_config/overrides.hpp"

#include <utility>

#include "harness/broker_config/configuration_reader.hpp"
#include "harness/config/node.hpp"

namespace gauntlet::broker_config {
namespace {

using config::node;

failure to_failure(config::diagnostics& wrong) {
  std::string all;
  for (const config::diagnostic& each : wrong.take()) {
    all += (all.empty() ? "" : "\n") + each.message;
  }
  return bad_input(std::move(all));
}

// Messages name the flag, not a place in a file that the user has never seen.
void rename(node& shown_as, const std::string& shown) {
  shown_as.path = shown;
  for (node& item : shown_as.items) rename(item, shown);
  for (config::member& each : shown_as.members) rename(each.value, shown + ' ' + each.key);
}

// The document {a: {b: value}} for the key a.b.
node document_of(std::string_view key, node value, const std::string& shown) {
  rename(value, shown);
  for (;;) {
    const std::size_t dot = key.rfind('.');
    node level;
    level.is = node::type::mapping;
    level.path = shown;
    level.members.push_back({std::string(key.substr(dot + 1)), {}, std::move(value)});
    value = std::move(level);
    if (dot == key.npos) return value;
    key = key.substr(0, dot);
  }
}

node scalar(const std::string& text, bool quoted) {
  node made;
  made.is = node::type::scalar;
  made.scalar = text;
  made.quoted = quoted;
  return made;
}

outcome<void> read_over(configuration& to, const node& document) {
  config::diagnostics wrong("");
  configuration changed = to;
  if (!configuration_reader().read(document, changed, wrong)) return to_failure(wrong);
  to = std::move(changed);
  return {};
}

}  // namespace

outcome<void> apply(configuration& to, const override_value& given) {
  if (given.as != notation::yaml) {
    node value = scalar(given.value, given.as == notation::text);
    return read_over(to, document_of(given.key, std::move(value), given.shown));
  }
  config::diagnostics wrong("");
  node value = config::parse_yaml(given.value, wrong);
  if (!wrong.empty()) {
    return bad_input(given.shown + ": '" + given.value +
                     "' is no YAML: " + to_failure(wrong).message);
  }
  return read_over(to, document_of(given.key, std::move(value), given.shown));
}

outcome<void> apply(configuration& to, const override_list& given) {
  node list;
  list.is = node::type::sequence;
  for (const std::string& each : given.values) list.items.push_back(scalar(each, true));
  return read_over(to, document_of(given.key, std::move(list), given.shown));
}

}  // namespace gauntlet::broker_config
