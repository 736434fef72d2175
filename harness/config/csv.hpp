#pragma once

// Tables of text: RFC 4180 with a header line, commas, and quotes around what holds commas, quotes
// (doubled) or line breaks. Lines end with LF or CRLF; empty ones are passed over.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/units.hpp"

namespace gauntlet::config {

/// A table, row by row; each row has as many cells as the header has names.
struct csv_table {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
  std::vector<std::uint32_t> lines;  ///< where each row begins, from 1

  /// The number of a column, or nothing.
  std::optional<std::size_t> find(std::string_view column) const;
};

/// Parses a table of at least one row; the error is a sentence with the line.
unit_result<csv_table> parse_csv(std::string_view text);

/// The same of a file of at most 64 MiB; the error begins with its name.
unit_result<csv_table> read_csv(const std::filesystem::path& file);

}  // namespace gauntlet::config
