#pragma once

// Records as JSON, and back. The form is versioned and described by run_result.schema.json;
// durations are whole nanoseconds (`..._ns`), times UTC in ISO 8601.

#include <filesystem>
#include <string>
#include <string_view>

#include "harness/base/result.hpp"
#include "harness/record/run_result.hpp"

namespace gauntlet::record {

/// What "format" says in the file.
inline constexpr std::string_view run_result_format = "gauntlet.run_result";
/// Version of the form; readers refuse another.
inline constexpr std::int64_t run_result_version = 1;

/// How much to write.
struct json_options {
  /// Leave out the histograms of each point of the time series; their percentiles stay. For
  /// embedding into a report; such a text can be read back, with empty histograms there.
  bool lean_series = false;
};

/// The whole record as JSON text, ending with a line break. Text that is not UTF-8 is mended with
/// U+FFFD.
std::string to_json(const run_result& run, const json_options& options = {});
/// The measurements alone, as workers send them: one line, without a line break.
std::string to_json(const measurements& measured);

/// Reads a record back. `origin` names the text in messages, which say line and column of bad JSON
/// and the path of a bad value ("result.json: /connections/0/planned: expected a whole number").
outcome<run_result> run_result_from_json(std::string_view text, std::string_view origin);
outcome<measurements> measurements_from_json(std::string_view text, std::string_view origin);

/// Writes `run` so that `file` holds either what it held before or all of it, even if the machine
/// stops: a temporary file beside it, synced and renamed. May be called during the run; what it
/// holds then says `unfinished`.
outcome<void> write_run_result(const std::filesystem::path& file, const run_result& run);
/// Reads a file that write_run_result wrote.
outcome<run_result> read_run_result(const std::filesystem::path& file);

}  // namespace gauntlet::record
