#include "fuzz/self/target_run.hpp"

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>
#include <vector>

#include "fuzz/self/fuzzer_log.hpp"
#include "harness/target/child_process.hpp"

namespace gauntlet::fuzz {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// Inputs stay small, so that corpora do and every run is quick.
constexpr int input_bytes_max = 1024;
constexpr int memory_mb_max = 2048;
/// One input that takes longer is a finding.
constexpr seconds input_time_max{10};

/// What a run may take beyond what it was told: it loads the corpus, and writes its findings.
constexpr seconds grace{60};

std::size_t count_files(const fs::path& folder) {
  std::error_code ignored;
  const fs::directory_iterator files(folder, ignored);
  return static_cast<std::size_t>(std::distance(begin(files), end(files)));
}

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool asks_to_stop(const target_limits& limits) {
  return limits.is_interrupted && limits.is_interrupted();
}

/// Runs libFuzzer to its end, at most `limit` long, and reads what it printed.
outcome<fuzzer_log> run_fuzzer(const target_files& files, std::vector<std::string> arguments,
                               seconds limit, const target_limits& limits, const fs::path& log) {
  std::error_code ignored;
  fs::remove(log, ignored);
  auto child = target::child_process::start(
      {.command = files.program.string(),
       .arguments = std::move(arguments),
       .environment = {{"ASAN_SYMBOLIZER_PATH", "/usr/lib/llvm-14/bin/llvm-symbolizer"}},
       .working_folder = files.output,
       .output_file = log});
  if (!child) return child.error();
  bool told_to_stop = false;
  for (milliseconds left = limit + grace; left > milliseconds(0); left -= milliseconds(200)) {
    if (child->wait_exit(milliseconds(200))) return read_fuzzer_log(text_of(log));
    if (!told_to_stop && asks_to_stop(limits)) {
      child->signal(SIGINT);
      told_to_stop = true;
    }
  }
  child->kill();
  return read_fuzzer_log(text_of(log));
}

std::vector<std::string> common_arguments(const target_files& files) {
  return {"-max_len=" + std::to_string(input_bytes_max),
          "-rss_limit_mb=" + std::to_string(memory_mb_max),
          "-timeout=" + std::to_string(input_time_max.count()),
          "-artifact_prefix=" + (files.output / (files.name + "-")).string()};
}

outcome<fuzzer_log> fuzz(const target_files& files, const target_limits& limits,
                         const fs::path& found, const fs::path& log) {
  std::vector<std::string> arguments = common_arguments(files);
  arguments.push_back("-max_total_time=" + std::to_string(limits.time.count()));
  arguments.push_back("-seed=" + std::to_string(limits.seed));
  arguments.emplace_back("-print_final_stats=1");
  if (fs::exists(files.dictionary)) arguments.push_back("-dict=" + files.dictionary.string());
  arguments.push_back(found.string());
  arguments.push_back(files.corpus.string());
  return run_fuzzer(files, std::move(arguments), limits.time, limits, log);
}

/// Takes into the corpus those of the found inputs that reach what no input in it does.
outcome<fuzzer_log> merge(const target_files& files, const target_limits& limits,
                          const fs::path& found, const fs::path& log) {
  std::vector<std::string> arguments = common_arguments(files);
  arguments.emplace_back("-merge=1");
  arguments.push_back(files.corpus.string());
  arguments.push_back(found.string());
  return run_fuzzer(files, std::move(arguments), limits.time + grace, limits, log);
}

}  // namespace

outcome<self_fuzz_target> run_target(const target_files& files, const target_limits& limits) {
  self_fuzz_target target;
  target.name = files.name;
  target.log = files.output / (files.name + ".log");
  target.corpus_files = count_files(files.corpus);
  const fs::path found = files.output / (files.name + ".found");
  std::error_code error;
  fs::create_directories(found, error);
  if (error) {
    return environment_failed("cannot make the folder " + found.string() + ": " + error.message());
  }
  const auto ran = fuzz(files, limits, found, target.log);
  if (!ran) return ran.error();
  target.executions = ran->executions;
  target.edges = ran->edges;
  if (!ran->artifact.empty()) {
    target.finding = ran->artifact;
    target.reason = ran->reason;
  } else if (ran->executions == 0) {
    return environment_failed("the fuzz target " + files.name + " did not run; its output is in " +
                              target.log.string());
  }
  if (!limits.merge || asks_to_stop(limits)) return target;
  const auto merged = merge(files, limits, found, files.output / (files.name + ".merge.log"));
  if (!merged) return merged.error();
  target.files_merged = merged->files_merged;
  return target;
}

}  // namespace gauntlet::fuzz
