#pragma once

// The result of one run of a scenario: the record that result.json holds and that every report
// reads. Plain structs. What was measured is in measurements.hpp; json.hpp writes and reads the
// whole.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/exit_code.hpp"
#include "harness/record/guarantee_record.hpp"
#include "harness/record/measurements.hpp"
#include "harness/record/verdict.hpp"
#include "harness/record/wall_time.hpp"

namespace gauntlet::record {

/// What was run.
struct scenario_record {
  std::string name;
  std::string description;
  /// The path as the user gave it.
  std::string path;
  /// The text of the file as run, byte for byte unless it was not UTF-8.
  std::string source;
  std::uint64_t seed = 0;
  /// True if run under virtual time against the reference broker.
  bool simulated = false;
  /// Values of the scenario's parameters, as "devices=5000".
  std::vector<std::string> parameters;
  /// What --scale changed, in words: "meters: 100 devices, of 1,000". Empty if not asked for.
  std::vector<std::string> scaled;
  /// SHA-256 of the planned publish stream in hexadecimal, as `--dry-run` prints it; empty if it
  /// was not computed.
  std::string plan_sha256;

  bool operator==(const scenario_record&) const = default;
};

/// What it ran against.
struct target_record {
  /// As given to --target ("embedded", "mosquitto", a URL), without a password.
  std::string given;
  /// Where the devices connected to, without a password.
  std::string url;
  /// The profile's name if the broker was ours to start; empty otherwise.
  std::string profile;
  /// Product and version if known ("mosquitto 2.0.11"); empty otherwise.
  std::string product;

  bool operator==(const target_record&) const = default;
};

/// Where it ran.
struct environment_record {
  std::string host;
  /// "Debian GNU/Linux 12 (bookworm)".
  std::string os;
  std::string kernel;
  std::string cpu_model;
  /// Logical processors that this process may use.
  std::uint32_t cores = 0;
  std::uint64_t memory_bytes = 0;
  /// Open files allowed to one process, after raising it.
  std::uint64_t descriptor_limit = 0;

  bool operator==(const environment_record&) const = default;
};

/// How the run came to its end.
enum class ending : std::uint8_t {
  unfinished,          ///< still running when written: found in a file, the process was killed
  complete,            ///< the scenario ran to its end
  interrupted,         ///< the user stopped it; figures are those of the part that ran
  aborted,             ///< an expectation with `abort_on` was not met; as above
  target_unreachable,  ///< no broker answered, or it refused us; nothing ran
  target_died,         ///< the broker exited or vanished during the run
  worker_died,  ///< a process of the generator was lost; its figures end with its last report
  environment_failed,  ///< the machine could not do it: descriptors, memory, disk
  internal_error,      ///< a fault of Gauntlet's own
};

/// "unfinished", "complete", ...: the enumerator's name.
std::string_view name(ending value);
std::optional<ending> ending_of(std::string_view name);

/// One line of the scenario's `expect`, and what came of it.
struct expectation_record {
  /// Stable name for tools: "delivery.qos1.lost".
  std::string id;
  /// "scenarios/quickstart.yaml:41"; empty for those that Gauntlet adds itself.
  std::string where;
  /// What is expected, as a sentence: "No message at QoS 1 is lost".
  std::string sentence;
  /// The bound with its unit: "0", "at most 50 ms".
  std::string expected;
  /// The figure seen, with its unit: "3 of 20,000".
  std::string observed;
  record::verdict verdict = record::verdict::skipped;

  bool operator==(const expectation_record&) const = default;
};

/// One process of a broker that Gauntlet started; a restart begins another. Memory and CPU over
/// time are in the time series.
struct broker_process_record {
  std::int64_t pid = 0;
  /// The command line it was started with.
  std::string command;
  /// The file that holds its output, relative to the results folder.
  std::string output_file;
  /// Since the start of the run; negative if it was started before.
  duration started_at{};
  /// Resident memory when it first answered, at the end, and the largest seen.
  std::uint64_t rss_bytes_start = 0;
  std::uint64_t rss_bytes_end = 0;
  std::uint64_t rss_bytes_max = 0;
  /// User and system time at the last sample.
  duration cpu{};
  /// How it ended, as a sentence: "stopped by us", "killed by signal 9". Empty while it runs.
  std::string exit;
  /// True if it ended without our asking for it.
  bool exit_unexpected = false;

  bool operator==(const broker_process_record&) const = default;
};

/// Whether the figures say something about the broker, or about the generator.
struct generator_judgement {
  /// True if the generator could not keep its own plan.
  bool limited = false;
  /// Why, or why not, with the figures: one sentence, which reports put after "Yes." or "No.".
  std::string sentence;

  bool operator==(const generator_judgement&) const = default;
};

/// Everything there is to know about one run.
struct run_result {
  /// The tool's version: "0.1.0".
  std::string tool_version;
  /// The command line as given; passwords blanked.
  std::vector<std::string> command_line;
  scenario_record scenario;
  target_record target;
  environment_record environment;
  /// Wall-clock time of the start, to the millisecond.
  wall_time started{};
  /// From the first connection attempt to the last figure, in the run's own (maybe virtual) time.
  gauntlet::duration duration{};
  /// Real time that the run took; zero for a simulated one, which is the same bit for bit every
  /// time.
  gauntlet::duration real_duration{};
  record::ending ending = record::ending::unfinished;
  /// How it ended, as a sentence with what to do about it.
  std::string ending_sentence;
  /// The worst of the expectations; see conclude().
  record::verdict verdict = record::verdict::skipped;
  gauntlet::exit_code exit_code = gauntlet::exit_code::ok;
  std::vector<expectation_record> expectations;
  /// In the order of the scenario.
  std::vector<fault_record> faults;
  /// In the order of docs/guarantees.md; empty if the scenario asks for none.
  std::vector<guarantee_record> guarantees;
  measurements measured;
  generator_judgement generator;
  std::vector<broker_process_record> broker_processes;

  bool operator==(const run_result&) const = default;
};

/// Sets `verdict` and `exit_code` from expectations and ending: the one place that decides what the
/// shell is told. A run that did not complete never passes: its passes become inconclusive overall,
/// and its exit code names what cut it (3 target or environment, 4 a fault of ours). One stopped by
/// the user exits with 1 as undecided.
void conclude(run_result& run);

}  // namespace gauntlet::record
