#include "tests/benchmark/fuzz/campaign_process.hpp"

#include <csignal>
#include <system_error>
#include <utility>

#include "harness/record/atomic_file.hpp"

namespace gauntlet::benchmark {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto end_limit = 10s;  // for a campaign that is asked to end

}  // namespace

outcome<campaign_process> campaign_process::start(const fs::path& program,
                                                  const std::vector<std::string>& words,
                                                  const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return environment_failed("cannot make " + folder.string() + ": " + error.message());
  target::child_options child;
  child.command = program.string();
  child.arguments = {"fuzz", "--quiet", "--out", (folder / "out").string()};
  child.arguments.insert(child.arguments.end(), words.begin(), words.end());
  child.working_folder = fs::current_path();
  child.output_file = folder / "output.log";
  auto started = target::child_process::start(child);
  if (!started) return started.error();
  return campaign_process(std::move(*started), folder);
}

campaign_process::~campaign_process() {
  if (folder_.empty()) return;  // moved from
  if (!process_.poll_exit()) {
    process_.signal(SIGTERM);
    if (!process_.wait_exit(end_limit)) process_.kill();
  }
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

std::optional<outcome<record::fuzz_result>> campaign_process::await(
    std::chrono::milliseconds wait) {
  const auto ended = process_.wait_exit(wait);
  if (!ended) return std::nullopt;
  const bool is_whole =
      !ended->signalled && (ended->code == static_cast<int>(exit_code::ok) ||
                            ended->code == static_cast<int>(exit_code::expectation_failed));
  if (!is_whole) {
    const auto said = record::read_file(folder_ / "output.log");
    return outcome<record::fuzz_result>(
        environment_failed("a campaign " + ended->to_string() + ": " + (said ? *said : "")));
  }
  const fs::path file = folder_ / "out" / "result.json";
  const auto text = record::read_file(file);
  if (!text) return outcome<record::fuzz_result>(text.error());
  return record::fuzz_result_from_json(*text, file.string());
}

}  // namespace gauntlet::benchmark
