// How long campaigns take to find planted defects, by what guides them; and how fast they are.
//
//   fuzz_benchmark [--seeds 10] [--seconds 15] [--inputs N] [--jobs 1] [--defects a,b] [--modes
//   a,b]
//                  [--target reference] [--profiles FOLDER] [--write FILE [--name fuzz_benchmark]]
//   fuzz_benchmark --speed mosquitto,aedes [--seconds 15] [--jobs 2]
//
// --program is the path of another gauntlet than the one of this build.
// Each campaign is the real program with a broker of its own, and ends at its first finding or with
// its budget. Seeds are the outer loop, so that what an interrupt leaves is balanced. --write puts
// the tables between "<!-- NAME begins -->" and "<!-- NAME ends -->" of a document.

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>

#include "fuzz/campaign/campaign.hpp"
#include "harness/base/units.hpp"
#include "harness/broker/defects.hpp"
#include "harness/record/atomic_file.hpp"
#include "tests/benchmark/fuzz/campaign_process.hpp"
#include "tests/benchmark/fuzz/figures.hpp"

namespace gauntlet::benchmark {
namespace {

using namespace std::chrono_literals;

// A signal handler reaches nothing but a global of this type.
volatile std::sig_atomic_t is_interrupted = 0;

struct flags {
  std::uint64_t seeds = 10;
  std::uint64_t seconds = 15;  ///< of one campaign
  std::uint64_t inputs = 0;    ///< of one campaign; 0: as many as fit into the time
  std::uint64_t jobs = 1;
  std::vector<std::string> defects;
  std::vector<std::string> modes = {"blind", "response"};
  std::string program = GAUNTLET_PROGRAM;
  std::string target = "reference";
  std::string profiles;
  std::string write;
  std::string name = "fuzz_benchmark";
  std::vector<std::string> speed;  ///< targets; empty: the defects are measured
};

[[noreturn]] void give_up(exit_code code, const std::string& why) {
  fmt::print(stderr, "fuzz_benchmark: {}\n", why);
  std::exit(static_cast<int>(code));
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    if (comma > 0) parts.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return parts;
}

std::vector<std::string> planted_defects() {
  std::vector<std::string> names;
  for (const broker::defect_info& each : broker::all_defects()) {
    if (broker::is_of_robustness(each.id)) names.emplace_back(each.name);
  }
  return names;
}

flags read_flags(int argc, char** argv) {
  flags read;
  const auto number = [](const std::string& word) {
    const long long value = std::atoll(word.c_str());
    if (value <= 0) give_up(exit_code::bad_input, "'" + word + "' is no number above 0");
    return static_cast<std::uint64_t>(value);
  };
  for (int i = 1; i < argc; i += 2) {
    const std::string word = argv[i];
    if (i + 1 == argc) give_up(exit_code::bad_input, word + ": a value is missing");
    const std::string value = argv[i + 1];
    if (word == "--seeds") {
      read.seeds = number(value);
    } else if (word == "--seconds") {
      read.seconds = number(value);
    } else if (word == "--inputs") {
      read.inputs = number(value);
    } else if (word == "--jobs") {
      read.jobs = number(value);
    } else if (word == "--defects") {
      read.defects = split(value);
    } else if (word == "--modes") {
      read.modes = split(value);
    } else if (word == "--program") {
      read.program = value;
    } else if (word == "--target") {
      read.target = value;
    } else if (word == "--profiles") {
      read.profiles = value;
    } else if (word == "--write") {
      read.write = value;
    } else if (word == "--name") {
      read.name = value;
    } else if (word == "--speed") {
      read.speed = split(value);
    } else {
      give_up(exit_code::bad_input, "unknown flag " + word);
    }
  }
  const std::vector<std::string> all = planted_defects();
  for (const std::string& each : read.defects) {
    if (std::find(all.begin(), all.end(), each) == all.end()) {
      give_up(exit_code::bad_input, each +
                                        " is no defect of robustness; see 'gauntlet broker "
                                        "--list-defects'");
    }
  }
  if (read.defects.empty()) read.defects = all;
  for (const std::string& each : read.modes) {
    if (!fuzz::guidance_of(each)) give_up(exit_code::bad_input, "there is no mode " + each);
  }
  return read;
}

/// The folder of this run, gone with it.
class run_folder {
 public:
  run_folder()
      : path_(std::filesystem::temp_directory_path() /
              fmt::format("fuzz_benchmark.{}", ::getpid())) {}
  run_folder(const run_folder&) = delete;
  run_folder& operator=(const run_folder&) = delete;
  ~run_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::filesystem::path next() { return path_ / std::to_string(++count_); }

 private:
  std::filesystem::path path_;
  int count_ = 0;
};

class defect_trials {
 public:
  explicit defect_trials(const flags& how) : how_(how) {
    for (std::uint64_t seed = 1; seed <= how.seeds; ++seed) {
      for (const std::string& defect : how.defects) {
        for (const std::string& mode : how.modes) due_.push_back({defect, mode, seed});
      }
    }
  }

  void run() {
    const std::size_t count = due_.size();
    while (is_interrupted == 0 && (!due_.empty() || !running_.empty())) {
      while (!due_.empty() && running_.size() < how_.jobs) start_next();
      collect(count);
    }
    running_.clear();
    std::sort(done_.begin(), done_.end(),
              [this](const trial& a, const trial& b) { return place_of(a) < place_of(b); });
    publish(count);
  }

 private:
  struct planned {
    std::string defect;
    std::string mode;
    std::uint64_t seed = 0;
  };
  struct running {
    planned what;
    campaign_process process;
  };

  void start_next() {
    const planned what = due_.front();
    due_.pop_front();
    std::vector<std::string> words = {"--target",        how_.target,
                                      "--defect",        what.defect,
                                      "--mode",          what.mode,
                                      "--seed",          std::to_string(what.seed),
                                      "--time",          std::to_string(how_.seconds) + "s",
                                      "--stop-at-first",  // of the defect, as there is no other
                                      "--minimise-for",  "0s"};
    if (how_.inputs > 0) words.insert(words.end(), {"--inputs", std::to_string(how_.inputs)});
    if (!how_.profiles.empty()) words.insert(words.end(), {"--profiles", how_.profiles});
    auto started = campaign_process::start(how_.program, words, folder_.next());
    if (!started) give_up(started.error().code, started.error().message);
    running_.push_back({what, std::move(*started)});
  }

  void collect(std::size_t count) {
    for (auto each = running_.begin(); each != running_.end();) {
      const auto ended = each->process.await(100ms);
      if (!ended) {
        ++each;
        continue;
      }
      const planned what = each->what;
      each = running_.erase(each);
      if (!*ended) {
        failed_ += 1;
        fmt::print(stderr, "fuzz_benchmark: {}\n", ended->error().message);
        continue;
      }
      done_.push_back(trial_of(what.defect, what.mode, **ended));
      const trial& last = done_.back();
      fmt::print(stderr, "{}/{} {} {} seed {}: {} after {} inputs, {:.1f} s\n", done_.size(), count,
                 what.defect, what.mode, what.seed, last.is_found ? "found" : "not found",
                 last.inputs, last.seconds);
    }
  }

  std::size_t place_of(const trial& each) const {
    const auto at = [](const std::vector<std::string>& all, const std::string& name) {
      return static_cast<std::size_t>(std::find(all.begin(), all.end(), name) - all.begin());
    };
    return at(how_.defects, each.defect) * how_.modes.size() + at(how_.modes, each.mode);
  }

  void publish(std::size_t count) const {
    std::string text = to_markdown(done_);
    if (done_.size() < count) {
      text += fmt::format("\n{} of {} campaigns: it was interrupted, or {} of them failed.\n",
                          done_.size(), count, failed_);
    }
    fmt::print("{}", text);
    if (how_.write.empty()) return;
    const auto old = record::read_file(how_.write);
    if (!old) give_up(old.error().code, old.error().message);
    const auto changed = replace_between_marks(*old, how_.name, text);
    if (!changed) give_up(changed.error().code, how_.write + ": " + changed.error().message);
    const auto written = record::write_file_atomically(how_.write, *changed);
    if (!written) give_up(written.error().code, written.error().message);
  }

  const flags& how_;
  run_folder folder_;
  std::deque<planned> due_;
  std::list<running> running_;
  std::vector<trial> done_;
  std::size_t failed_ = 0;
};

/// What a campaign has to reach on two cores, in packets a second.
double goal_of(std::string_view target) { return target.starts_with("mosquitto") ? 5000 : 3000; }

void measure_speed(const flags& how, const std::string& target, run_folder& folder) {
  std::vector<std::string> words = {"--target",       target,
                                    "--mode",         "response",
                                    "--seed",         "1",
                                    "--jobs",         std::to_string(how.jobs),
                                    "--time",         std::to_string(how.seconds) + "s",
                                    "--minimise-for", "0s"};
  if (!how.profiles.empty()) words.insert(words.end(), {"--profiles", how.profiles});
  auto started = campaign_process::start(how.program, words, folder.next());
  if (!started) give_up(started.error().code, started.error().message);
  std::optional<outcome<record::fuzz_result>> ended;
  while (!ended && is_interrupted == 0) ended = started->await(100ms);
  if (!ended) return;
  if (!*ended) give_up(ended->error().code, ended->error().message);
  const record::fuzz_result& result = **ended;
  const double span = std::max(result.seconds, 0.001);
  const double rate = static_cast<double>(result.packets) / span;
  fmt::print("| {} | {} | {:.0f} | {:.0f} | {} | {:.0f} | {:.0f} % |\n", target, result.product,
             rate, goal_of(target), rate >= goal_of(target) ? "yes" : "no",
             static_cast<double>(result.executions) / span,
             result.stability_tries == 0 ? 0
                                         : 100.0 * static_cast<double>(result.stability_same) /
                                               static_cast<double>(result.stability_tries));
  std::fflush(stdout);
}

}  // namespace
}  // namespace gauntlet::benchmark

int main(int argc, char** argv) {
  using namespace gauntlet::benchmark;
  const flags how = read_flags(argc, argv);
  for (const int number : {SIGINT, SIGTERM}) {
    std::signal(number, [](int) { is_interrupted = 1; });
  }
  if (how.speed.empty()) {
    defect_trials(how).run();
    return 0;
  }
  run_folder folder;
  fmt::print(
      "| target | product | messages a second | goal | reached | inputs a second | stability "
      "|\n| --- | --- | ---: | ---: | --- | ---: | ---: |\n");
  for (const std::string& each : how.speed) {
    if (is_interrupted == 0) measure_speed(how, each, folder);
  }
}
