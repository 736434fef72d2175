#include "harness/record/test_record.hpp"

#include "harness/record/enum_names.hpp"

namespace gauntlet::record {
namespace {

constexpr enum_names<test_kind, 3> kinds{{"scenario", "vector", "invariant"}};
constexpr enum_names<requirement_level, 3> levels{{"must", "should", "may"}};
constexpr enum_names<wire_event, 10> wire_events{{"opened", "open_failed", "sent", "received",
                                                  "peer_finished", "peer_reset", "we_closed",
                                                  "we_aborted", "waited", "remark"}};

}  // namespace

std::string_view name(test_kind value) { return kinds.name_of(value); }
std::optional<test_kind> test_kind_of(std::string_view name) { return kinds.value_of(name); }

std::string_view name(requirement_level value) { return levels.name_of(value); }
std::optional<requirement_level> requirement_level_of(std::string_view name) {
  return levels.value_of(name);
}

std::string_view name(wire_event value) { return wire_events.name_of(value); }
std::optional<wire_event> wire_event_of(std::string_view name) {
  return wire_events.value_of(name);
}

std::string signature_of(const test_record& test) {
  if (test.verdict == test_verdict::pass) return "";
  return test.divergence ? test.divergence->signature : test.reason;
}

}  // namespace gauntlet::record
