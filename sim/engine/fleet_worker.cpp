#include "sim/engine/fleet_worker.hpp"

#include <algorithm>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "harness/base/assert.hpp"
#include "harness/base/units.hpp"
#include "harness/target/process_usage.hpp"
#include "sim/engine/thread_cpu.hpp"
#include "sim/plan/fault_plan.hpp"

namespace gauntlet::sim {
namespace {

constexpr duration lag_tick = std::chrono::milliseconds(10);
constexpr duration series_interval = record::time_series::interval_default;

}  // namespace

fleet_worker::fleet_worker(const fleet_plan& plan, net::network& network, worker_settings settings)
    : plan_(plan),
      faults_(needs_links(plan.described())
                  ? std::make_unique<worker_faults>(plan, network, settings.run_id)
                  : nullptr),
      network_(faults_ != nullptr ? faults_->network() : network),
      settings_(std::move(settings)),
      books_(plan),
      lives_(plan),
      publisher_(plan, books_, lives_, settings_.run_id),
      receiver_(plan, books_, settings_.run_id, settings_.shard.part),
      requests_(plan, books_, settings_.run_id),
      reactions_(plan, publisher_, books_),
      wills_(plan, books_),
      hosts_(plan, books_),
      wheel_(network.loop(),
             [this](std::uint32_t local, std::uint8_t) {
               if (!finished_) on_due(devices_[local]);
             }),
      life_wheel_(network.loop(),
                  [this](std::uint32_t index, std::uint8_t kind) {
                    if (finished_) return;
                    device& who = devices_[lives_.local_of(index)];
                    kind == 0 ? on_life_due(who) : on_strike_due(who);
                  },
                  {.kinds = 2}),
      slow_(network.loop(),
            [this](std::uint32_t local) {
              if (!finished_) take_waiting(devices_[local]);
            }),
      abandoned_(network.loop(),
                 [this](std::uint16_t group) { ++books_.connections(group).left_open; }) {
  GAUNTLET_ASSERT(settings_.shard.index < settings_.shard.count);
  books_.run_start = settings_.run_start;
  std::uint32_t of_part = 0;
  for (device_number number = 0; number < plan.device_count(); ++number) {
    if (!settings_.shard.part.has(plan, number)) continue;
    if (of_part++ % settings_.shard.count != settings_.shard.index) continue;
    device& who = devices_.emplace_back(*this, number, static_cast<std::uint32_t>(devices_.size()),
                                        plan.version_of(number));
    who.group = static_cast<std::uint16_t>(plan.position_of(number).group);
    publisher_.add_device(who);
    receiver_.add_device(who);
    lives_.add_device(who);
    wills_.add_device(who);
  }
  books_.progress.devices = devices_.size();
  wheel_.reserve(static_cast<std::uint32_t>(devices_.size()));
}

fleet_worker::~fleet_worker() = default;

void fleet_worker::start() {
  for (device& who : devices_) {
    wheel_.arm(who.local, 0, settings_.run_start + plan_.arrival_of(who.number));
  }
  next_second_ = settings_.run_start + series_interval;
  second_timer_ = network_.loop().make_timer([this] { on_second(); });
  second_timer_->arm(next_second_);
  if (settings_.measure_machine) {
    next_lag_tick_ = now() + lag_tick;
    lag_timer_ = network_.loop().make_timer([this] { on_lag_tick(); });
    lag_timer_->arm(next_lag_tick_);
  }
}

void fleet_worker::publish(time_point at) {
  publisher_.start(at);
  receiver_.start(at);
  if (faults_ != nullptr) faults_->start(at);
  for (device& who : devices_) {
    publisher_.open_device(who);
    begin_life(who);
    if (who.state == device_state::active) plan_next(who);
  }
}

void fleet_worker::stop_publishing() {
  if (publisher_.started()) publisher_.stop(now());
  if (faults_ != nullptr && !faults_->healed()) faults_->heal();
}

const worker_progress& fleet_worker::progress() {
  books_.progress.in_flight = publisher_.in_flight();
  // What a slow device has still to take is on its way as well.
  books_.progress.waiting = publisher_.waiting() + slow_.holding();
  books_.progress.publishing_over = publisher_.over() ? 1 : 0;
  if (publisher_.stopped()) {
    const time_point last = std::max(wills_.last_due(), time_point{});
    books_.progress.wills_until_ns = last.time_since_epoch().count();
  }
  return books_.progress;
}

void fleet_worker::finish() {
  GAUNTLET_ASSERT(!finished_);
  finished_ = true;
  if (faults_ != nullptr) faults_->end_record();
  second_timer_.reset();
  lag_timer_.reset();
  stop_publishing();
  close_interval();
  for (device& who : devices_) {
    current_ = &who;
    if (who.state == device_state::active || who.state == device_state::subscribing) {
      say_goodbye(who);
      who.channel->close();
      ++books_.connections(who.group).closed_by_us;
      books_.count_connected(who.group, -1);
    } else if (who.was_connected) {
      receiver_.on_session_lost(who, who.broken_at);
    }
    who.channel.reset();
    who.session.connection_lost();
    who.session.discard(*this);
    requests_.close_device(who, publisher_, now());
    publisher_.close_device(who);
    receiver_.close_device(who);
  }
  current_ = nullptr;
  wills_.finish();
  hosts_.finish();
  abandoned_.clear();
}

// An edge node of Sparkplug leaves its NDEATH behind, which 3.1.1 publishes only without
// DISCONNECT. Sparkplug 3.0, "Edge Node Session Termination"
void fleet_worker::say_goodbye(device& who) {
  out_.clear();
  if (!publisher_.nodes().is_edge_node(who)) {
    if (who.session.disconnect(out_)) send(who);
    wills_.on_disconnected(who);
    return;
  }
  const mqtt::disconnect goodbye{.reason_code = mqtt::reason_code::disconnect_with_will_message};
  const bool is_v5 = who.session.version() == mqtt::protocol_version::v5;
  if (is_v5 && who.session.disconnect(out_, goodbye)) send(who);
  if (finished_) {
    wills_.on_lost(who, now());  // who could tell of the death is going as well
  } else {
    wills_.on_left(who, now(), now());
  }
}

void fleet_worker::close_interval() {
  if (settings_.measure_machine) {
    if (const auto usage = target::read_process_usage(::getpid())) {
      books_.progress.resident_bytes = usage->resident_bytes;
    }
    books_.progress.cpu_ns = read_thread_cpu().count();
  }
  books_.close_interval(now());
}

void fleet_worker::on_second() {
  close_interval();
  next_second_ += series_interval;
  second_timer_->arm(next_second_);
}

void fleet_worker::on_lag_tick() {
  const time_point at = now();
  books_.measured.generator.loop_lag.record(at - next_lag_tick_);
  next_lag_tick_ = std::max(next_lag_tick_, at) + lag_tick;
  lag_timer_->arm(next_lag_tick_);
}

}  // namespace gauntlet::sim
