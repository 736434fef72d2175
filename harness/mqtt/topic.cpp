#include "harness/mqtt/topic.hpp"

#include <array>
#include <optional>

#include "harness/base/assert.hpp"

namespace gauntlet::mqtt {
namespace {

using std::string_view;

struct rule_text {
  string_view sentence;
  string_view section;
  string_view statement_v3_1_1;
  string_view statement_v5;
};

// In the order of topic_rule. The standard numbers the rules for "#" and "+" one lower in 5.0.
constexpr std::array<rule_text, 10> rule_texts{{
    {"a topic must have at least one character", "4.7.3", "MQTT-4.7.3-1", "MQTT-4.7.3-1"},
    {"a topic must not take more than 65535 bytes", "4.7.3", "MQTT-4.7.3-3", "MQTT-4.7.3-3"},
    {"a topic must not contain the null character", "4.7.3", "MQTT-4.7.3-2", "MQTT-4.7.3-2"},
    {"a topic name must not contain the wildcards \"+\" and \"#\"", "4.7.1", "MQTT-4.7.1-1",
     "MQTT-4.7.0-1"},
    {"\"#\" must fill its level", "4.7.1.2", "MQTT-4.7.1-2", "MQTT-4.7.1-1"},
    {"\"#\" must be the last level of the filter", "4.7.1.2", "MQTT-4.7.1-2", "MQTT-4.7.1-1"},
    {"\"+\" must fill its level", "4.7.1.3", "MQTT-4.7.1-3", "MQTT-4.7.1-2"},
    {"a share name must have at least one character", "4.8.2", "", "MQTT-4.8.2-1"},
    {"a share name must not contain \"+\" and \"#\"", "4.8.2", "", "MQTT-4.8.2-2"},
    {"a share name must be followed by \"/\" and a topic filter", "4.8.2", "", "MQTT-4.8.2-2"},
}};

const rule_text& text_of(topic_rule rule) { return rule_texts[static_cast<std::size_t>(rule)]; }

/// The rules that names and filters have in common.
std::optional<topic_error> common_error(string_view topic) {
  if (topic.empty()) return topic_error{topic_rule::not_empty, 0};
  if (topic.size() > topic_size_bytes_max) {
    return topic_error{topic_rule::not_too_long, topic_size_bytes_max};
  }
  if (const auto null = topic.find('\0'); null != string_view::npos) {
    return topic_error{topic_rule::no_null_character, null};
  }
  return std::nullopt;
}

/// Where the wildcards stand; `from` is where the filter proper starts in `text`.
std::optional<topic_error> wildcard_error(string_view text, std::size_t from) {
  for (std::size_t at = text.find_first_of("+#", from); at != string_view::npos;
       at = text.find_first_of("+#", at + 1)) {
    const bool opens_level = at == from || text[at - 1] == '/';
    const bool last = at + 1 == text.size();
    const bool fills_level = opens_level && (last || text[at + 1] == '/');
    if (text[at] == '+') {
      if (!fills_level) return topic_error{topic_rule::single_level_fills_level, at};
      continue;
    }
    if (!fills_level) return topic_error{topic_rule::multi_level_fills_level, at};
    if (!last) return topic_error{topic_rule::multi_level_last, at};
  }
  return std::nullopt;
}

}  // namespace

string_view to_string(topic_rule rule) { return text_of(rule).sentence; }

string_view section_of(topic_rule rule) { return text_of(rule).section; }

string_view statement_of(topic_rule rule, protocol_version version) {
  return version == protocol_version::v5 ? text_of(rule).statement_v5
                                         : text_of(rule).statement_v3_1_1;
}

std::string describe(const topic_error& error, protocol_version version) {
  std::string line(to_string(error.rule));
  line += " (byte " + std::to_string(error.offset) + ", section ";
  line += section_of(error.rule);
  if (const auto statement = statement_of(error.rule, version); !statement.empty()) {
    line += ", ";
    line += statement;
  }
  line += ')';
  return line;
}

boost::system::result<void, topic_error> validate_topic_name(string_view name) {
  if (const auto error = common_error(name)) return *error;
  if (const auto at = name.find_first_of("+#"); at != string_view::npos) {
    return topic_error{topic_rule::no_wildcard_in_name, at};
  }
  return {};
}

boost::system::result<void, topic_error> validate_topic_filter(string_view filter,
                                                               protocol_version version) {
  if (version == protocol_version::v5 && is_shared_subscription(filter)) {
    const auto shared = parse_shared_subscription(filter);
    if (!shared) return shared.error();
    return {};
  }
  if (const auto error = common_error(filter)) return *error;
  if (const auto error = wildcard_error(filter, 0)) return *error;
  return {};
}

boost::system::result<shared_subscription, topic_error> parse_shared_subscription(
    string_view filter) {
  GAUNTLET_ASSERT(is_shared_subscription(filter));
  if (const auto error = common_error(filter)) return *error;
  const std::size_t name_at = shared_subscription_prefix.size();
  const std::size_t name_end = std::min(filter.find('/', name_at), filter.size());
  const string_view share_name = filter.substr(name_at, name_end - name_at);
  if (share_name.empty()) return topic_error{topic_rule::share_name_not_empty, name_at};
  if (const auto at = share_name.find_first_of("+#"); at != string_view::npos) {
    return topic_error{topic_rule::share_name_no_wildcard, name_at + at};
  }
  if (name_end + 1 >= filter.size()) {
    return topic_error{topic_rule::share_name_then_filter, filter.size()};
  }
  if (const auto error = wildcard_error(filter, name_end + 1)) return *error;
  return shared_subscription{share_name, filter.substr(name_end + 1)};
}

bool matches(string_view filter, string_view name) {
  if (name.starts_with('$') && (filter.starts_with('+') || filter.starts_with('#'))) return false;
  std::size_t f = 0;
  std::size_t n = 0;
  // Each turn starts at the first character of a level in both.
  while (true) {
    const std::size_t filter_end = std::min(filter.find('/', f), filter.size());
    const std::size_t name_end = std::min(name.find('/', n), name.size());
    const string_view level = filter.substr(f, filter_end - f);
    if (level == "#") return true;
    if (level != "+" && level != name.substr(n, name_end - n)) return false;
    const bool filter_done = filter_end == filter.size();
    // The name may end one level before "#", which includes its parent level.
    if (name_end == name.size()) return filter_done || filter.substr(filter_end) == "/#";
    if (filter_done) return false;
    f = filter_end + 1;
    n = name_end + 1;
  }
}

}  // namespace gauntlet::mqtt
