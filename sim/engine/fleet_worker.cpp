#include "sim/engine/fleet_worker.hpp"

#include <algorithm>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "harness/base/assert.hpp"
#include "harness/base/seeded_stream.hpp"
#include "harness/base/units.hpp"
#include "harness/target/process_usage.hpp"
#include "sim/engine/reasons.hpp"
#include "sim/engine/thread_cpu.hpp"

namespace gauntlet::sim {
namespace {

constexpr duration lag_tick = std::chrono::milliseconds(10);
constexpr duration series_interval = record::time_series::interval_default;
constexpr duration backoff_min = std::chrono::seconds(1);
constexpr duration backoff_max = std::chrono::seconds(30);

}  // namespace

fleet_worker::fleet_worker(const fleet_plan& plan, net::network& network, worker_settings settings)
    : plan_(plan),
      network_(network),
      settings_(std::move(settings)),
      books_(plan),
      publisher_(plan, books_, settings_.run_id),
      receiver_(plan, books_, settings_.run_id),
      wheel_(network.loop(),
             [this](std::uint32_t local, std::uint8_t) { on_due(devices_[local]); }) {
  GAUNTLET_ASSERT(settings_.shard.index < settings_.shard.count);
  books_.run_start = settings_.run_start;
  for (std::uint32_t number = settings_.shard.index; number < plan.device_count();
       number += settings_.shard.count) {
    device& who = devices_.emplace_back(*this, number, static_cast<std::uint32_t>(devices_.size()),
                                        plan.version_of(number));
    who.group = static_cast<std::uint16_t>(plan.position_of(number).group);
    publisher_.add_device(who);
    receiver_.add_device(who);
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
  for (device& who : devices_) {
    publisher_.open_device(who);
    if (who.state == device_state::active) plan_next(who);
  }
}

void fleet_worker::stop_publishing() {
  if (publisher_.started()) publisher_.stop(now());
}

const worker_progress& fleet_worker::progress() {
  books_.progress.in_flight = publisher_.in_flight();
  books_.progress.publishing_over = publisher_.over() ? 1 : 0;
  return books_.progress;
}

void fleet_worker::finish() {
  GAUNTLET_ASSERT(!finished_);
  finished_ = true;
  second_timer_.reset();
  lag_timer_.reset();
  stop_publishing();
  close_interval();
  for (device& who : devices_) {
    current_ = &who;
    if (who.state == device_state::active || who.state == device_state::subscribing) {
      out_.clear();
      if (who.session.disconnect(out_)) send(who);
      who.channel->close();
      ++books_.connections(who.group).closed_by_us;
      --books_.progress.connected;
    } else if (who.was_connected) {
      receiver_.on_session_lost(who, who.broken_at);
    }
    who.channel.reset();
    who.session.connection_lost();
    who.session.discard(*this);
    publisher_.close_device(who);
    receiver_.close_device(who);
  }
  current_ = nullptr;
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

// --- coming up
// -------------------------------------------------------------------------------------

void fleet_worker::on_due(device& who) {
  if (finished_) return;
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
    connect(next);
  }
}

void fleet_worker::connect(device& who) {
  who.state = device_state::connecting;
  who.since = now();
  window_.started();
  ++books_.connections(who.group).attempts;
  net::dial_options options{.timeout = settings_.connect_timeout, .tls = settings_.tls};
  if (!settings_.source_addresses.empty()) {
    options.source_address =
        settings_.source_addresses[who.number % settings_.source_addresses.size()];
  }
  const net::endpoint& where = who.session.version() == mqtt::protocol_version::v5
                                   ? settings_.target_v5
                                   : settings_.target_v3_1_1;
  who.channel = network_.dial(where, options, who);
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
  if (const auto texts = plan_.will_of(who.number)) {
    mqtt::will& will = packet.will.emplace();
    will.topic_name = texts->topic;
    will.payload.assign(texts->payload.begin(), texts->payload.end());
    will.qos = group.will->qos;
    will.retain = group.will->retain;
    if (is_v5 && group.will->delay) {
      will.properties.add(mqtt::will_delay_interval(in_seconds(*group.will->delay)));
    }
  }
  return packet;
}

void fleet_worker::on_open(device& who) {
  out_.clear();
  const auto sent = who.session.connect(connect_packet(who), out_);
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
  if (who.was_connected) {
    ++account.reconnected;
    --books_.progress.offline;
  }
  ++books_.progress.connected;
  who.failed_attempts = 0;
  who.last_sent = at;

  if (who.was_connected && !packet.session_present) receiver_.on_session_lost(who, who.broken_at);
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

void fleet_worker::became_active(device& who) {
  who.state = device_state::active;
  settle(who);
  plan_next(who);
}

void fleet_worker::settle(device& who) {
  if (who.settled) return;
  who.settled = true;
  ++books_.progress.settled;
}

// --- while connected
// -------------------------------------------------------------------------------

void fleet_worker::on_bytes(device& who, byte_view bytes) {
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
  if (who.blocked) serve(who);
  connect_queued();
}

void fleet_worker::on_publish(const mqtt::publish_view& message, bool duplicate_exactly_once) {
  receiver_.on_publish(*current_, message, duplicate_exactly_once, now());
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
  if (publisher_.started()) publisher_.send_due(who, at);
  if (keep_alive(who, at)) plan_next(who);
}

// Answers whether the connection is still there.
bool fleet_worker::keep_alive(device& who, time_point at) {
  const auto due = who.session.ping_due(who.last_sent);
  if (!due || *due > at) return true;
  if (who.session.unanswered_pings() > 0) {
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
  if (publisher_.started() && !who.blocked) next = publisher_.next_due(who);
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

// --- going down
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
  books_.connections(who.group).unexpected_disconnects.add(reason);
  ++books_.progress.failures;
  --books_.progress.connected;
  ++books_.progress.offline;
  who.broken_at = now();
  retry_later(who);
}

void fleet_worker::retry_later(device& who) {
  settle(who);
  if (who.channel) who.channel->close();
  who.channel.reset();
  who.session.connection_lost();
  who.blocked = false;
  who.state = device_state::retrying;
  const duration base =
      std::min(backoff_max, backoff_min * (1U << std::min<unsigned>(who.failed_attempts, 5)));
  if (who.failed_attempts < UINT8_MAX) ++who.failed_attempts;
  // A fleet that was cut off together must not come back together.
  seeded_stream draws(stream_key(plan_.described().seed)
                          .with("reconnect")
                          .with(who.number)
                          .with(who.failed_attempts));
  const auto jitter =
      duration(static_cast<duration::rep>(static_cast<double>(base.count()) * draws.uniform()));
  wheel_.arm(who.local, 0, now() + base / 2 + jitter);
}

}  // namespace gauntlet::sim
