// The part of a worker that serves connected devices: bytes in, messages out, keep alive.

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "sim/engine/fleet_worker.hpp"
#include "sim/engine/reasons.hpp"

namespace gauntlet::sim {

// -------------------------------------------------------------------------------

void fleet_worker::on_bytes(device& who, byte_view bytes) {
  if (!group_of(who).consume) return take(who, bytes);
  slow_.add(who.local, bytes);
  take_waiting(who);
}

// What a slow device may take by now of what has come.
void fleet_worker::take_waiting(device& who) {
  const net::channel* const connection = who.channel.get();
  while (const auto packet = slow_.next(who.local, *group_of(who).consume)) {
    take(who, *packet);
    if (who.channel.get() != connection || connection == nullptr) return;
  }
  if (who.channel == nullptr) return;
  if (slow_.holds(who.local)) {
    who.channel->pause_reading();
  } else {
    who.channel->resume_reading();
  }
}

void fleet_worker::take(device& who, byte_view bytes) {
  current_ = &who;
  pending_reason_.clear();
  out_.clear();
  const auto received = who.session.receive(bytes, *this, out_);
  current_ = nullptr;

  if (!received) {
    const mqtt::decode_error& error = received.error();
    books_.measured.protocol_errors.add(fmt::format("{} ({})", error.rule, error.section));
    // 3.1.1 has no DISCONNECT with a reason; what was answered before still goes out.
    static_cast<void>(who.session.disconnect(out_, {.reason_code = error.reason_code}));
    send(who);
    pending_reason_ = "the broker broke the protocol";
  }
  if (!pending_reason_.empty()) {
    const std::string reason = std::exchange(pending_reason_, {});
    if (who.state == device_state::connecting) {
      attempt_failed(who, reason);
    } else {
      connection_broken(who, reason);
    }
    connect_queued();
    return;
  }
  send(who);
  const bool triggered = publisher_.take_triggered();
  if (who.state != device_state::active) {
    if (who.blocked) serve(who);
  } else if (who.blocked || triggered) {
    serve(who);
  } else if (device_life* life = lives_.of(who)) {
    leave_if_done(who, *life);
  }
  connect_queued();
}

// Answers whether the message was a command of Sparkplug that nobody else has to know of.
bool fleet_worker::obey(device& who, const mqtt::publish_view& message) {
  const duration at = publisher_.started() ? now() - publisher_.started_at() : duration::zero();
  const auto command = publisher_.nodes().obey(who, message.topic_name, message.payload, at);
  if (!command) return false;
  if (command->rebirth) publisher_.trigger_births(who, now());
  for (const std::size_t publication : command->answers) {
    publisher_.trigger(who, publication, now());
  }
  for (const std::string& metric : command->refused) {
    books_.note(record::event_level::warning,
                fmt::format("a command wrote to metric '{}' of {}, which is unknown there, cannot "
                            "be set, or has another type",
                            metric, plan_.client_id_of(who.number)),
                now());
  }
  return !command->is_stamped;
}

// A host application that has lost the picture of an edge node asks it to be born again.
void fleet_worker::follow_edge_nodes(device& who, const mqtt::publish_view& message) {
  const auto rebirth = hosts_.on_message(who, message, now());
  if (!rebirth) return;
  byte_buffer command;
  const duration at = publisher_.started() ? now() - publisher_.started_at() : duration::zero();
  sparkplug::append_rebirth_command(edge_timestamp_ms(at), command);
  static_cast<void>(who.session.publish({.topic_name = *rebirth, .payload = command}, 0, out_));
}

void fleet_worker::on_publish(const mqtt::publish_view& message, bool duplicate_exactly_once) {
  if (publisher_.nodes().is_edge_node(*current_) && obey(*current_, message)) return;
  if (!duplicate_exactly_once && hosts_.is_host(*current_)) follow_edge_nodes(*current_, message);
  const device& who = *current_;
  const auto mark = receiver_.on_publish(who, message, duplicate_exactly_once, now());
  const device_group& group = group_of(who);
  if (duplicate_exactly_once || (group.on_message.empty() && !group.sends_requests)) return;
  if (group.sends_requests && publisher_.started()) {
    requests_.on_message(who, message, mark, publisher_.started_at(), now());
  }
  if (!group.on_message.empty()) reactions_.on_message(who, message, mark, now());
}

void fleet_worker::on_acknowledged(std::uint64_t tag, mqtt::qos qos, mqtt::reason_code code) {
  publisher_.on_acknowledged(*current_, tag, qos, code, now());
}

void fleet_worker::on_disconnect(const mqtt::disconnect& packet) {
  pending_reason_ = describe_code(packet.reason_code, mqtt::packet_type::disconnect);
}

mqtt::publish_view fleet_worker::on_resend(std::uint64_t tag, std::uint16_t) {
  return publisher_.on_resend(*current_, tag);
}

void fleet_worker::on_discarded(std::uint64_t tag, mqtt::qos qos, bool) {
  publisher_.on_discarded(*current_, tag, qos);
}

void fleet_worker::on_drained(device& who) {
  if (who.blocked) serve(who);
}

void fleet_worker::serve(device& who) {
  const time_point at = now();
  device_life* life = lives_.of(who);
  if (publisher_.started()) {
    publisher_.send_due(who, at, life == nullptr ? duration::max() : life->sends_until);
  }
  if (!keep_alive(who, at)) return;
  if (life != nullptr && leave_if_done(who, *life)) return;
  plan_next(who);
}

// Answers whether the connection is still there.
bool fleet_worker::keep_alive(device& who, time_point at) {
  const auto due = who.session.ping_due(who.last_sent);
  if (!due || *due > at) return true;
  // The answer may wait behind messages that a slow device has not taken yet.
  if (who.session.unanswered_pings() > 0 && !slow_.holds(who.local)) {
    connection_broken(who, "no PINGRESP within the keep alive");
    return false;
  }
  out_.clear();
  if (who.session.ping(out_)) send(who);
  return true;
}

// One timeout a device serves publishing and keep alive: whichever comes first.
void fleet_worker::plan_next(device& who) {
  time_point next = time_point::max();
  if (publisher_.started() && !who.blocked) {
    next = publisher_.next_due(who);
    const device_life* life = lives_.of(who);
    if (life != nullptr && life->sends_until != duration::max() &&
        next > publisher_.started_at() + life->sends_until) {
      next = time_point::max();
    }
  }
  if (const auto ping = who.session.ping_due(who.last_sent)) next = std::min(next, *ping);
  if (next == time_point::max()) {
    wheel_.cancel(who.local, 0);
  } else {
    wheel_.arm(who.local, 0, next);
  }
}

void fleet_worker::send(device& who) {
  if (out_.empty()) return;
  who.channel->send(out_);
  who.last_sent = now();
}

}  // namespace gauntlet::sim
