#pragma once

// Several runs of one scenario side by side, one for each combination of its parameters: the main
// figures of each. The whole of a run is in its own folder.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/record/run_result.hpp"

namespace gauntlet::record {

/// The value of a parameter.
struct matrix_value {
  std::string name;
  std::string value;

  bool operator==(const matrix_value&) const = default;
};

/// One combination and what came of it. Figures are of all groups; zero if it did not run.
struct run_matrix_row {
  std::vector<matrix_value> values;
  /// Its results, relative to the matrix; empty if it did not run.
  std::string folder;
  record::verdict verdict = record::verdict::skipped;
  gauntlet::exit_code exit_code = gauntlet::exit_code::ok;
  record::ending ending = record::ending::unfinished;
  /// How it ended if it did not complete, or why it did not run.
  std::string remark;
  std::uint64_t devices = 0;
  std::uint64_t connected = 0;
  std::uint64_t sent = 0;
  std::uint64_t delivered = 0;
  std::uint64_t lost = 0;
  std::uint64_t duplicated = 0;
  std::uint64_t reordered = 0;
  std::uint64_t unexpected_disconnects = 0;
  /// Sent and delivered over the publishing time.
  double sent_per_second = 0;
  double delivered_per_second = 0;
  duration connect_time_p99{};
  /// From the scheduled time to the delivery.
  duration latency_p50{};
  duration latency_p99{};
  duration latency_max{};
  /// Of a broker that Gauntlet started; zero otherwise.
  std::uint64_t broker_rss_bytes_max = 0;
  duration broker_cpu{};
  bool generator_limited = false;
  std::vector<expectation_record> expectations;

  bool operator==(const run_matrix_row&) const = default;
};

/// The whole.
struct run_matrix {
  std::string tool_version;
  std::vector<std::string> command_line;
  std::string scenario;
  std::string target;
  std::vector<run_matrix_row> rows;  ///< in the order of the combinations
};

/// The figures of a run. `publishing` is how long it published.
run_matrix_row matrix_row_of(std::vector<matrix_value> values, std::string folder,
                             const run_result& result, duration publishing);

/// One line of JSON, without its end.
std::string to_json_line(const run_matrix_row& row);

}  // namespace gauntlet::record
