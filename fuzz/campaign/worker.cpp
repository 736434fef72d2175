#include "fuzz/campaign/worker.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unistd.h>

#include "fuzz/campaign/campaign.hpp"
#include "fuzz/campaign/libfuzzer.hpp"
#include "fuzz/coverage/coverage_map.hpp"
#include "fuzz/features/answer_table.hpp"
#include "fuzz/features/edge_table.hpp"
#include "fuzz/features/features.hpp"
#include "fuzz/features/state_table.hpp"
#include "fuzz/mutation/crossover.hpp"
#include "fuzz/mutation/generate.hpp"
#include "fuzz/mutation/mutate.hpp"
#include "fuzz/oracles/protocol_oracle.hpp"
#include "harness/mqtt/protocol.hpp"
#include "harness/record/atomic_file.hpp"

namespace gauntlet::fuzz {
namespace {

using clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

// A breach that did not stand so often is taken for a matter of time.
constexpr std::uint32_t chances = 3;
constexpr auto sample_interval = 2s;
constexpr std::uint64_t witness_every = 16;
constexpr std::uint64_t thorough_every = 512;
constexpr auto thorough_interval = 3s;  // where inputs are slow, a spinning broker's among them
constexpr auto slice_min = 20s;
// Sessions and retained messages that inputs leave behind make brokers slow.
constexpr std::uint64_t inputs_of_a_broker = 20'000;
// Of these each is played twice, new or not, so that the tool's own stability is measured.
constexpr std::uint64_t repeated_every = 64;
constexpr double fresh_share = 0.3;  // of inputs that are generated although there is a corpus

// Set by SIGTERM; the worker ends in order at the next input.
std::atomic<bool> is_asked_to_end = false;

bool uses_answers(guidance by) { return by == guidance::response || by == guidance::mixed; }
bool uses_edges(guidance by) { return by == guidance::coverage || by == guidance::mixed; }

class worker {
 public:
  explicit worker(const worker_options& how)
      : how_(how),
        begun_(clock::now()),
        ends_at_(begun_ + how.time),
        next_thorough_(begun_ + thorough_interval) {
    result_.packet_names.emplace_back("no packet");
    for (std::size_t type = 1; type < state_table::packet_types; ++type) {
      result_.packet_names.emplace_back(
          mqtt::packet_type_name(static_cast<mqtt::packet_type>(type)));
    }
  }

  outcome<void> open(std::size_t number) {
    const std::string& name = how_.targets.at(number);
    configuration_ = number;
    subject_.reset();
    target::target_options target;
    target.target = name;
    target.profiles_folder = how_.profiles_folder;
    for (const std::string& each : how_.defects) {
      const auto parsed = broker::parse_defect(each);
      if (!parsed) return parsed.error();
      target.embedded.defects.push_back(*parsed);
    }
    target.run_folder = how_.folder / ("broker-" + std::to_string(opened_++));
    if (auto mapped = clear_map(); !mapped) return mapped;
    auto made = subject::open({.target = std::move(target),
                               .seed = how_.seed + opened_,
                               .may_leave_machine = how_.may_leave_machine});
    if (!made) return made.error();
    subject_ = std::move(*made);
    result_.product = subject_->product();
    counts_edges_ = map_->edges_hit() > 0;  // its start has run some
    if (uses_edges(how_.guided_by) && !counts_edges_) {
      return bad_input(
          "--mode " + std::string(fuzz::name(how_.guided_by)) + ": " + name +
          " does not count the edges of its code; docs/fuzzing.md tells how to build a "
          "broker that does, or use --mode response");
    }
    if (subject_->collector()) {
      remark("leaks of " + name + " were not watched for: " + *subject_->collector() +
             " collects garbage when it likes");
    }
    if (!subject_->has_witness()) {
      remark(name + " did not serve a witness: whether others are harmed was not watched");
    }
    if (triages_.size() <= number) triages_.resize(how_.targets.size());
    if (!triages_[number]) {
      triages_[number] = std::make_unique<triage>(
          triage_options{.folder = how_.folder / "findings",
                         .configuration = name,
                         .replay_words = replay_words(name),
                         .time_max = how_.minimise_for,
                         .is_cancelled = [] { return is_asked_to_end.load(); }});
    }
    slice_ends_ = clock::now() + slice();
    return outcome<void>();
  }

  [[noreturn]] void run() {
    const fuzzed driven{
        .play = [this](byte_view packed,
                       std::span<std::uint8_t> counters) { play(packed, counters); },
        .mutate = [this](std::uint8_t* data, std::size_t size, std::size_t size_max,
                         seeded_stream& draws) { return change(data, size, size_max, draws); },
        .cross =
            [](byte_view one, byte_view other, seeded_stream& draws) {
              return pack(cross(unpack(one), unpack(other), draws));
            }};
    const auto corpus = how_.folder / "corpus";
    std::filesystem::create_directories(corpus);
    run_libfuzzer(
        {.corpus = corpus, .seeds = how_.corpora, .seed = static_cast<std::uint32_t>(how_.seed)},
        driven);
  }

 private:
  std::string replay_words(const std::string& target) const {
    const std::string profiles = how_.profiles_folder.string();
    std::string defects;
    for (const std::string& each : how_.defects) defects += " --defect " + each;
    return "gauntlet fuzz --target " + target +
           (profiles.empty() ? "" : " --profiles " + profiles) + defects + " --replay";
  }

  /// The broker finds the map when it starts.
  outcome<void> clear_map() {
    if (!map_) {
      auto made = coverage_map::create(worker_coverage_file(how_.folder));
      if (!made) return made.error();
      map_.emplace(std::move(*made));
    }
    map_->clear();
    return outcome<void>();
  }

  clock::duration slice() const {
    if (how_.targets.size() < 2) return how_.time;
    return std::max<clock::duration>(slice_min, how_.time / (2 * how_.targets.size()));
  }

  std::size_t change(std::uint8_t* data, std::size_t size, std::size_t size_max,
                     seeded_stream& draws) {
    const bool is_fresh =
        how_.guided_by == guidance::blind || size < 4 || draws.chance(fresh_share);
    input made;
    if (is_fresh) {
      made = generate(draws, draws.chance(0.5) ? profile::breadth : profile::depth);
    } else {
      made = unpack({data, size});
      mutate(made, draws, change_bytes);
    }
    byte_buffer packed = pack(made);
    while (packed.size() > size_max && !made.steps.empty()) {
      made.steps.pop_back();
      packed = pack(made);
    }
    std::copy(packed.begin(), packed.end(), data);
    return packed.size();
  }

  void play(byte_view packed, std::span<std::uint8_t> counters) {
    const bool is_enough = how_.inputs_max > 0 && result_.executions >= how_.inputs_max;
    if (is_enough || clock::now() >= ends_at_ || is_asked_to_end) end();
    if (clock::now() >= slice_ends_) change_configuration();
    if (++inputs_since_fresh_ > inputs_of_a_broker) freshen();
    current_ = unpack(packed);
    if (current_.steps.empty()) return;
    triages_[configuration_]->note(current_);
    const observation& seen = play_once();
    find_places(seen);
    const bool has_new_edges = edges_.note(edge_places_) && uses_edges(how_.guided_by);
    const bool is_new = answers_.has_new(features_) || has_new_edges;
    auto found = subject_->check_quickly();
    if (!found) found = check_now_and_then();
    if (found) return take_up(*found);
    const bool is_sample = result_.executions % repeated_every == 0;
    if (is_new || is_sample) confirm(is_sample);
    guide(counters);
  }

  void guide(std::span<std::uint8_t> counters) const {
    if (uses_answers(how_.guided_by)) answers_.guide(features_, counters);
    if (uses_edges(how_.guided_by)) {
      edges_.guide(edge_places_, counters.subspan<answer_counters, edge_counters>());
    }
  }

  void find_places(const observation& seen) {
    find_features(current_, seen, features_);
    to_places(features_);
  }

  const observation& play_once() {
    if (counts_edges_) map_->clear();
    const observation& seen = subject_->play(current_);
    if (counts_edges_) {
      map_->copy_to(edge_counts_);
      find_edges(edge_counts_, edge_places_);
    }
    result_.executions += 1;
    result_.packets += seen.packets_sent;
    result_.connections += seen.connections_opened;
    table_.add(seen);
    if (clock::now() >= next_sample_) write();
    return seen;
  }

  std::optional<suspicion> check_now_and_then() {
    const auto now = clock::now();
    if (result_.executions % thorough_every == 0 || now >= next_thorough_) {
      next_thorough_ = now + thorough_interval;
      return subject_->check_thoroughly();
    }
    if (result_.executions % witness_every == 0) return subject_->check_witness();
    return std::nullopt;
  }

  /// Plays what showed something new, or is of the sample, once more: what shows twice is kept and
  /// judged.
  void confirm(bool is_sample) {
    const answer_places first = features_;
    const std::vector<edge_place> first_edges = edge_places_;
    const observation& seen = play_once();
    find_places(seen);
    if (is_sample) {
      result_.stability_tries += 1;
      result_.stability_same += answers_.is_same(first, features_) ? 1U : 0U;
    }
    const bool is_new_answer = answers_.confirm(first, features_);
    const bool is_new_edge = edges_.confirm(first_edges, edge_places_);
    const bool is_kept = (is_new_answer && how_.guided_by != guidance::coverage) ||
                         (is_new_edge && uses_edges(how_.guided_by));
    kept_ += is_kept ? 1U : 0U;
    const std::vector<suspicion> breaches = breaches_of_protocol(current_, seen);
    if (auto found = subject_->check_quickly()) {
      take_up(*found);
      return;
    }
    for (const suspicion& each : breaches) {
      if (stands(each)) take_up(each);
    }
  }

  /// Whether the broker does it again when it is given time: one that serves connections side by
  /// side may end them later than it answers others.
  bool stands(const suspicion& breach) {
    if (triages_[configuration_]->is_known(breach)) return true;
    std::uint32_t& cleared = cleared_[breach.signature];
    if (cleared >= chances) return false;
    const auto again =
        breaches_of_protocol(current_, subject_->play_patiently(current_, accusation_patience));
    const bool does = std::any_of(again.begin(), again.end(), [&](const suspicion& each) {
      return each.signature == breach.signature;
    });
    if (!does) {
      subject_->count_false_alarm();
      cleared += 1;
    }
    return does;
  }

  void take_up(const suspicion& found) {
    triage& files = *triages_[configuration_];
    // A jump of memory is nothing yet: brokers take memory in pieces.
    if (found.kind == record::finding_kind::leak) {
      const auto leak = subject_->check_leak(current_);
      if (!leak) return;
      return settle(files.take_up(*subject_, *leak, seconds(), result_.executions));
    }
    settle(files.take_up(*subject_, found, seconds(), result_.executions));
    const auto& all = files.findings();
    const bool is_there = std::any_of(all.begin(), all.end(), [](const auto& each) {
      return each.kind != record::finding_kind::protocol && !each.flaky;
    });
    if (how_.stop_at_first && is_there) end();
  }

  void settle(const outcome<void>& done) {
    if (done) return;
    // Once more: a machine under load may be slow to start a broker.
    const auto again = subject_->restart();
    if (!again) fail(again.error());
  }

  void freshen() {
    inputs_since_fresh_ = 0;
    settle(subject_->restart());
  }

  void change_configuration() {
    fold_subject();
    const auto opened = open((configuration_ + 1) % how_.targets.size());
    if (!opened) fail(opened.error());
  }

  double seconds_in_vain() const {
    wait_account all = waits_before_;
    if (subject_) all += subject_->waits();
    return std::chrono::duration<double>(all.in_vain()).count();
  }

  double seconds() const { return std::chrono::duration<double>(clock::now() - begun_).count(); }

  /// Adds the counts of the broker at hand to those of earlier ones.
  void fold_subject() {
    if (!subject_) return;
    restarts_before_ += subject_->restarts();
    alarms_before_ += subject_->false_alarms();
    waits_before_ += subject_->waits();
    subject_.reset();
  }

  void write() {
    next_sample_ = clock::now() + sample_interval;
    result_.restarts = restarts_before_ + (subject_ ? subject_->restarts() : 0);
    result_.false_alarms = alarms_before_ + (subject_ ? subject_->false_alarms() : 0);
    result_.seconds_in_vain = seconds_in_vain();
    result_.behaviours = answers_.behaviours();
    result_.edges = edges_.edges();
    result_.corpus = kept_;
    result_.seconds = seconds();
    result_.samples.push_back({.second = result_.seconds,
                               .executions = result_.executions,
                               .packets = result_.packets,
                               .connections = result_.connections,
                               .behaviours = result_.behaviours,
                               .edges = result_.edges,
                               .corpus = result_.corpus,
                               .resident_bytes = subject_ ? subject_->resident() : 0});
    note_growth();
    result_.states.clear();
    for (std::size_t row = 0; row < state_row_count; ++row) {
      result_.states.push_back(
          {.state = std::string(name_of(static_cast<state_row>(row))),
           .sent = {table_.sent.at(row).begin(), table_.sent.at(row).end()},
           .answered = {table_.answered.at(row).begin(), table_.answered.at(row).end()}});
    }
    result_.findings.clear();
    for (const auto& each : triages_) {
      if (!each) continue;
      result_.findings.insert(result_.findings.end(), each->findings().begin(),
                              each->findings().end());
    }
    const auto written =
        record::write_file_atomically(worker_result_file(how_.folder), record::to_json(result_));
    if (!written) std::cerr << "gauntlet: " << written.error().message << "\n";
  }

  /// Memory over the second half of the samples since the last fresh broker.
  void note_growth() {
    const auto& all = result_.samples;
    if (all.size() < 8 || result_.restarts > 0) return;
    const record::fuzz_sample& half = all[all.size() / 2];
    const record::fuzz_sample& now = all.back();
    if (now.executions <= half.executions) return;
    result_.memory_growth_per_thousand =
        (static_cast<double>(now.resident_bytes) - static_cast<double>(half.resident_bytes)) *
        1000.0 / static_cast<double>(now.executions - half.executions);
  }

  void remark(std::string sentence) {
    auto& all = result_.remarks;
    if (std::find(all.begin(), all.end(), sentence) == all.end())
      all.push_back(std::move(sentence));
  }

  /// Ends without a broker to go on with.
  [[noreturn]] void fail(const failure& why) {
    std::cerr << "gauntlet: " << why.message << "\n";
    remark("a worker ended early: " + why.message);
    end(why.code);
  }

  [[noreturn]] void end(exit_code code = exit_code::ok) {
    write();
    fold_subject();
    std::cerr << waits_before_.describe();
    map_.reset();
    std::cerr.flush();
    // libFuzzer has threads and handlers of its own; all that counts is written.
    _exit(static_cast<int>(code));
  }

  worker_options how_;
  clock::time_point begun_;
  clock::time_point ends_at_;
  clock::time_point slice_ends_{};
  clock::time_point next_sample_{};
  clock::time_point next_thorough_{};
  std::unique_ptr<subject> subject_;
  std::vector<std::unique_ptr<triage>> triages_;
  std::size_t configuration_ = 0;
  std::size_t opened_ = 0;
  record::fuzz_result result_;
  state_table table_;
  answer_table answers_;
  answer_places features_;  ///< of the last execution
  std::optional<coverage_map> map_;
  bool counts_edges_ = false;  ///< the broker at hand
  edge_table edges_;
  std::array<std::uint8_t, coverage_counters> edge_counts_{};
  std::vector<edge_place> edge_places_;  ///< of the last execution
  input current_;
  /// How often a breach of this signature did not stand.
  std::map<std::string, std::uint32_t> cleared_;
  std::uint64_t kept_ = 0;
  std::uint64_t inputs_since_fresh_ = 0;
  std::uint64_t restarts_before_ = 0;
  wait_account waits_before_;
  std::uint64_t alarms_before_ = 0;
};

}  // namespace

std::filesystem::path worker_coverage_file(const std::filesystem::path& folder) {
  return folder / "coverage.map";
}

std::filesystem::path worker_result_file(const std::filesystem::path& folder) {
  return folder / "worker.json";
}

failure run_worker(const worker_options& options) {
  std::signal(SIGTERM, [](int) { is_asked_to_end = true; });
  std::signal(SIGINT, [](int) { is_asked_to_end = true; });
  worker made(options);
  if (const auto opened = made.open(0); !opened) return opened.error();
  made.run();
}

}  // namespace gauntlet::fuzz
