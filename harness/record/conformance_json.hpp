#pragma once

// Conformance results as JSON, and back. The form is versioned and described by
// conformance_result.schema.json; durations are whole nanoseconds (`..._ns`). Fields that are empty
// or zero are left out of tests.

#include <filesystem>
#include <string>
#include <string_view>

#include "harness/base/result.hpp"
#include "harness/record/conformance_matrix.hpp"
#include "harness/record/conformance_result.hpp"

namespace gauntlet::record {

/// What "format" says in the file.
inline constexpr std::string_view conformance_result_format = "gauntlet.conformance_result";
/// Version of the form; readers refuse another.
inline constexpr std::int64_t conformance_result_version = 1;

/// The whole record as JSON text, one line for what is short, ending with a line break. Text that
/// is not UTF-8 is mended with U+FFFD.
std::string to_json(const conformance_result& result);
/// The same without line breaks inside; for embedding.
std::string to_compact_json(const conformance_result& result);
/// One test on one line, without a line break.
std::string to_json(const test_record& test);

/// Without line breaks; for embedding. A matrix is not read back.
std::string to_compact_json(const conformance_matrix& matrix);

/// Reads a record back; messages are those of run_result_from_json.
outcome<conformance_result> conformance_result_from_json(std::string_view text,
                                                         std::string_view origin);

/// Writes atomically, as write_run_result does.
outcome<void> write_conformance_result(const std::filesystem::path& file,
                                       const conformance_result& result);
outcome<conformance_result> read_conformance_result(const std::filesystem::path& file);

/// What the "format" of a JSON text says: run_result_format, conformance_result_format, or another;
/// empty if there is none.
std::string format_of(std::string_view text);

}  // namespace gauntlet::record
