#include "fuzz/campaign/campaign.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#include "fuzz/coverage/coverage_map.hpp"
#include "harness/record/atomic_file.hpp"
#include "harness/target/child_process.hpp"

namespace gauntlet::fuzz {
namespace {

using clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::array<std::string_view, guidance_count> names = {"blind", "response", "coverage",
                                                                "mixed"};
constexpr auto turn = 500ms;
constexpr std::size_t second_chances = 3;  // processes after the first, for each worker
constexpr auto time_worth_starting = 5s;
constexpr auto patience = 40s;  // a worker that makes a finding small does not look at the clock

struct running_worker {
  worker_options how;
  std::optional<target::child_process> process;
  bool is_done = false;
  bool is_put_by = false;                   ///< what it wrote is in `before`
  std::vector<record::fuzz_result> before;  ///< of processes that died
};

outcome<target::child_process> start(const worker_options& how) {
  target::child_options child;
  child.command = "/proc/self/exe";
  std::error_code none;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", none);
  if (!none) child.command = self.string();
  child.arguments = worker_words(how);
  // The broker works in a folder of its own.
  child.environment[coverage_map_variable] =
      std::filesystem::absolute(worker_coverage_file(how.folder)).string();
  child.working_folder = std::filesystem::current_path();
  child.output_file = how.folder / "worker.log";
  return target::child_process::start(child);
}

std::string last_words(const std::filesystem::path& log) {
  std::ifstream file(log);
  std::string last;
  for (std::string line; std::getline(file, line);) {
    constexpr std::string_view ours = "gauntlet: ";
    if (line.starts_with(ours)) last = line.substr(ours.size());
  }
  return last;
}

/// What the process at hand, or the last one, has written.
std::optional<record::fuzz_result> result_of(const running_worker& each) {
  const auto file = worker_result_file(each.how.folder);
  std::error_code none;
  if (!std::filesystem::exists(file, none)) return std::nullopt;
  const auto text = record::read_file(file);
  if (!text) return std::nullopt;
  auto read = record::fuzz_result_from_json(*text, file.string());
  if (!read) return std::nullopt;
  return std::move(*read);
}

class coordinator {
 public:
  explicit coordinator(const campaign_options& how) : how_(how), begun_(clock::now()) {
    result_.target = how.targets.front();
    result_.configurations = how.targets;
    result_.mode = std::string(name(how.guided_by));
    result_.seed = how.seed;
    result_.workers = how.jobs;
    result_.started =
        std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }

  outcome<record::fuzz_result> run() {
    if (auto started = start_workers(); !started) return started.error();
    while (!all_done()) {
      for (running_worker& each : workers_) {
        if (auto failed = look_after(each)) return *failed;
      }
      const auto so_far = merged();
      if (how_.on_progress) how_.on_progress(so_far);
      const bool is_over = clock::now() > begun_ + how_.time + patience;
      const bool is_found =
          how_.stop_at_first &&
          std::any_of(workers_.begin(), workers_.end(), [](const auto& w) { return w.is_done; });
      const bool is_interrupted = how_.is_interrupted && how_.is_interrupted();
      if ((is_interrupted || is_found) && !is_ending_) {
        result_.interrupted = is_interrupted;
        is_ending_ = true;
        for (running_worker& each : workers_) {
          if (each.process) each.process->signal(SIGTERM);
        }
        end_by_ = clock::now() + patience;
      }
      if (is_over || (is_ending_ && clock::now() > end_by_)) kill_all();
    }
    return merged();
  }

 private:
  outcome<void> start_workers() {
    for (std::uint32_t i = 0; i < how_.jobs; ++i) {
      running_worker made;
      made.how = {.targets = how_.targets,
                  .profiles_folder = how_.profiles_folder,
                  .folder = how_.folder / ("worker-" + std::to_string(i + 1)),
                  .defects = how_.defects,
                  .corpora = how_.corpora,
                  .guided_by = how_.guided_by,
                  .seed = stream_key(how_.seed).with(std::uint64_t{i}).bits() & 0x7FFFFFFFU,
                  .time = how_.time,
                  .inputs_max = how_.inputs_max,
                  .minimise_for = how_.minimise_for,
                  .may_leave_machine = how_.may_leave_machine,
                  .stop_at_first = how_.stop_at_first};
      // Workers begin with different configurations.
      std::rotate(made.how.targets.begin(), made.how.targets.begin() + i % made.how.targets.size(),
                  made.how.targets.end());
      if (auto started = start_one(made); !started) return started;
      workers_.push_back(std::move(made));
    }
    return outcome<void>();
  }

  std::optional<failure> look_after(running_worker& each) {
    if (each.is_done || !each.process) return std::nullopt;
    const auto ended = each.process->wait_exit(turn / static_cast<int>(workers_.size()));
    if (!ended) return std::nullopt;
    each.process.reset();
    if (!ended->signalled && ended->code == 0) {
      each.is_done = true;
      return std::nullopt;
    }
    const auto had = result_of(each);
    const bool is_bad_input =
        !ended->signalled && ended->code == static_cast<int>(exit_code::bad_input);
    // It could not begin: no other will.
    if (is_bad_input || (!had && each.before.empty())) {
      const auto log = each.how.folder / "worker.log";
      const std::string words = last_words(log);
      return failure{is_bad_input ? exit_code::bad_input : exit_code::environment_failed,
                     words.empty()
                         ? "a worker " + ended->to_string() + "; its log is " + log.string()
                         : words};
    }
    result_.workers_lost += 1;
    if (ended->signalled) result_.remarks.push_back("a worker " + ended->to_string());
    return begin_again(each);
  }

  /// Another process for a worker that had a broker and lost it, in a folder of its own.
  std::optional<failure> begin_again(running_worker& each) {
    if (auto had = result_of(each)) each.before.push_back(std::move(*had));
    each.is_put_by = true;
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(begun_ + how_.time - clock::now());
    each.is_done = each.before.size() > second_chances || left < time_worth_starting || is_ending_;
    if (each.is_done) return std::nullopt;
    each.how.folder += "-again";
    each.how.time = left;
    each.how.seed += 1;
    if (auto failed = start_one(each); !failed) return failed.error();
    return std::nullopt;
  }

  outcome<void> start_one(running_worker& each) {
    std::error_code error;
    std::filesystem::create_directories(each.how.folder, error);
    if (error) {
      return environment_failed("cannot make the folder " + each.how.folder.string() + ": " +
                                error.message());
    }
    auto process = start(each.how);
    if (!process) return process.error();
    each.process = std::move(*process);
    each.is_put_by = false;
    return outcome<void>();
  }

  bool all_done() const {
    return std::all_of(workers_.begin(), workers_.end(),
                       [](const running_worker& each) { return each.is_done; });
  }

  void kill_all() {
    for (running_worker& each : workers_) {
      if (each.process) each.process->kill();
      each.process.reset();
      each.is_done = true;
    }
  }

  record::fuzz_result merged() const {
    record::fuzz_result all = result_;
    all.seconds = std::chrono::duration<double>(clock::now() - begun_).count();
    std::vector<record::fuzz_result> parts;
    for (const running_worker& each : workers_) {
      parts.insert(parts.end(), each.before.begin(), each.before.end());
      if (each.is_put_by) continue;
      if (auto part = result_of(each)) parts.push_back(std::move(*part));
    }
    record::merge_workers(all, parts);
    return all;
  }

  campaign_options how_;
  clock::time_point begun_;
  clock::time_point end_by_{};
  bool is_ending_ = false;  ///< the workers have been asked to end
  std::vector<running_worker> workers_;
  record::fuzz_result result_;  ///< without what workers bring
};

}  // namespace

std::string_view name(guidance by) { return names.at(static_cast<std::size_t>(by)); }

std::optional<guidance> guidance_of(std::string_view wanted) {
  const auto found = std::find(names.begin(), names.end(), wanted);
  if (found == names.end()) return std::nullopt;
  return static_cast<guidance>(found - names.begin());
}

std::vector<std::string> worker_words(const worker_options& options) {
  std::vector<std::string> words = {"fuzz",
                                    "--worker",
                                    options.folder.string(),
                                    "--seed",
                                    std::to_string(options.seed),
                                    "--time",
                                    std::to_string(options.time.count()) + "ms",
                                    "--mode",
                                    std::string(name(options.guided_by)),
                                    "--minimise-for",
                                    std::to_string(options.minimise_for.count()) + "ms"};
  for (const std::string& each : options.targets) {
    words.insert(words.end(), {"--target", each});
  }
  for (const auto& each : options.corpora) {
    words.insert(words.end(), {"--corpus", each.string()});
  }
  for (const std::string& each : options.defects) {
    words.insert(words.end(), {"--defect", each});
  }
  if (!options.profiles_folder.empty()) {
    words.insert(words.end(), {"--profiles", options.profiles_folder.string()});
  }
  if (options.inputs_max > 0) {
    words.insert(words.end(), {"--inputs", std::to_string(options.inputs_max)});
  }
  if (options.may_leave_machine) words.emplace_back("--i-own-this-target");
  if (options.stop_at_first) words.emplace_back("--stop-at-first");
  return words;
}

outcome<record::fuzz_result> run_campaign(const campaign_options& options) {
  return coordinator(options).run();
}

}  // namespace gauntlet::fuzz
