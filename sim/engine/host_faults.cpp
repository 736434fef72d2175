#include "sim/engine/host_faults.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "harness/base/seeded_stream.hpp"

namespace gauntlet::sim {
namespace {

constexpr std::size_t spans_max = 100;

bool is_momentary(const fault_host::host_fault& what) {
  return std::holds_alternative<fault_host::sockets_killed>(what);
}

}  // namespace

struct host_faults::playing {
  planned_host_fault plan;
  std::unique_ptr<timer> due;
  bool active = false;
  std::uint32_t times = 0;
  const fault_host::host_fault& what() const { return plan.what; }
  std::uint64_t strikes = 0;
  std::vector<std::pair<time_point, time_point>> spans;
  std::size_t breaking = 0;  ///< its last entry in breaking_
};

host_faults::host_faults(const fleet_plan& plan, event_loop& loop, note_function note)
    : loop_(loop), note_(std::move(note)), seed_(plan.described().seed) {
  for (planned_host_fault& each : host_faults_of(plan)) {
    all_.push_back(std::make_unique<playing>());
    all_.back()->plan = std::move(each);
  }
}

host_faults::~host_faults() = default;

std::optional<target::placement> host_faults::lay_link(bool is_ours) {
  if (all_.empty()) return std::nullopt;
  why_not_ = "faults below TCP need a broker that is started here, by the name of a profile";
  if (is_ours) {
    auto made = fault_host::private_link::make(seed_);
    if (made) {
      link_ = std::move(*made);
      return target::placement{.network_namespace = link_->far_side().descriptor(),
                               .address = link_->far_address()};
    }
    why_not_ = made.error().message;
  }
  return std::nullopt;
}

void host_faults::start(time_point at) {
  started_ = at;
  for (const auto& each : all_) {
    if (link_ == nullptr) {
      note_(record::event_level::warning,
            fmt::format("the fault {} is left out: {}", each->plan.name, why_not_));
      continue;
    }
    each->due = loop_.make_timer([this, which = each.get()] { on_due(*which); });
    each->due->arm(at + each->plan.when.at);
  }
}

void host_faults::heal() {
  for (const auto& each : all_) {
    each->due.reset();
    if (each->active) end(*each);
  }
}

void host_faults::on_due(playing& which) {
  const fault::active_time& when = which.plan.when;
  if (which.active) {
    end(which);
    if (when.every) which.due->arm(started_ + when.at + which.times * *when.every);
    return;
  }
  begin(which);
  if (when.lasting) {
    which.due->arm(started_ + when.at + (which.times - 1) * when.every.value_or(duration{}) +
                   *when.lasting);
  }
}

void host_faults::begin(playing& which) {
  ++which.times;
  which.active = true;
  const time_point now = loop_.now();
  const auto done = strike(which);
  if (!done) {
    note_(record::event_level::warning,
          fmt::format("the fault {} could not be done: {}", which.plan.name, done.error().message));
    return;
  }
  which.strikes += *done;
  if (which.spans.size() < spans_max) {
    which.spans.emplace_back(now, is_momentary(which.what()) ? now : time_point::max());
  }
  which.breaking = breaking_.size();
  breaking_.push_back({.fault = which.plan.name,
                       .from = now,
                       .until = is_momentary(which.what()) ? now : time_point::max()});
  note_(record::event_level::info,
        fmt::format("fault {}: {}", which.plan.name, fault_host::describe(which.what())));
}

// The number of connections that it struck; 0 where that cannot be counted.
outcome<std::size_t> host_faults::strike(playing& which) {
  const fault_host::host_fault& what = which.what();
  if (const auto* kill = std::get_if<fault_host::sockets_killed>(&what)) {
    return link_->kill_sockets(kill->at);
  }
  if (const auto* gone = std::get_if<fault_host::vanish>(&what)) {
    seeded_stream draws(stream_key(seed_).with("fault").with(which.plan.name).with(which.times));
    return link_->vanish(gone->share, draws);
  }
  if (const auto done = shape(); !done) return done.error();
  return std::size_t{0};
}

void host_faults::end(playing& which) {
  which.active = false;
  const bool was_gone = std::holds_alternative<fault_host::vanish>(which.what());
  const auto done = was_gone ? link_->bring_back() : shape();
  if (!done) {
    note_(record::event_level::error, fmt::format("the fault {} could not be ended: {}",
                                                  which.plan.name, done.error().message));
  }
  if (which.breaking < breaking_.size()) {
    time_point& until = breaking_[which.breaking].until;
    until = std::min(until, loop_.now());
  }
  if (!which.spans.empty() && which.spans.back().second == time_point::max()) {
    which.spans.back().second = loop_.now();
    note_(record::event_level::info, fmt::format("fault {} is over", which.plan.name));
  }
}

outcome<void> host_faults::shape() {
  std::vector<fault_host::host_fault> active;
  for (const auto& each : all_) {
    if (each->active) active.push_back(each->what());
  }
  return link_->shape(fault_host::combined(active));
}

std::vector<record::fault_record> host_faults::report(time_point run_start,
                                                      time_point run_end) const {
  std::vector<record::fault_record> made;
  for (const auto& each : all_) {
    record::fault_record record{.name = each->plan.name,
                                .what = fault_host::describe(each->what()),
                                .active = {},
                                .strikes = each->strikes};
    for (const auto& [from, until] : each->spans) {
      record.active.push_back(
          {.from = from - run_start, .until = std::min(until, run_end) - run_start});
    }
    made.push_back(std::move(record));
  }
  return made;
}

bool host_faults::have_struck() const {
  return std::any_of(all_.begin(), all_.end(),
                     [](const auto& each) { return !each->spans.empty(); });
}

}  // namespace gauntlet::sim
