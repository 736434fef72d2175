#include "harness/broker/keep_alive.hpp"

#include "harness/broker/disconnect.hpp"
#include "harness/broker/wills.hpp"

namespace gauntlet::broker {
namespace {

// One and a half times the Keep Alive after the latest packet [MQTT-3.1.2-22].
time_point silence_limit(broker_state& broker, const connection& peer) {
  if (broker.defects.strikes(defect::end_keep_alive_early)) {
    return peer.last_received + std::chrono::milliseconds(500) * peer.keep_alive_s;
  }
  return peer.last_received + std::chrono::milliseconds(1500) * peer.keep_alive_s;
}

}  // namespace

void start_connect_timeout(broker_state& broker, connection& peer) {
  broker.deadlines.arm(peer.timeout, deadline_kind::connect_timeout,
                       broker.now + broker.options.limits.connect_timeout);
}

void start_keep_alive(broker_state& broker, connection& peer) {
  broker.deadlines.cancel(peer.timeout);
  if (peer.keep_alive_s == 0) return;
  broker.deadlines.arm(peer.timeout, deadline_kind::keep_alive, silence_limit(broker, peer));
}

void start_connect_time(broker_state& broker, connection& peer) {
  const duration longest = broker.options.limits.connect_time_max;
  if (longest == duration::zero()) return;
  peer.longest_stay = std::make_unique<deadline>(&peer);
  broker.deadlines.arm(*peer.longest_stay, deadline_kind::connect_time, broker.now + longest);
}

void handle_connect_time_over(broker_state& broker, connection& peer) {
  refuse(broker, peer, mqtt::reason_code::maximum_connect_time, "connected for too long");
}

void handle_connect_timeout(broker_state& broker, connection& peer) {
  if (broker.defects.strikes(defect::ignore_connect_timeout)) return;
  broker.log(log_level::warning, "connect-timeout peer={}", peer.link->peer_name());
  close_connection(broker, peer);
}

void handle_keep_alive_due(broker_state& broker, connection& peer) {
  // Packets do not move the deadline: that would cost a heap operation each. They move the limit,
  // and whether it has passed is looked at when the deadline is due.
  const time_point limit = silence_limit(broker, peer);
  if (limit > broker.now) {
    broker.deadlines.arm(peer.timeout, deadline_kind::keep_alive, limit);
    return;
  }
  if (broker.defects.strikes(defect::ignore_keep_alive)) return;
  if (broker.defects.strikes(defect::lose_will_at_keep_alive_timeout)) {
    drop_will(broker, *peer.bound);
  }
  refuse(broker, peer, mqtt::reason_code::keep_alive_timeout, "silent beyond the Keep Alive");
}

}  // namespace gauntlet::broker
