#include "cli/conform_gate.hpp"

#include <utility>

#include <fmt/format.h>

#include "harness/config/node.hpp"
#include "harness/record/wall_time.hpp"

namespace gauntlet::cli {

outcome<conform_gate> conform_gate::open(const std::string& file, bool update) {
  conform_gate gate;
  gate.file_ = file;
  gate.update_ = update;
  if (file.empty()) {
    if (update) return bad_input("--update-expectations needs --expectations FILE");
    return gate;
  }
  std::error_code error;
  if (update && !std::filesystem::exists(file, error)) return gate;
  auto loaded = conformance::load_expectations(gate.file_);
  if (!loaded) return config::to_failure(loaded.error());
  gate.expected_ = std::move(*loaded);
  return gate;
}

outcome<void> conform_gate::apply(record::conformance_result& result) const {
  if (file_.empty()) return {};
  conformance::expectations expected = expected_;
  if (update_) {
    const std::string today = record::to_iso8601(result.started).substr(0, 10);
    auto fresh = conformance::updated(expected_, result, today);
    if (!fresh) return fresh.error();
    expected = std::move(*fresh);
    if (const auto written = write_expectations(file_, expected); !written) return written;
  }
  result.expectations = compare(expected, result, file_.string());
  record::conclude(result);
  return {};
}

}  // namespace gauntlet::cli
