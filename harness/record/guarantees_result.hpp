#pragma once

// What the suite of guarantees found out about one broker: a verdict for each of its scenarios, and
// for each guarantee over all of them.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/event_loop.hpp"
#include "harness/base/result.hpp"
#include "harness/record/guarantee_record.hpp"
#include "harness/record/verdict.hpp"
#include "harness/record/wall_time.hpp"

namespace gauntlet::record {

/// What "format" says in the file, and the version of its form.
inline constexpr std::string_view guarantees_result_format = "gauntlet.guarantees_result";
inline constexpr std::int64_t guarantees_result_version = 1;

/// One scenario on one broker.
struct guarantee_scenario {
  std::string name;   ///< "cut/publisher/qos2/before-pubrec/resumed/5.0"
  std::string title;  ///< what happens in it, in one line
  /// The worst of its guarantees; `skipped` where the broker lacks what it needs, `inconclusive`
  /// where what it is about did not happen.
  record::verdict verdict = verdict::skipped;
  /// Why it was skipped, or what did not happen; else empty.
  std::string remark;
  /// How long it took, without the wait for a place.
  duration took{};
  std::vector<fault_record> faults;
  /// Those that were asked.
  std::vector<guarantee_record> guarantees;
};

/// The whole suite.
struct guarantees_result {
  std::string tool_version;
  std::vector<std::string> command_line;
  std::string target;
  std::string product;
  /// What the broker was taken to keep: "nothing", "stop", "kill".
  std::string survives;
  std::uint64_t seed = 0;
  wall_time started{};
  duration took{};
  /// Why not all scenarios were played; empty: they were.
  std::string failure;
  std::vector<guarantee_scenario> scenarios;
};

/// One guarantee over all scenarios.
struct guarantee_sum {
  std::string rule;
  std::string title;
  record::verdict verdict = verdict::skipped;
  std::uint64_t asked = 0;
  std::uint64_t scenarios = 0;         ///< in which it was asked
  std::uint64_t scenarios_failed = 0;  ///< of these
  std::vector<class_count> counts;
};

/// The worst verdict of all scenarios.
verdict overall_verdict(const guarantees_result& result);
/// How many scenarios have this verdict.
std::size_t count_of(const guarantees_result& result, verdict which);
/// The guarantees that were asked anywhere, by group and number.
std::vector<guarantee_sum> sums_of(const guarantees_result& result);

/// As JSON text, ending with a line break.
std::string to_json(const guarantees_result& result);
outcome<guarantees_result> guarantees_result_from_json(std::string_view text,
                                                       std::string_view origin);

}  // namespace gauntlet::record
