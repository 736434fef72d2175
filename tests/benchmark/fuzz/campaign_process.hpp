#pragma once

// `gauntlet fuzz` as a child process, and the result that it leaves.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/result.hpp"
#include "harness/record/fuzz_result.hpp"
#include "harness/target/child_process.hpp"

namespace gauntlet::benchmark {

/// One campaign that runs; ended when this object goes.
class campaign_process {
 public:
  /// Starts the program with `fuzz`, those words, and `folder` for all that it writes, which is
  /// taken away at the end.
  static outcome<campaign_process> start(const std::filesystem::path& program,
                                         const std::vector<std::string>& words,
                                         const std::filesystem::path& folder);
  campaign_process(campaign_process&&) noexcept = default;
  campaign_process& operator=(campaign_process&&) = delete;
  ~campaign_process();

  /// Its result once it has ended; nothing while it runs. Waits at most `wait` for that.
  std::optional<outcome<record::fuzz_result>> await(std::chrono::milliseconds wait);

 private:
  campaign_process(target::child_process process, std::filesystem::path folder)
      : process_(std::move(process)), folder_(std::move(folder)) {}

  target::child_process process_;
  std::filesystem::path folder_;
};

}  // namespace gauntlet::benchmark
