#pragma once

// `gauntlet fuzz --model`: random valid walks of several clients over a broker, each step judged by
// a small model of what the standard lets a broker do. A walk that fails is made as short as it
// goes, played again, and told as a script. All draws come from one seed.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fuzz/model/generator.hpp"
#include "fuzz/model/lane.hpp"
#include "fuzz/model/operation.hpp"
#include "fuzz/model/player.hpp"
#include "fuzz/model/rule.hpp"
#include "harness/base/result.hpp"

namespace gauntlet::fuzz::model {

/// Opens a lane, in the thread that will use it. Called once a lane.
using lane_maker = std::function<outcome<std::unique_ptr<lane>>()>;

/// How to run.
struct model_options {
  generator_options draws;
  player_options play;
  /// Runs end with whichever comes first; without `time`, after `sequences`.
  std::uint64_t sequences = 1000;
  std::optional<duration> time;
  std::size_t lanes = 1;              ///< sequences side by side; at least 1
  std::uint32_t replays = 5;          ///< of each finding, on fresh names
  std::size_t shrink_runs_max = 400;  ///< of each finding
  duration shrink_time_max = std::chrono::seconds(45);
  /// How many different sequences are looked into for one rule: they may have different causes.
  std::size_t findings_per_rule_max = 2;
  /// The run ends after so many findings; 0: never for that.
  std::size_t findings_max = 0;
  std::function<bool()> is_interrupted;  ///< asked between sequences, by all lanes; may be empty
};

/// One way in which the broker left what is allowed.
struct model_finding {
  violation what;                   ///< as the shortest sequence shows it
  std::uint64_t sequence = 0;       ///< number of the first sequence that met it, from 0
  double first_second = 0;          ///< of the run
  std::uint64_t times_seen = 1;     ///< sequences that met its rule, shrinking not counted
  std::uint32_t replays = 0;        ///< of the shortest sequence
  std::uint32_t reproduced = 0;     ///< of these, met it again
  bool shrunk = false;              ///< no single step makes the shortest one any smaller
  sequence_plan found;              ///< as drawn
  sequence_plan shortest;           ///< as far as shrinking got
  std::set<rule> passed_over;       ///< known rules that `shortest` breaks first
  std::vector<std::string> script;  ///< `shortest`, a line an operation, the packets seen below it
};

/// What a run did and found.
struct model_result {
  std::uint64_t sequences = 0;  ///< drawn and run; replays and shrinking not counted
  std::uint64_t operations = 0;
  std::uint64_t messages = 0;  ///< application messages published
  std::uint64_t receipts = 0;  ///< PUBLISH packets received and judged
  std::uint64_t shrink_runs = 0;
  std::uint64_t failures = 0;  ///< sequences that broke a rule
  duration elapsed{};          ///< of the machine's clock
  bool interrupted = false;
  bool broker_is_gone = false;  ///< it takes no connection any more
  std::vector<model_finding> findings;
};

/// Heard after each sequence, from one thread at a time. May be empty.
using model_progress = std::function<void(const model_result& so_far)>;

/// Runs sequences until the options say enough. The failure is that of the environment: no lane
/// could be opened.
outcome<model_result> run_model(const lane_maker& open, const model_options& options,
                                const model_progress& progress = {});

}  // namespace gauntlet::fuzz::model
