#include "sim/engine/broker_timeline.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace gauntlet::sim {
namespace {

constexpr std::size_t spans_max = 100;

using history_kind = history::broker_event::kind;

bool is_graceful(const target::broker_fault& what) {
  if (std::holds_alternative<target::terminate_fault>(what)) return true;
  const auto* again = std::get_if<target::restart_fault>(&what);
  return again != nullptr && again->graceful;
}

/// Whether the broker may have started without what it had stored.
bool starts_fresh(const target::broker_fault& what) {
  if (std::holds_alternative<target::damage_fault>(what)) return true;
  const auto* again = std::get_if<target::restart_fault>(&what);
  return again != nullptr && !again->keeps_state;
}

bool takes_broker_away(const target::broker_fault& what) {
  return std::holds_alternative<target::kill_fault>(what) ||
         std::holds_alternative<target::terminate_fault>(what) ||
         std::holds_alternative<target::restart_fault>(what) ||
         std::holds_alternative<target::crash_loop_fault>(what) ||
         std::holds_alternative<target::damage_fault>(what);
}

}  // namespace

struct broker_timeline::playing {
  planned_broker_fault plan;
  history::fault_index number = 0;
  std::unique_ptr<timer> due;
  std::uint32_t times = 0;
  std::vector<std::pair<time_point, time_point>> spans;
  time_point struck_at{};
  bool is_breaking = false;  ///< its last entry in breaking_ is still open
  std::size_t breaking = 0;  ///< which one that is
};

broker_timeline::broker_timeline(const fleet_plan& plan, event_loop& loop, note_function note)
    : loop_(loop), note_(std::move(note)) {
  for (planned_broker_fault& each : broker_faults_of(plan)) {
    all_.push_back(std::make_unique<playing>());
    all_.back()->plan = std::move(each);
    all_.back()->number = static_cast<history::fault_index>(all_.size());
  }
}

broker_timeline::~broker_timeline() = default;

void broker_timeline::play_on(target::broker_control* control) {
  if (all_.empty()) return;
  is_ours_ = control != nullptr;
  faults_ = std::make_unique<target::broker_faults>(
      loop_, control, [this](const target::broker_event& event) { on_event(event); });
}

void broker_timeline::start(time_point at) {
  started_ = at;
  for (const auto& each : all_) {
    if (!is_ours_) {
      note_(record::event_level::warning,
            fmt::format("the fault {} is left out: the broker is not started by Gauntlet",
                        each->plan.name));
      continue;
    }
    if (each->plan.trigger) continue;
    each->due = loop_.make_timer([this, which = each.get()] { on_due(*which); });
    each->due->arm(at + each->plan.when.at);
  }
}

void broker_timeline::on_due(playing& which) {
  strike(which);
  const fault::active_time& when = which.plan.when;
  if (when.every) which.due->arm(started_ + when.at + which.times * *when.every);
}

void broker_timeline::on_packet(std::size_t trigger) {
  for (const auto& each : all_) {
    if (each->plan.trigger == trigger) strike(*each);
  }
}

void broker_timeline::strike(playing& which) {
  if (healed_ || !is_ours_) return;
  ++which.times;
  which.struck_at = loop_.now();
  struck_.push_back(&which);
  faults_->apply(which.plan.what);
}

void broker_timeline::heal() {
  if (std::exchange(healed_, true)) return;
  for (const auto& each : all_) each->due.reset();
  if (is_ours_) faults_->heal();
}

bool broker_timeline::is_whole() const { return faults_ == nullptr || faults_->is_whole(); }

bool broker_timeline::is_lost() const { return faults_ != nullptr && faults_->is_lost(); }

void broker_timeline::on_event(const target::broker_event& event) {
  playing& which = *struck_[event.fault - 1];
  using enum target::broker_event::moment;
  const auto note = [&](record::event_level level) {
    note_(level, fmt::format("fault {}: {}", which.plan.name, event.text));
  };
  switch (event.what) {
    case begins:
      if (which.spans.size() < spans_max) which.spans.emplace_back(event.at, time_point::max());
      note(record::event_level::info);
      break;
    case gone:
      break;
    case ends:
    case fails:
      if (!which.spans.empty()) {
        which.spans.back().second = std::min(which.spans.back().second, event.at);
      }
      note(event.what == ends ? record::event_level::info : record::event_level::warning);
      break;
  }
  keep(event, which);
  note_breaking(event, which);
}

// A broker that reads its configuration anew has no reason to let clients go.
void broker_timeline::note_breaking(const target::broker_event& event, playing& which) {
  using enum target::broker_event::moment;
  if (std::holds_alternative<target::reload_fault>(which.plan.what)) return;
  if (event.what == begins) {
    which.is_breaking = true;
    which.breaking = breaking_.size();
    // Other processes may see their connections end before it is told here.
    breaking_.push_back({.fault = which.plan.name, .from = std::min(which.struck_at, event.at)});
    return;
  }
  if (!which.is_breaking) return;
  breaking_time& times = breaking_[which.breaking];
  // Of several ends in a row the last is what no connection outlives.
  if (event.what == gone) times.ends_all = true;
  if (event.what == gone || !times.ends_all) times.until = event.at;
  if (event.what == ends || event.what == fails) which.is_breaking = false;
}

void broker_timeline::keep(const target::broker_event& event, const playing& which) {
  using enum target::broker_event::moment;
  const target::broker_fault& what = which.plan.what;
  const auto add = [&](history_kind kind) {
    events_.push_back({.what = kind, .at = event.at, .fault = which.number});
  };
  const bool is_pause = std::holds_alternative<target::pause_fault>(what);
  switch (event.what) {
    case begins:
      // Until it has gone it may answer, and keep or forget what it answers.
      if (is_graceful(what)) add(history_kind::stop);
      if (is_pause) add(history_kind::pause);
      break;
    case gone:
      add(is_graceful(what) ? history_kind::stop : history_kind::kill);
      break;
    case ends:
      if (is_pause) add(history_kind::resume);
      if (takes_broker_away(what)) {
        add(starts_fresh(what) ? history_kind::start_fresh : history_kind::start);
      }
      break;
    case fails:
      break;
  }
}

std::vector<record::fault_record> broker_timeline::report(time_point run_start,
                                                          time_point run_end) const {
  std::vector<record::fault_record> made;
  for (const auto& each : all_) {
    record::fault_record record{.name = each->plan.name,
                                .what = "the broker is " + target::describe(each->plan.what),
                                .active = {},
                                .strikes = each->times};
    if (each->plan.trigger) record.what += ", at a packet";
    for (const auto& [from, until] : each->spans) {
      record.active.push_back(
          {.from = from - run_start, .until = std::min(until, run_end) - run_start});
    }
    made.push_back(std::move(record));
  }
  return made;
}

}  // namespace gauntlet::sim
