#include "sim/engine/worker_faults.hpp"

#include <algorithm>
#include <utility>

#include "harness/base/assert.hpp"
#include "sim/plan/fault_plan.hpp"
#include "sim/plan/stamp.hpp"

namespace gauntlet::sim {
namespace {

/// Of the strikes of a fault so many are told one by one.
constexpr std::size_t strikes_max = 5;

}  // namespace

void merge(std::vector<fault_activity>& into, const std::vector<fault_activity>& other) {
  if (into.size() < other.size()) into.resize(other.size());
  for (std::size_t i = 0; i < other.size(); ++i) {
    fault_activity& sum = into[i];
    sum.strikes += other[i].strikes;
    if (sum.active.size() < other[i].active.size()) sum.active = other[i].active;
    auto& strikes = sum.first_strikes;
    strikes.insert(strikes.end(), other[i].first_strikes.begin(), other[i].first_strikes.end());
    std::stable_sort(strikes.begin(), strikes.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    if (strikes.size() > strikes_max) strikes.resize(strikes_max);
  }
}

void write_activities(const std::vector<fault_activity>& all, compact_writer& out) {
  out.number(all.size());
  for (const fault_activity& each : all) {
    out.number(each.strikes);
    out.number(each.active.size());
    for (const auto& [from, until] : each.active) {
      out.time(from);
      out.time(until);
    }
    out.number(each.first_strikes.size());
    for (const auto& [at, text] : each.first_strikes) {
      out.time(at);
      out.text(text);
    }
  }
}

std::vector<fault_activity> read_activities(compact_reader& in) {
  std::vector<fault_activity> all;
  for (std::uint64_t n = in.count(); n > 0 && !in.failed(); --n) {
    fault_activity& each = all.emplace_back();
    each.strikes = in.number();
    for (std::uint64_t spans = in.count(); spans > 0 && !in.failed(); --spans) {
      const time_point from = in.time();
      each.active.emplace_back(from, in.time());
    }
    for (std::uint64_t strikes = in.count(); strikes > 0 && !in.failed(); --strikes) {
      const time_point at = in.time();
      each.first_strikes.emplace_back(at, in.text());
    }
  }
  return all;
}

// Keeps what the result says of faults, and hands everything on to the history.
class worker_faults::observer final : public history::packet_observer {
 public:
  observer(event_loop& loop, std::size_t faults, std::shared_ptr<history::evidence_builder> into)
      : history(std::move(into)), activities(faults), loop_(loop) {}

  void on_open(history::connection_index connection, time_point at) override {
    if (recording) history->on_open(connection, at);
  }
  void on_packet(const history::packet_seen& packet) override {
    if (recording) history->on_packet(packet);
  }
  void on_end(const history::end_seen& end) override {
    if (recording) history->on_end(end);
  }
  void on_fault(const history::fault_seen& fault) override {
    note(fault);
    pull_trigger(fault);
    if (recording) history->on_fault(fault);
  }

  std::shared_ptr<history::evidence_builder> history;
  bool recording = history != nullptr;
  std::vector<fault_activity> activities;
  std::function<void(std::size_t)> on_trigger;

 private:
  // From the loop: whoever hears it may end a broker that is just being listened to.
  void pull_trigger(const history::fault_seen& fault) {
    const bool is_trigger =
        fault.fault > activities.size() && fault.what == history::fault_seen::moment::strikes;
    if (!is_trigger || !on_trigger) return;
    loop_.post([call = on_trigger, number = fault.fault - activities.size() - 1] { call(number); });
  }
  void note(const history::fault_seen& fault) {
    constexpr std::size_t spans_max = 100;
    if (fault.fault == 0 || fault.fault > activities.size()) return;
    fault_activity& activity = activities[fault.fault - 1U];
    using enum history::fault_seen::moment;
    if (fault.what == strikes && ++activity.strikes <= strikes_max) {
      activity.first_strikes.emplace_back(fault.at, fault.text);
    }
    if (fault.what == begins && activity.active.size() < spans_max) {
      activity.active.emplace_back(fault.at, time_point::max());
    }
    if (fault.what == ends && !activity.active.empty() &&
        activity.active.back().second == time_point::max()) {
      activity.active.back().second = fault.at;
    }
  }

  event_loop& loop_;
};

worker_faults::worker_faults(const fleet_plan& plan, net::network& network, std::uint32_t run_id) {
  std::vector<fault::rule> rules = fault_rules_of(plan);
  for (const fault::rule& each : rules) names_.push_back(each.name);
  std::shared_ptr<history::evidence_builder> history;
  if (plan.described().guarantees) {
    history = std::make_shared<history::evidence_builder>(stamp_namer(plan, run_id));
  }
  observer_ = std::make_unique<observer>(network.loop(), rules.size(), std::move(history));
  for (fault::rule& each : broker_triggers_of(plan)) rules.push_back(std::move(each));
  injector_ = std::make_unique<fault::injector>(
      network.loop(),
      fault::injector_options{.seed = plan.described().seed, .observer = observer_.get()});
  for (fault::rule& each : rules) {
    const auto added = injector_->add(std::move(each));
    GAUNTLET_ASSERT(added.has_value());
  }
  network_ = std::make_unique<fault::faulty_network>(network, *injector_);
}

worker_faults::~worker_faults() = default;

net::network& worker_faults::network() { return *network_; }

void worker_faults::start(time_point at) { injector_->start(at); }

// Rules behind those of the faults only wait for packets.
std::string_view worker_faults::blamed_for(const net::channel& dialed) const {
  const history::fault_index fault = fault::faulty_network::blamed_for(dialed);
  return fault == 0 || fault > names_.size() ? std::string_view() : names_[fault - 1U];
}

void worker_faults::heal() {
  healed_ = true;
  injector_->heal();
}

bool worker_faults::healed() const { return healed_; }

void worker_faults::end_record() { observer_->recording = false; }

void worker_faults::on_trigger(std::function<void(std::size_t)> call) {
  observer_->on_trigger = std::move(call);
}

const std::vector<fault_activity>& worker_faults::activities() const {
  return observer_->activities;
}

std::shared_ptr<history::evidence_builder> worker_faults::history() const {
  return observer_->history;
}

history::message_namer stamp_namer(const fleet_plan& plan, std::uint32_t run_id) {
  const std::uint64_t streams = std::uint64_t{plan.stream_count()} + plan.device_count();
  return
      [run_id, streams](const mqtt::publish_view& message) -> std::optional<history::message_key> {
        std::optional<stamp> found = read_stamp_property(message.properties);
        if (!found) found = read_stamp(message.payload, {.run_id = run_id, .now = {}});
        if (!found || found->run_id != run_id || found->stream >= streams) return std::nullopt;
        return std::uint64_t{found->stream} << 32U | found->sequence;
      };
}

}  // namespace gauntlet::sim
