#pragma once

// Several conformance results side by side: what each broker does in each test. Holds verdicts and
// findings, not transcripts; those are in each broker's own report.

#include <span>
#include <string>
#include <vector>

#include "harness/record/conformance_result.hpp"

namespace gauntlet::record {

/// One run as it goes into a matrix.
struct matrix_source {
  std::string name;    ///< the column's heading: "mosquitto"
  std::string report;  ///< address of its report.html, relative to the matrix; empty if none
  const conformance_result* result = nullptr;
};

/// A broker.
struct matrix_column {
  std::string name;
  std::string product;  ///< with version; empty if unknown
  std::string report;
  wall_time started{};
  std::uint64_t seed = 0;
  record::ending ending = record::ending::unfinished;
  record::verdict verdict = record::verdict::skipped;
  std::vector<catalogue_totals> totals;
  std::vector<capability_record> capabilities;

  bool operator==(const matrix_column&) const = default;
};

/// What a broker did in a test that it did not pass.
struct matrix_finding {
  std::uint32_t column = 0;  ///< counted from 0
  std::string text;          ///< "expected PUBACK, observed nothing for 5s"

  bool operator==(const matrix_finding&) const = default;
};

/// A test on one version, on all brokers.
struct matrix_test {
  std::string id;
  std::string version;
  std::string title;
  std::string theme;
  std::string chapter;
  requirement_level level = requirement_level::must;
  std::vector<test_verdict> verdicts;  ///< one a column; not_run where it was not part of the run
  std::vector<matrix_finding> findings;

  bool operator==(const matrix_test&) const = default;
};

/// The whole.
struct conformance_matrix {
  std::string tool_version;
  std::vector<matrix_column> columns;
  std::vector<matrix_test> tests;  ///< by theme, id and version

  bool operator==(const conformance_matrix&) const = default;
};

conformance_matrix matrix_of(std::span<const matrix_source> sources);

/// Where the broker did otherwise, in a line; the reason where there was no divergence.
std::string finding_of(const test_record& test);

}  // namespace gauntlet::record
