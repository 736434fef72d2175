#pragma once

// What a fuzzing campaign did and found. Each worker writes one while it runs; the campaign's own
// is made of theirs.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/event_loop.hpp"
#include "harness/base/result.hpp"
#include "harness/record/wall_time.hpp"

namespace gauntlet::record {

/// What "format" says in the file, and the version of its form.
inline constexpr std::string_view fuzz_result_format = "gauntlet.fuzz_result";
inline constexpr std::int64_t fuzz_result_version = 1;

/// What an oracle complains of, gravest first.
enum class finding_kind : std::uint8_t {
  sanitizer,    ///< the broker's own instrumentation spoke up
  crash,        ///< the process ended
  hang,         ///< a healthy client gets no answer
  refusal,      ///< a healthy client is not let in any more
  spin,         ///< the processor stays busy after the input
  leak,         ///< memory grows each time the input is played
  disturbance,  ///< another client lost a message, its retained value or its session
  protocol,     ///< an answer that the standard does not allow
  model,        ///< an outcome of several operations that the standard does not allow
};
inline constexpr std::size_t finding_kind_count = 9;
std::string_view name(finding_kind kind);
std::optional<finding_kind> finding_kind_of(std::string_view name);

/// How large an input is.
struct fuzz_input_size {
  std::uint64_t inputs = 1;  ///< how many one after the other; more where one alone does not do it
  std::uint64_t connections = 0;
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
};

/// One fault of a broker, however often it was seen.
struct fuzz_finding {
  std::string id;  ///< kind and a hash of the signature; the name of its folder
  finding_kind kind = finding_kind::crash;
  std::string sentence;   ///< what happened
  std::string signature;  ///< what makes two the same
  std::string statement;  ///< of the standard, such as "MQTT-3.1.0-2"; empty: none
  std::string section;    ///< of the standard; empty: none
  std::string configuration;
  std::uint64_t times_seen = 1;
  double first_second = 0;  ///< of the campaign
  std::uint64_t first_execution = 0;
  std::uint32_t replayed = 0;  ///< of `replays` on a fresh broker
  std::uint32_t replays = 0;
  bool flaky = false;  ///< came again less than three times of five
  fuzz_input_size found;
  fuzz_input_size minimised;
  std::string script;  ///< the minimised input, a line a step
  std::string replay_command;
  std::string folder;  ///< with input, log and script, relative to the result
  std::string log_tail;
};

/// How far a campaign had come at some moment.
struct fuzz_sample {
  double second = 0;
  std::uint64_t executions = 0;
  std::uint64_t packets = 0;
  std::uint64_t connections = 0;
  std::uint64_t behaviours = 0;  ///< distinct combinations of state, packet and answer
  std::uint64_t edges = 0;       ///< of the broker's own code that inputs have run
  std::uint64_t corpus = 0;      ///< inputs kept
  std::uint64_t resident_bytes = 0;
};

/// A state of the connection and how often each packet was sent and answered in it.
struct fuzz_state_row {
  std::string state;
  std::vector<std::uint64_t> sent;      ///< by packet type, 0 to 15
  std::vector<std::uint64_t> answered;  ///< on the same connection before the next step
};

/// The whole.
struct fuzz_result {
  std::string tool_version;
  std::vector<std::string> command_line;
  std::string target;
  std::string product;
  std::vector<std::string> configurations;
  std::string mode;  ///< blind, response, coverage, mixed or model
  std::uint64_t seed = 0;
  std::uint32_t workers = 1;
  std::uint32_t workers_lost = 0;  ///< ended before their time, without a broker to go on with
  wall_time started{};
  double seconds = 0;
  bool interrupted = false;
  std::uint64_t executions = 0;
  std::uint64_t packets = 0;
  std::uint64_t connections = 0;
  std::uint64_t behaviours = 0;
  /// Edges of the broker's own code that inputs have run; 0: it counts none.
  std::uint64_t edges = 0;
  std::uint64_t corpus = 0;
  std::uint64_t restarts = 0;
  /// Inputs of a sample that were played twice, and those that showed the same twice.
  std::uint64_t stability_tries = 0;
  std::uint64_t stability_same = 0;
  /// Suspicions that a fresh connection or a replay cleared.
  std::uint64_t false_alarms = 0;
  /// Waited by all workers together for answers, or ends of connections, that did not come.
  double seconds_in_vain = 0;
  double memory_growth_per_thousand = 0;  ///< bytes per thousand executions, second half of the run
  std::vector<fuzz_sample> samples;
  /// What limits what this result says, a sentence each.
  std::vector<std::string> remarks;
  std::vector<std::string> packet_names;  ///< of the columns of `states`
  std::vector<fuzz_state_row> states;
  std::vector<fuzz_finding> findings;

  /// How many findings came again.
  std::size_t steady_findings() const;
  /// How much of the workers' time was waiting in vain, 0 to 1.
  double share_in_vain() const;
};

/// As JSON text, ending with a line break.
std::string to_json(const fuzz_result& result);
outcome<fuzz_result> fuzz_result_from_json(std::string_view text, std::string_view origin);

/// The campaign out of its workers' results: sums, findings with the same id as one, samples by
/// time. `workers` may be empty.
void merge_workers(fuzz_result& campaign, const std::vector<fuzz_result>& workers);

}  // namespace gauntlet::record
