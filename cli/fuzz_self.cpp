#include "cli/fuzz_self.hpp"

#include <fmt/format.h>

#include "cli/interrupt.hpp"
#include "cli/messages.hpp"
#include "cli/result_folder.hpp"
#include "fuzz/self/self_fuzz.hpp"
#include "harness/base/units.hpp"

namespace gauntlet::cli {
namespace {

void print(const fuzz::self_fuzz_target& each) {
  fmt::print("{:<18} {:>12} executions {:>7} edges {:>5} in the corpus, {} added{}\n", each.name,
             format_count(each.executions), format_count(each.edges), each.corpus_files,
             each.files_merged, each.finding ? "  BROKEN: " + each.reason : "");
  if (each.finding) fmt::print("  {}\n  log: {}\n", each.finding->string(), each.log.string());
}

}  // namespace

exit_code fuzz_own_code(const std::vector<std::string>& only, std::chrono::seconds time,
                        std::uint64_t seed, const std::string& out, bool quiet) {
  const auto folder = make_result_folder(out, "fuzz-self");
  if (!folder) return fail(folder.error());
  const interrupt_guard guard;
  const auto result =
      fuzz::fuzz_self({.only = only,
                       .time = time,
                       .seed = static_cast<std::uint32_t>(seed),
                       .output = *folder,
                       .on_begin =
                           [quiet](const std::string& name, std::size_t number, std::size_t count) {
                             if (!quiet)
                               fmt::print(stderr, "{} of {}: {}\n", number + 1, count, name);
                           },
                       .on_done = [](const fuzz::self_fuzz_target& each) { print(each); },
                       .is_interrupted = [] { return interrupt_guard::requested(); }});
  if (!result) return fail(result.error());
  fmt::print("{} of {} targets broken. Logs: {}\n", result->findings(), result->targets.size(),
             folder->string());
  return result->findings() == 0 ? exit_code::ok : exit_code::expectation_failed;
}

}  // namespace gauntlet::cli
