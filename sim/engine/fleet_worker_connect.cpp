// The part of a worker that brings its devices up and back up: attempts, the connect window,
// CONNECT, subscriptions, and what happens when a connection fails or is lost.

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "harness/base/assert.hpp"
#include "harness/base/seeded_stream.hpp"
#include "sim/engine/fleet_worker.hpp"
#include "sim/engine/reasons.hpp"
#include "sim/plan/fault_plan.hpp"

namespace gauntlet::sim {
namespace {

// A session that expires so close to a reconnect may be there or not.
constexpr duration expiry_margin = std::chrono::seconds(2);

// The wait before the attempt that follows `failed` others, without jitter.
duration backoff(const reconnect_settings& how, unsigned failed) {
  const double wait = static_cast<double>(how.first.count()) * std::pow(how.factor, failed);
  if (wait >= static_cast<double>(how.max.count())) return how.max;
  return duration(static_cast<duration::rep>(wait));
}

}  // namespace

// -------------------------------------------------------------------------------------

void fleet_worker::on_due(device& who) {
  switch (who.state) {
    case device_state::absent:
      ++books_.connections(who.group).planned;
      queue(who);
      break;
    case device_state::retrying:
      queue(who);
      break;
    case device_state::connecting:
      attempt_failed(
          who, fmt::format("no CONNACK within {}", format_duration(settings_.connect_timeout)));
      break;
    case device_state::subscribing:
      connection_broken(
          who, fmt::format("no SUBACK within {}", format_duration(settings_.connect_timeout)));
      break;
    case device_state::active:
      serve(who);
      break;
    case device_state::queued:
    case device_state::away:
    case device_state::gone:
      break;
  }
}

void fleet_worker::queue(device& who) {
  who.state = device_state::queued;
  queue_.push_back(&who);
  connect_queued();
}

void fleet_worker::connect_queued() {
  while (!queue_.empty() && window_.has_room()) {
    device& next = *queue_.front();
    queue_.pop_front();
    // Who has left meanwhile queues again when it is back.
    if (next.state == device_state::queued) connect(next);
  }
}

void fleet_worker::connect(device& who) {
  who.state = device_state::connecting;
  who.since = now();
  window_.started();
  ++books_.connections(who.group).attempts;
  const net::endpoint& where = who.session.version() == mqtt::protocol_version::v5
                                   ? settings_.target_v5
                                   : settings_.target_v3_1_1;
  net::dial_options options{.timeout = settings_.connect_timeout,
                            .source_address = source_address_of(who, where),
                            .tls = settings_.tls};
  if (auto files = plan_.certificate_of(who.number)) {
    options.identity = net::identity_files{.certificate_file = std::move(files->certificate_file),
                                           .key_file = std::move(files->key_file)};
  }
  who.channel = network_.dial(where, options, who);
}

void fleet_worker::add_session_properties(const device& who, mqtt::property_list& to) const {
  const session_settings& says = group_of(who).session;
  if (says.receive_maximum) to.add(mqtt::receive_maximum(*says.receive_maximum));
  if (says.maximum_packet_size) to.add(mqtt::maximum_packet_size(*says.maximum_packet_size));
  if (says.topic_alias_maximum) to.add(mqtt::topic_alias_maximum(*says.topic_alias_maximum));
  for (const auto& [name, value] : says.user_properties) {
    to.add(mqtt::user_property(name, plan_.expand(who.number, value)));
  }
}

mqtt::connect fleet_worker::connect_packet(const device& who) const {
  const device_group& group = group_of(who);
  const device_identity identity = plan_.identity_of(who.number);
  const bool is_v5 = identity.version == mqtt::protocol_version::v5;
  mqtt::connect packet{
      .protocol_version = identity.version,
      .client_id = identity.client_id,
      .clean_start = group.clean_start,
      .keep_alive_s = static_cast<std::uint16_t>(
          std::chrono::duration_cast<std::chrono::seconds>(group.keep_alive).count())};
  const auto in_seconds = [](duration value) {
    return static_cast<std::uint32_t>(
        std::chrono::duration_cast<std::chrono::seconds>(value).count());
  };
  packet.user_name = identity.user_name ? identity.user_name : settings_.user_name;
  const auto& password = identity.user_name ? identity.password : settings_.password;
  if (password) packet.password = byte_buffer(password->begin(), password->end());
  if (is_v5 && group.session_expiry) {
    packet.properties.add(mqtt::session_expiry_interval(in_seconds(*group.session_expiry)));
  }
  if (is_v5) add_session_properties(who, packet.properties);
  if (const auto texts = plan_.will_of(who.number, settings_.run_id, wills_.number_of(who))) {
    mqtt::will& will = packet.will.emplace();
    will.topic_name = texts->topic;
    will.payload.assign(texts->payload.begin(), texts->payload.end());
    will.qos = group.will->qos;
    will.retain = group.will->retain;
    if (is_v5 && group.will->delay) {
      will.properties.add(mqtt::will_delay_interval(in_seconds(*group.will->delay)));
    }
    if (!texts->stamp.empty())
      will.properties.add(mqtt::user_property(std::string(stamp_name), texts->stamp));
  }
  return packet;
}

// The will of an edge node is made anew for each connection.
void fleet_worker::set_death(const device& who, mqtt::connect& packet) {
  const duration at = publisher_.started() ? now() - publisher_.started_at() : duration::zero();
  packet.will->payload.clear();
  publisher_.nodes().append_will(who, at,
                                 {.run_id = settings_.run_id,
                                  .stream = plan_.stream_count() + who.number,
                                  .sequence = wills_.number_of(who)},
                                 packet.will->payload);
}

void fleet_worker::on_open(device& who) {
  out_.clear();
  wills_.on_connect(who, now());
  mqtt::connect packet = connect_packet(who);
  if (publisher_.nodes().is_edge_node(who)) set_death(who, packet);
  const auto sent = who.session.connect(packet, out_);
  GAUNTLET_ASSERT(sent.has_value());
  send(who);
  wheel_.arm(who.local, 0, who.since + settings_.connect_timeout);
}

void fleet_worker::on_connack(const mqtt::connack& packet) {
  device& who = *current_;
  if (packet.reason_code != mqtt::reason_code::success) {
    pending_reason_ = describe_code(packet.reason_code, mqtt::packet_type::connack);
    return;
  }
  const time_point at = now();
  record::connection_account& account = books_.connections(who.group);
  window_.finished(at - who.since, at);
  ++account.connected;
  account.connect_time.record(at - who.since);
  who.since = at;
  wills_.on_connected(who, at);
  if (who.was_connected) {
    ++account.reconnected;
    --books_.progress.offline;
    account.offline_time.record(at - who.broken_at);
    judge_session(who, packet.session_present, at);
  }
  books_.count_connected(who.group, 1);
  who.failed_attempts = 0;
  who.last_sent = at;

  if (who.was_connected && !packet.session_present) receiver_.on_session_lost(who, who.broken_at);
  receiver_.on_back(who, at);
  who.was_connected = true;
  if (receiver_.is_subscribed(who)) {
    became_active(who);
    return;
  }
  who.awaited_subacks = receiver_.subscribe(who, out_);
  if (who.awaited_subacks == 0) {
    became_active(who);
  } else {
    who.state = device_state::subscribing;
    wheel_.arm(who.local, 0, at + settings_.connect_timeout);
  }
}

void fleet_worker::on_suback(std::uint64_t tag, const mqtt::suback& packet) {
  device& who = *current_;
  receiver_.on_suback(who, tag, packet);
  if (--who.awaited_subacks > 0) return;
  receiver_.on_subscribed(who, now());
  became_active(who);
}

// Whether the broker kept a session that it had to keep over the time offline.
void fleet_worker::judge_session(const device& who, bool session_present, time_point at) {
  const device_group& group = group_of(who);
  if (group.clean_start || !keeps_session(who)) return;
  if (who.session.version() == mqtt::protocol_version::v5 &&
      at - who.broken_at + expiry_margin > *group.session_expiry) {
    return;
  }
  record::connection_account& account = books_.connections(who.group);
  ++(session_present ? account.sessions_resumed : account.sessions_lost);
}

void fleet_worker::became_active(device& who) {
  who.state = device_state::active;
  settle(who);
  device_life* life = lives_.of(who);
  if (life != nullptr) on_recovered(*life);
  publisher_.drop_overflow(who, now(), life == nullptr ? duration::max() : life->sends_until);
  if (publisher_.nodes().is_edge_node(who)) publisher_.trigger_births(who, now());
  plan_next(who);
}

void fleet_worker::settle(device& who) {
  if (who.settled) return;
  who.settled = true;
  ++books_.progress.settled;
}

// ------------------------------------------------------------------------------------

void fleet_worker::on_end(device& who, const net::channel_end& end) {
  if (who.state == device_state::connecting) {
    attempt_failed(who, describe_end(end));
  } else {
    connection_broken(who, describe_end(end));
  }
  connect_queued();
}

void fleet_worker::attempt_failed(device& who, std::string_view reason) {
  const time_point at = now();
  window_.finished(at - who.since, at);
  books_.connections(who.group).failures.add(reason);
  ++books_.progress.failures;
  retry_later(who);
}

void fleet_worker::connection_broken(device& who, std::string_view reason) {
  enter_broken(who, reason);
  ++books_.progress.failures;
  books_.count_connected(who.group, -1);
  ++books_.progress.offline;
  who.broken_at = now();
  retry_later(who);
}

// What a fault did is not the broker's doing. Faults of broker and host the coordinator knows
// alone.
void fleet_worker::enter_broken(const device& who, std::string_view reason) {
  record::connection_account& account = books_.connections(who.group);
  const bool has_link = faults_ != nullptr && who.channel != nullptr;
  const std::string_view fault = has_link ? faults_->blamed_for(*who.channel) : std::string_view();
  if (!fault.empty()) {
    account.disconnected_by_faults.add(fmt::format("{}: {}", fault, reason));
    return;
  }
  const bool may_be_fault = breaks_broker(plan_.described()) || breaks_host(plan_.described());
  if (may_be_fault && books_.broken.add(who.group, reason, who.since, now())) return;
  account.unexpected_disconnects.add(reason);
}

void fleet_worker::drop_connection(device& who) {
  slow_.drop(who.local);
  hosts_.on_connection_lost(who);
  if (who.channel) who.channel->close();
  who.channel.reset();
  who.session.connection_lost();
  publisher_.on_connection_lost(who);
  who.blocked = false;
}

void fleet_worker::retry_later(device& who) {
  settle(who);
  wills_.on_lost(who, now());
  drop_connection(who);
  const reconnect_settings& how = group_of(who).reconnect;
  if (how.never) {
    who.state = device_state::gone;
    wheel_.cancel(who.local, 0);
    if (who.was_connected) --books_.progress.offline;
    return;
  }
  who.state = device_state::retrying;
  const duration base = backoff(how, who.failed_attempts);
  if (who.failed_attempts < UINT8_MAX) ++who.failed_attempts;
  // A fleet that was cut off together must not come back together.
  seeded_stream draws(stream_key(plan_.described().seed)
                          .with("reconnect")
                          .with(who.number)
                          .with(who.failed_attempts));
  const double part = 1 - how.jitter + 2 * how.jitter * draws.uniform();
  wheel_.arm(
      who.local, 0,
      now() + duration(static_cast<duration::rep>(static_cast<double>(base.count()) * part)));
}

}  // namespace gauntlet::sim
