// Fuzz target: which Topic Names and Topic Filters are valid, and which match, is the same as told
// level by level; and what is said of two filters as sets of names holds for the name at hand.
//
//   up to the first line break   a filter
//   up to the second             another one
//   the rest                     a name

#include <string>

#include "fuzz/targets/parts/input_reader.hpp"
#include "fuzz/targets/parts/naive_topics.hpp"
#include "harness/base/assert.hpp"
#include "harness/mqtt/filter_relation.hpp"
#include "harness/mqtt/topic.hpp"

namespace gauntlet::fuzz {
namespace {

using mqtt::protocol_version;

void check_error(const mqtt::topic_error& error, std::string_view topic) {
  GAUNTLET_ASSERT(error.offset <= topic.size());
  GAUNTLET_ASSERT(!mqtt::describe(error, protocol_version::v5).empty());
  GAUNTLET_ASSERT(!mqtt::describe(error, protocol_version::v3_1_1).empty());
}

void check_name(std::string_view name) {
  const auto valid = mqtt::validate_topic_name(name);
  GAUNTLET_ASSERT(valid.has_value() == is_valid_name(name));
  if (!valid) check_error(valid.error(), name);
}

/// Answers what is matched against names; empty for a filter that is not valid.
std::string_view check_filter(std::string_view filter) {
  const auto plain = mqtt::validate_topic_filter(filter, protocol_version::v3_1_1);
  GAUNTLET_ASSERT(plain.has_value() == is_valid_filter(filter));
  if (!plain) check_error(plain.error(), filter);
  const auto valid = mqtt::validate_topic_filter(filter, protocol_version::v5);
  if (!mqtt::is_shared_subscription(filter)) {
    GAUNTLET_ASSERT(valid.has_value() == plain.has_value());
    return valid ? filter : std::string_view();
  }
  const auto parts = mqtt::parse_shared_subscription(filter);
  GAUNTLET_ASSERT(valid.has_value() == is_valid_shared(filter));
  GAUNTLET_ASSERT(parts.has_value() == valid.has_value());
  if (!parts) {
    check_error(parts.error(), filter);
    return {};
  }
  const std::string again = "$share/" + std::string(parts->share_name) + "/";
  GAUNTLET_ASSERT(again + std::string(parts->filter) == filter);
  return parts->filter;
}

bool check_match(std::string_view filter, std::string_view name) {
  const bool matches = mqtt::matches(filter, name);
  GAUNTLET_ASSERT(matches == naive_matches(filter, name));
  return matches;
}

void run(byte_view bytes) {
  input_reader input(bytes);
  const std::string_view one = check_filter(input.text_until('\n'));
  const std::string_view other = check_filter(input.text_until('\n'));
  const std::string_view name = as_text(input.rest());
  check_name(name);
  if (!one.empty() && !other.empty()) {
    GAUNTLET_ASSERT(mqtt::covers(one, one) && mqtt::overlap(one, one));
    GAUNTLET_ASSERT(mqtt::overlap(one, other) == mqtt::overlap(other, one));
    GAUNTLET_ASSERT(!mqtt::covers(one, other) || mqtt::overlap(one, other));
  }
  if (!is_valid_name(name)) return;
  const bool one_matches = !one.empty() && check_match(one, name);
  const bool other_matches = !other.empty() && check_match(other, name);
  if (one.empty() || other.empty()) return;
  GAUNTLET_ASSERT(!one_matches || !other_matches || mqtt::overlap(one, other));
  GAUNTLET_ASSERT(!other_matches || !mqtt::covers(one, other) || one_matches);
}

}  // namespace
}  // namespace gauntlet::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  gauntlet::fuzz::run({data, size});
  return 0;
}
