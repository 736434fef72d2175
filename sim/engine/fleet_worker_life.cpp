// The part of a worker that lets devices live as planned: they leave, stay away, come back, and
// move to other addresses. What happens to connections unplanned is in fleet_worker_connect.cpp.

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "sim/engine/fleet_worker.hpp"

namespace gauntlet::sim {
namespace {

// A device that leaves in order waits so long at most for acknowledgements.
constexpr duration leaving_patience = std::chrono::seconds(2);
// Beyond the time at which a broker has to have closed a connection.
constexpr duration closing_patience = std::chrono::seconds(5);
// For half-open connections without a Keep Alive, of which no broker ever finds out.
constexpr duration unguarded_time = std::chrono::seconds(60);

std::string_view name_of(departure how) {
  switch (how) {
    case departure::clean:
      return "clean";
    case departure::abrupt:
      return "abrupt";
    case departure::reset:
      return "reset";
    case departure::half_open:
      break;
  }
  return "half-open";
}

}  // namespace

bool fleet_worker::is_visitor(const device& who) const {
  return group_of(who).life.as == life_cycle::kind::visit;
}

bool fleet_worker::is_roaming(const device& who, const device_life& life) const {
  return group_of(who).life.as == life_cycle::kind::roaming &&
         life.turn.disturbance == absence::no_disturbance;
}

void fleet_worker::begin_life(device& who) {
  device_life* life = lives_.of(who);
  if (life == nullptr) return;
  const auto first = lives_.plan().first_absence(who.number);
  if (!first) return;
  life->turn = *first;
  life->phase = life_phase::present;
  life_wheel_.arm(lives_.index_of(who), 0, publisher_.started_at() + first->from);
  if (is_visitor(who)) arm_strike(who, *life);
}

// The next disturbance that is to strike a visitor.
void fleet_worker::arm_strike(device& who, device_life& life) {
  const duration passed = now() - publisher_.started_at();
  std::optional<absence> next;
  for (std::size_t i = 0; i < plan_.described().disturbances.size(); ++i) {
    const auto strike = lives_.plan().strike(who.number, i);
    if (strike && strike->from > passed && (!next || strike->from < next->from)) next = strike;
  }
  life.next_strike = next ? next->disturbance : absence::no_disturbance;
  if (next) life_wheel_.arm(lives_.index_of(who), 1, publisher_.started_at() + next->from);
}

// A visitor is struck if it is there; it comes back to finish its visit.
void fleet_worker::on_strike_due(device& who) {
  device_life& life = *lives_.of(who);
  if (life.kept_away) {
    life.kept_away = false;
    --books_.progress.away;
    ++books_.progress.offline;
    queue(who);
    return arm_strike(who, life);
  }
  const auto strike = lives_.plan().strike(who.number, static_cast<std::size_t>(life.next_strike));
  const bool connected =
      who.state == device_state::active || who.state == device_state::subscribing;
  if (!strike || !connected) return arm_strike(who, life);
  life.struck_by = strike->disturbance;
  ++recovery_of(life).concerned;
  if (life.lingers) {
    life.lingers = false;
    life_wheel_.arm(lives_.index_of(who), 0, publisher_.started_at() + life.turn.until);
  }
  end_connection(who, strike->leaves, false);
  wheel_.cancel(who.local, 0);
  const time_point back = publisher_.started_at() + strike->until;
  if (strike->by_reconnect || back <= now()) {
    ++books_.progress.offline;
    retry_later(who);
    arm_strike(who, life);
  } else {
    who.state = device_state::away;
    ++books_.progress.away;
    life.kept_away = true;
    life_wheel_.arm(lives_.index_of(who), 1, back);
  }
  connect_queued();
}

void fleet_worker::on_life_due(device& who) {
  device_life& life = *lives_.of(who);
  switch (life.phase) {
    case life_phase::present:
      begin_leaving(who, life);
      break;
    case life_phase::leaving:
      // A visit that is not over when the next one begins goes on with what is due for that.
      if (is_visitor(who) && !life.lingers) {
        come_back(who, life);
      } else {
        depart(who, life);
      }
      break;
    case life_phase::away:
      come_back(who, life);
      break;
    case life_phase::over:
      break;
  }
}

void fleet_worker::begin_leaving(device& who, device_life& life) {
  const bool visitor = is_visitor(who);
  if (!visitor && (life.turn.leaves != departure::clean || who.state != device_state::active)) {
    depart(who, life);
    return;
  }
  life.phase = life_phase::leaving;
  life.lingers = false;
  // The first visitors leave without having sent anything.
  life.sends_until = visitor && life.turn.cycle > 1 ? life.turn.from : life.turn.from - duration(1);
  const time_point until = publisher_.started_at() + life.turn.until;
  life_wheel_.arm(lives_.index_of(who), 0,
                  visitor ? until : std::min(until, now() + leaving_patience));
  if (who.state == device_state::active) leave_if_done(who, life);
}

// Answers whether the device is gone.
bool fleet_worker::leave_if_done(device& who, device_life& life) {
  if (life.phase != life_phase::leaving || life.lingers || who.session.in_flight_count() > 0) {
    return false;
  }
  if (is_visitor(who)) {
    if (publisher_.next_due(who) <= publisher_.started_at() + life.sends_until) return false;
    const duration linger = life.turn.cycle > 1 ? group_of(who).life.linger : duration::zero();
    if (linger > duration::zero()) {
      life.lingers = true;
      life_wheel_.arm(lives_.index_of(who), 0, now() + linger);
      return false;
    }
  }
  depart(who, life);
  return true;
}

void fleet_worker::depart(device& who, device_life& life) {
  const bool roams = is_roaming(who, life);
  const bool connected =
      who.state == device_state::active || who.state == device_state::subscribing;
  if (connected) {
    if (life.turn.disturbance != absence::no_disturbance) {
      life.struck_by = life.turn.disturbance;
      ++recovery_of(life).concerned;
    }
    end_connection(who, life.turn.leaves, roams);
  } else {
    give_up_connecting(who);
  }
  wheel_.cancel(who.local, 0);
  life.phase = life_phase::away;
  who.state = device_state::away;
  ++books_.progress.away;
  if (roams || life.turn.by_reconnect) {
    come_back(who, life);
  } else {
    life_wheel_.arm(lives_.index_of(who), 0, publisher_.started_at() + life.turn.until);
  }
  connect_queued();
}

// A connection that a device ends as planned.
void fleet_worker::end_connection(device& who, departure how, bool roams) {
  record::connection_account& account = books_.connections(who.group);
  ++account.closed_by_us;
  account.planned_departures.add(roams ? "roaming" : name_of(how));
  books_.count_connected(who.group, -1);
  who.broken_at = now();
  const std::chrono::seconds keep_alive(who.session.keep_alive_s());
  const time_point unheard = who.last_sent + keep_alive + keep_alive / 2;
  switch (how) {
    case departure::clean:
      say_goodbye(who);
      break;
    case departure::abrupt:
      // What has been sent arrives, as when a program is killed and the system closes for it.
      wills_.on_left(who, now(), now());
      break;
    case departure::reset:
      wills_.on_left(who, now(), now());
      publisher_.on_reset(who, now());
      who.channel->abort();
      who.channel.reset();
      break;
    case departure::half_open: {
      time_point until = unheard + closing_patience;
      if (keep_alive.count() == 0) until = now() + unguarded_time;
      if (roams) until = now() + settings_.connect_timeout + closing_patience;
      wills_.on_left(who, now(), keep_alive.count() == 0 ? time_point::max() : unheard);
      abandoned_.keep(std::move(who.channel), who.group, until, !roams);
      break;
    }
  }
  drop_connection(who);
  if (!roams)
    receiver_.on_left(who, who.broken_at, keeps_session(who) && !group_of(who).clean_start);
}

// Of a device that has to leave while it is not connected.
void fleet_worker::give_up_connecting(device& who) {
  if (who.state == device_state::connecting) {
    const time_point at = now();
    window_.finished(at - who.since, at);
    books_.connections(who.group).failures.add("given up, for the device left as planned");
    wills_.on_lost(who, at);
  }
  if (who.state == device_state::absent) ++books_.connections(who.group).planned;
  drop_connection(who);
  settle(who);
  const bool counted =
      who.was_connected && who.state != device_state::away && who.state != device_state::gone;
  if (counted) --books_.progress.offline;
}

void fleet_worker::come_back(device& who, device_life& life) {
  const bool was_away = life.phase == life_phase::away;
  const absence over = life.turn;
  life.last = over;
  life.has_last = true;
  if (is_roaming(who, life)) ++life.moves;
  life.sends_until = duration::max();
  const auto next = lives_.plan().next_absence(who.number, over);
  life.phase = next ? life_phase::present : life_phase::over;
  if (next) life.turn = *next;
  if (was_away) {
    --books_.progress.away;
    if (who.was_connected) ++books_.progress.offline;
    if (over.by_reconnect) {
      retry_later(who);
    } else {
      queue(who);
    }
  }
  if (!next) return;
  if (is_visitor(who)) {
    begin_leaving(who, life);
  } else {
    life_wheel_.arm(lives_.index_of(who), 0, publisher_.started_at() + next->from);
  }
}

record::recovery_account& fleet_worker::recovery_of(const device_life& life) {
  return books_.measured.recoveries[static_cast<std::size_t>(life.struck_by)];
}

void fleet_worker::on_recovered(device_life& life) {
  if (life.struck_by == absence::no_disturbance) return;
  record::recovery_account& account = recovery_of(life);
  account.back_after.record(now() - publisher_.started_at() - account.at);
  life.struck_by = absence::no_disturbance;
}

bool fleet_worker::keeps_session(const device& who) const {
  const device_group& group = group_of(who);
  if (who.session.version() == mqtt::protocol_version::v5) {
    return group.session_expiry && *group.session_expiry > duration::zero();
  }
  return !group.clean_start;
}

// Roaming devices come from elsewhere each time: from the next of the given addresses, or on
// loopback from any of a sixth of a million.
std::string fleet_worker::source_address_of(const device& who, const net::endpoint& where) const {
  const device_life* life = lives_.of(who);
  const std::uint64_t moves = life == nullptr ? 0 : life->moves;
  const auto& addresses = settings_.source_addresses;
  if (addresses.size() > 1 || (moves == 0 && !addresses.empty())) {
    return addresses[(who.number + moves) % addresses.size()];
  }
  if (moves == 0 || !where.host.starts_with("127.")) return {};
  const std::uint64_t bits =
      stream_key(plan_.described().seed).with("address").with(who.number).with(moves).bits();
  return fmt::format("127.{}.{}.{}", 1 + bits % 10, 1 + (bits >> 8U) % 128,
                     1 + (bits >> 16U) % 128);
}

}  // namespace gauntlet::sim
