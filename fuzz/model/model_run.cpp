#include "fuzz/model/model_run.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "fuzz/model/shrink.hpp"

namespace gauntlet::fuzz::model {
namespace {

using clock = std::chrono::steady_clock;

// What a known breach of these leaves as it was: sequences go on behind it.
constexpr std::array passable = {rule::unsuback_code,
                                 rule::wrong_dup_flag,
                                 rule::wrong_expiry,
                                 rule::added_expiry,
                                 rule::wrong_order,
                                 rule::receive_maximum_exceeded,
                                 rule::lost_qos_0,
                                 rule::lost_message,
                                 rule::lost_queued_message,
                                 rule::lost_will,
                                 rule::lost_will_at_new_connection,
                                 rule::lost_retained,
                                 rule::lost_retained_qos_0,
                                 rule::lower_qos_of_overlapping,
                                 rule::redelivery_missing};

// So many sequences in a row that cannot connect mean that the broker is gone.
constexpr int refusals_max = 5;

std::vector<std::size_t> shape_of(const sequence_plan& plan) {
  std::vector<std::size_t> shape;
  for (const operation& each : plan.operations) shape.push_back(each.what.index());
  return shape;
}

class model_campaign {
 public:
  model_campaign(const lane_maker& open, const model_options& options,
                 const model_progress& progress)
      : open_(open), options_(options), progress_(progress) {}

  outcome<model_result> run() {
    if (options_.lanes <= 1) {
      work();
    } else {
      std::vector<std::thread> threads;
      for (std::size_t i = 0; i < options_.lanes; ++i) threads.emplace_back([this] { work(); });
      for (std::thread& each : threads) each.join();
    }
    if (failure_ && result_.sequences == 0) return *failure_;
    result_.elapsed = clock::now() - begin_;
    return std::move(result_);
  }

 private:
  void work() {
    auto opened = open_();
    if (!opened) {
      const std::lock_guard guard(mutex_);
      failure_ = opened.error();
      return;
    }
    player_options how = options_.play;
    {
      const std::lock_guard guard(mutex_);
      how.names += std::to_string(lanes_opened_++) + "-";
    }
    player plays(**opened, how);
    // What is missing must not cost its full patience in every step of shrinking; replays have it.
    how.names += "s";
    how.grace = std::min<duration>(how.grace, std::chrono::milliseconds(600));
    player shrinks(**opened, how);
    while (const auto number = next_sequence()) walk(plays, shrinks, *number);
  }

  bool is_interrupted() const { return options_.is_interrupted && options_.is_interrupted(); }

  std::optional<std::uint64_t> next_sequence() {
    const std::lock_guard guard(mutex_);
    if (is_interrupted()) result_.interrupted = true;
    const bool is_late = options_.time && clock::now() - begin_ >= *options_.time;
    const bool has_all = !options_.time && next_ >= options_.sequences;
    const bool has_enough =
        options_.findings_max != 0 && result_.findings.size() >= options_.findings_max;
    if (result_.interrupted || result_.broker_is_gone || is_late || has_all || has_enough) {
      return std::nullopt;
    }
    return next_++;
  }

  void walk(player& plays, player& shrinks, std::uint64_t number) {
    sequence_plan plan = generate(options_.draws, number);
    const std::set<rule> known = passed_over();
    const playing seen = plays.play(plan, false, known);
    if (count(seen)) look_into(plays, shrinks, number, std::move(plan), *seen.found, known);
    const std::lock_guard guard(mutex_);
    result_.elapsed = clock::now() - begin_;
    if (progress_) progress_(result_);
  }

  std::set<rule> passed_over() {
    const std::lock_guard guard(mutex_);
    std::set<rule> known;
    for (const rule each : passable) {
      if (looked_into_[each] >= options_.findings_per_rule_max) known.insert(each);
    }
    return known;
  }

  // Answers whether the sequence is to be looked into.
  bool count(const playing& seen) {
    const std::lock_guard guard(mutex_);
    result_.sequences += 1;
    result_.operations += seen.operations;
    result_.messages += seen.messages;
    result_.receipts += seen.receipts;
    if (!seen.found) {
      refusals_ = 0;
      return false;
    }
    result_.failures += 1;
    refusals_ = seen.found->broken == rule::connect_refused ? refusals_ + 1 : 0;
    if (refusals_ >= refusals_max) result_.broker_is_gone = true;
    for (model_finding& each : result_.findings) {
      if (each.what.broken == seen.found->broken) each.times_seen += 1;
    }
    return looked_into_[seen.found->broken]++ < options_.findings_per_rule_max;
  }

  void look_into(player& plays, player& shrinks, std::uint64_t number, sequence_plan plan,
                 violation what, const std::set<rule>& known) {
    const auto deadline = clock::now() + options_.shrink_time_max;
    std::uint64_t runs = 0;
    const auto meets = [&](const sequence_plan& smaller) {
      if (is_interrupted() || clock::now() > deadline) return false;
      ++runs;
      const auto again = shrinks.play(smaller, false, known).found;
      return again && again->broken == what.broken;
    };
    model_finding finding{
        .what = what,
        .sequence = number,
        .first_second = std::chrono::duration<double>(clock::now() - begin_).count(),
        .found = plan};
    shrink_outcome small = shrink(std::move(plan), meets, options_.shrink_runs_max);
    finding.shortest = std::move(small.shortest);
    finding.shrunk = small.complete && clock::now() <= deadline;
    for (std::uint32_t i = 0; i < options_.replays && !is_interrupted(); ++i) {
      playing again = plays.play(finding.shortest, true, known);
      finding.replays += 1;
      const bool same = again.found && again.found->broken == what.broken;
      if (same) {
        finding.reproduced += 1;
        finding.what = *again.found;
        finding.passed_over.insert(again.passed_over.begin(), again.passed_over.end());
      }
      if (same || finding.script.empty()) finding.script = std::move(again.script);
    }
    const std::lock_guard guard(mutex_);
    result_.shrink_runs += runs;
    const bool is_known =
        std::any_of(result_.findings.begin(), result_.findings.end(), [&](const auto& each) {
          return each.what.broken == what.broken &&
                 shape_of(each.shortest) == shape_of(finding.shortest);
        });
    if (!is_known) result_.findings.push_back(std::move(finding));
  }

  const lane_maker& open_;
  const model_options& options_;
  const model_progress& progress_;
  const clock::time_point begin_ = clock::now();
  std::mutex mutex_;  ///< of all below
  std::uint64_t next_ = 0;
  std::size_t lanes_opened_ = 0;
  int refusals_ = 0;
  std::map<rule, std::size_t> looked_into_;
  std::optional<failure> failure_;
  model_result result_;
};

}  // namespace

outcome<model_result> run_model(const lane_maker& open, const model_options& options,
                                const model_progress& progress) {
  return model_campaign(open, options, progress).run();
}

}  // namespace gauntlet::fuzz::model
