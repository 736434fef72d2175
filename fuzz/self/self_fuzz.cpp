#include "fuzz/self/self_fuzz.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "fuzz/self/target_run.hpp"
#include "harness/target/child_process.hpp"

namespace gauntlet::fuzz {
namespace {

namespace fs = std::filesystem;

/// Longer than any build of the targets takes.
constexpr std::chrono::hours build_time_max{2};

bool is_source_tree(const fs::path& folder) {
  return fs::exists(folder / "fuzz/targets") && fs::exists(folder / "cmake/fuzz_tree.sh");
}

/// The tree that the program lies in: build/<preset>/cli/gauntlet is four levels below its root.
outcome<fs::path> find_source_tree(const fs::path& given) {
  std::error_code ignored;
  fs::path folder = given.empty() ? fs::read_symlink("/proc/self/exe", ignored) : given;
  for (; folder.has_relative_path(); folder = folder.parent_path()) {
    if (is_source_tree(folder)) return folder;
    if (!given.empty()) break;
  }
  return environment_failed(
      "fuzzing Gauntlet itself needs its source tree, which " +
      (given.empty() ? std::string("this program does not lie in") : given.string() + " is not") +
      ": run ./gauntlet fuzz --self in a checkout");
}

outcome<void> build_targets(const fs::path& tree, const self_fuzz_options& options) {
  const fs::path log = options.output / "build.log";
  auto child = target::child_process::start({.command = (tree / "cmake/fuzz_tree.sh").string(),
                                             .arguments = {},
                                             .environment = {},
                                             .working_folder = tree,
                                             .output_file = log});
  if (!child) return child.error();
  using std::chrono::milliseconds;
  for (milliseconds left = build_time_max; left > milliseconds(0); left -= milliseconds(200)) {
    if (options.is_interrupted && options.is_interrupted()) {
      return environment_failed("interrupted while the fuzz targets were built");
    }
    const auto end = child->wait_exit(milliseconds(200));
    if (!end) continue;
    if (!end->signalled && end->code == 0) return {};
    return environment_failed("the fuzz targets cannot be built (" + end->to_string() +
                              "); what went wrong is in " + log.string());
  }
  return environment_failed("the build of the fuzz targets takes too long; see " + log.string());
}

outcome<std::vector<std::string>> chosen_targets(const fs::path& tree,
                                                 const std::vector<std::string>& only) {
  auto all = self_fuzz_targets(tree);
  if (!all) return all.error();
  for (const std::string& name : only) {
    if (std::find(all->begin(), all->end(), name) != all->end()) continue;
    std::string known;
    for (const std::string& each : *all) known += (known.empty() ? "" : ", ") + each;
    return bad_input("there is no fuzz target '" + name + "'; there are " + known);
  }
  return only.empty() ? std::move(*all) : only;
}

}  // namespace

std::size_t self_fuzz_result::findings() const {
  return static_cast<std::size_t>(
      std::count_if(targets.begin(), targets.end(),
                    [](const self_fuzz_target& each) { return each.finding.has_value(); }));
}

outcome<std::vector<std::string>> self_fuzz_targets(const fs::path& source_tree) {
  const auto tree = find_source_tree(source_tree);
  if (!tree) return tree.error();
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(*tree / "fuzz/targets")) {
    if (fs::is_directory(entry.path() / "corpus")) names.push_back(entry.path().filename());
  }
  std::sort(names.begin(), names.end());
  return names;
}

outcome<self_fuzz_result> fuzz_self(const self_fuzz_options& options) {
  const auto tree = find_source_tree(options.source_tree);
  if (!tree) return tree.error();
  const auto names = chosen_targets(*tree, options.only);
  if (!names) return names.error();
  std::error_code error;
  const fs::path output = fs::absolute(options.output, error);
  fs::create_directories(output, error);
  if (error) {
    return environment_failed("cannot make the folder " + output.string() + ": " + error.message());
  }
  if (const auto built = build_targets(*tree, options); !built) return built.error();

  const auto count = static_cast<std::int64_t>(std::max<std::size_t>(names->size(), 1));
  const std::chrono::seconds share(std::max<std::int64_t>(1, options.time.count() / count));
  self_fuzz_result result;
  for (const std::string& name : *names) {
    result.interrupted = options.is_interrupted && options.is_interrupted();
    if (result.interrupted) break;
    if (options.on_begin) options.on_begin(name, result.targets.size(), names->size());
    const fs::path folder = *tree / "fuzz/targets" / name;
    auto done = run_target({.name = name,
                            .program = *tree / "build/fuzz/fuzz/targets" / name / ("fuzz_" + name),
                            .corpus = folder / "corpus",
                            .dictionary = folder / (name + ".dict"),
                            .output = output},
                           {.time = share,
                            .seed = options.seed,
                            .merge = options.merge,
                            .is_interrupted = options.is_interrupted});
    if (!done) return done.error();
    if (options.on_done) options.on_done(*done);
    result.targets.push_back(std::move(*done));
  }
  return result;
}

}  // namespace gauntlet::fuzz
