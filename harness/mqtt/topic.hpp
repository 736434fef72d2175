#pragma once

// Topic Names and Topic Filters as text: are they valid, and does one match the other. Both
// versions have the same rules (MQTT 3.1.1 §4.7, MQTT 5.0 §4.7); only shared subscriptions are new
// in 5.0 (§4.8.2). That text is well-formed UTF-8 is a rule of every string in a packet and is
// checked where packets are decoded, not here.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "harness/base/result.hpp"
#include "harness/mqtt/protocol.hpp"

namespace gauntlet::mqtt {

/// Longest Topic Name or Topic Filter, in bytes; a longer one fits in no packet.
inline constexpr std::size_t topic_size_bytes_max = 65535;

/// What a Topic Filter of a shared subscription starts with (MQTT 5.0 §4.8.2).
inline constexpr std::string_view shared_subscription_prefix = "$share/";

/// The rules that a Topic Name or Topic Filter can break.
enum class topic_rule : std::uint8_t {
  not_empty,                 ///< at least one character
  not_too_long,              ///< at most 65535 bytes
  no_null_character,         ///< no U+0000
  no_wildcard_in_name,       ///< no "+" or "#" in a Topic Name
  multi_level_fills_level,   ///< "#" alone in its level
  multi_level_last,          ///< "#" in the last level only
  single_level_fills_level,  ///< "+" alone in its level
  share_name_not_empty,      ///< "$share/" is followed by a ShareName
  share_name_no_wildcard,    ///< no "+" or "#" in the ShareName
  share_name_then_filter,    ///< the ShareName is followed by "/" and a Topic Filter
};

/// The rule broken and the byte at which it shows.
struct topic_error {
  topic_rule rule = topic_rule::not_empty;
  std::size_t offset = 0;
};

/// The rule as a sentence, such as `"#" must be the last level of the filter`.
std::string_view to_string(topic_rule rule);
/// The section that lays the rule down, such as "4.7.1.2".
std::string_view section_of(topic_rule rule);
/// The number of the statement, such as "MQTT-4.7.1-2"; the versions number differently. Empty
/// where a version has no such rule.
std::string_view statement_of(topic_rule rule, protocol_version version);
/// Rule, byte offset, section and statement in one line for a person.
std::string describe(const topic_error& error, protocol_version version);

/// Whether `name` may stand in a PUBLISH or a will. The empty name that MQTT 5.0 permits beside a
/// Topic Alias is an error here.
boost::system::result<void, topic_error> validate_topic_name(std::string_view name);

/// Whether `filter` may stand in a SUBSCRIBE or UNSUBSCRIBE. For 5.0 a filter that starts with
/// "$share/" must be a valid shared subscription; for 3.1.1 it is a filter like any other.
boost::system::result<void, topic_error> validate_topic_filter(std::string_view filter,
                                                               protocol_version version);

/// Whether `filter` asks for a shared subscription, valid or not. Only MQTT 5.0 knows them.
constexpr bool is_shared_subscription(std::string_view filter) {
  return filter.starts_with(shared_subscription_prefix);
}

/// The parts of "$share/{share_name}/{filter}", viewing the original text.
struct shared_subscription {
  std::string_view share_name;
  std::string_view filter;  ///< matched against Topic Names as if it had been given alone
};

/// Takes a shared subscription apart and validates it whole, the inner filter included. Offsets of
/// errors count from the start of `filter`, which must start with "$share/".
boost::system::result<shared_subscription, topic_error> parse_shared_subscription(
    std::string_view filter);

/// Whether a message on `name` goes to a subscription with `filter`; both must be valid, and the
/// filter not a shared subscription. A wildcard in the first level never matches a name that
/// starts with "$" [MQTT-4.7.2-1].
bool matches(std::string_view filter, std::string_view name);

/// Whether `filter` holds a wildcard; it must be valid.
constexpr bool has_wildcard(std::string_view filter) {
  return filter.find_first_of("+#") != std::string_view::npos;
}

}  // namespace gauntlet::mqtt
