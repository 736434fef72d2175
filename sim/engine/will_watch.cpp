#include "sim/engine/will_watch.hpp"

#include <algorithm>

namespace gauntlet::sim {
namespace {

// A broker gets so long to notice, to publish and to deliver; and who comes back this close to the
// end of a delay may be too late or not.
constexpr duration patience = std::chrono::seconds(5);
constexpr duration margin = std::chrono::seconds(1);

}  // namespace

will_watch::will_watch(const fleet_plan& plan, worker_books& books)
    : plan_(plan), books_(books), groups_(plan.described().fleet.size()) {
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    const device_group& described = plan.described().fleet[i];
    if (!described.will) continue;
    // The will comes when the delay is over or the session ends. MQTT 5.0 §3.1.3.2.2
    groups_[i].delay_v5 = std::min(described.will->delay.value_or(duration::zero()),
                                   described.session_expiry.value_or(duration::zero()));
  }
}

void will_watch::add_device(const device& who) {
  const auto& will = plan_.described().fleet[who.group].will;
  if (!will || will->stamp == stamp_place::none) return;
  group& table = groups_[who.group];
  if (table.devices.empty()) table.first_local = who.local;
  table.devices.emplace_back();
  table.numbers.push_back(who.number);
  table.is_v5.push_back(who.session.version() == mqtt::protocol_version::v5);
}

will_watch::watched* will_watch::of(const device& who) {
  group& table = groups_[who.group];
  return table.devices.empty() ? nullptr : &table.devices[who.local - table.first_local];
}

std::uint32_t will_watch::number_of(const device& who) const {
  const group& table = groups_[who.group];
  return table.devices.empty() ? 0 : table.devices[who.local - table.first_local].connection;
}

void will_watch::on_connect(const device& who, time_point now) {
  watched* what = of(who);
  if (what == nullptr) return;
  ++what->connection;
  what->carries = true;
  what->connect_sent = now;
}

// Decides about the connection before, now that its client is back.
void will_watch::on_connected(const device& who, time_point now) {
  watched* what = of(who);
  if (what == nullptr || !what->ended) return;
  what->ended = false;
  const group& table = groups_[who.group];
  const bool v5 = table.is_v5[who.local - table.first_local];
  const duration delay = v5 ? table.delay_v5 : duration::zero();
  const bool never = what->noticed == time_point::max();
  const time_point published = never ? time_point::max() : what->noticed + delay;
  if (never || what->connect_sent < published - margin) {
    if (delay == duration::zero() || plan_.described().fleet[who.group].clean_start) {
      // At once, because the broker closes the old connection, or ends the session.
      enter(who.number, *what, now + patience, what->required);
    }
    return;
  }
  const bool surely_over = what->connect_sent > published + patience || delay == duration::zero();
  enter(who.number, *what, published + patience, what->required && surely_over);
}

void will_watch::on_disconnected(const device& who) {
  if (watched* what = of(who)) what->carries = false;
}

void will_watch::on_left(const device& who, time_point now, time_point noticed) {
  end(who, now, noticed, true);
}

void will_watch::on_lost(const device& who, time_point now) { end(who, now, now, false); }

void will_watch::end(const device& who, time_point now, time_point noticed, bool required) {
  watched* what = of(who);
  if (what == nullptr || !what->carries) return;
  what->carries = false;
  // An attempt that failed may have ended the session of the connection before, or not.
  if (what->ended) enter(who.number, *what, now, false);
  what->ended = true;
  what->required = required;
  what->ended_connection = what->connection;
  what->ended_at = now;
  what->noticed = noticed;
}

void will_watch::enter(std::uint32_t device, const watched& what, time_point due, bool required) {
  if (required && due != time_point::max()) last_entered_ = std::max(last_entered_, due);
  books_.ledger.wills.endings.push_back({.device = device,
                                         .connection = what.ended_connection,
                                         .required = required,
                                         .ended = what.ended_at,
                                         .due = due});
}

time_point will_watch::last_due() const {
  time_point last = last_entered_;
  for (const group& table : groups_) {
    for (std::size_t i = 0; i < table.devices.size(); ++i) {
      const watched& what = table.devices[i];
      if (!what.ended || !what.required || what.noticed == time_point::max()) continue;
      const duration delay = table.is_v5[i] ? table.delay_v5 : duration::zero();
      last = std::max(last, what.noticed + delay + patience);
    }
  }
  return last;
}

void will_watch::finish() {
  for (const group& table : groups_) {
    for (std::size_t i = 0; i < table.devices.size(); ++i) {
      const watched& what = table.devices[i];
      if (!what.ended) continue;
      const duration delay = table.is_v5[i] ? table.delay_v5 : duration::zero();
      const bool never = what.noticed == time_point::max();
      enter(table.numbers[i], what, never ? time_point::max() : what.noticed + delay + patience,
            what.required);
    }
  }
}

}  // namespace gauntlet::sim
