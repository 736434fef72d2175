#include "tests/integration/broker/restart/restart_clients.hpp"

#include <utility>

namespace gauntlet::broker {
namespace {

constexpr duration retry_interval = std::chrono::milliseconds(5);
constexpr std::size_t window = 8;

}  // namespace

restart_client::restart_client(restart_stage& stage, std::string client_id,
                               mqtt::protocol_version version)
    : stage_(stage),
      session_(version),
      client_id_(std::move(client_id)),
      retry_(stage.network.loop().make_timer([this] { connect(); })) {}

void restart_client::connect() {
  away_ = false;
  gave_up_ = false;
  channel_ = stage_.network.dial(stage_.where, {}, *this);
}

void restart_client::stay_away() {
  away_ = true;
  retry_->cancel();
  channel_.reset();
  session_.connection_lost();
}

void restart_client::go_deaf() {
  if (!is_open()) return;
  deaf_ = true;
  channel_->pause_reading();
}

void restart_client::end_deafness() {
  const bool reads = !std::exchange(deaf_, false) && !gave_up_;
  if (reads || !channel_) return;
  gave_up_ = false;
  channel_.reset();
  session_.connection_lost();
  retry_->arm(stage_.network.loop().now());
}

void restart_client::on_open(net::channel&) {
  out_.clear();
  if (!session_.connect(request(), out_)) stage_.books.violation();
  send();
}

void restart_client::on_bytes(net::channel&, byte_view bytes) {
  if (!session_.receive(bytes, *this, out_)) {
    stage_.books.violation();
    gave_up_ = true;
    channel_->pause_reading();
    return;
  }
  if (is_open()) go_on();
  send();
}

void restart_client::on_end(net::channel&, const net::channel_end&) { come_back(); }

void restart_client::come_back() {
  gave_up_ = false;
  channel_.reset();
  session_.connection_lost();
  retry_->arm(stage_.network.loop().now() + retry_interval);
}

void restart_client::on_connack(const mqtt::connack& answer) {
  if (mqtt::is_error(answer.reason_code)) return;
  if (has_session_ && !answer.session_present) stage_.books.session_lost();
  has_session_ = !request().clean_start;
}

mqtt::connect restart_client::request() const {
  mqtt::connect packet{.protocol_version = session_.version(),
                       .client_id = client_id_,
                       .clean_start = false,
                       .keep_alive_s = 60};
  if (session_.version() == mqtt::protocol_version::v5) {
    packet.properties.add(mqtt::session_expiry_interval(3600));
  }
  return packet;
}

void restart_client::send() {
  if (channel_ && !out_.empty()) channel_->send(out_);
  out_.clear();
}

restart_publisher::restart_publisher(restart_stage& stage, std::size_t index,
                                     mqtt::protocol_version version, mqtt::qos qos)
    : restart_client(stage, "publisher-" + std::to_string(index), version),
      index_(index),
      qos_(qos) {}

void restart_publisher::start() {
  stopped_ = false;
  if (!is_open()) return;
  go_on();
  send();
}

void restart_publisher::go_on() {
  while (!stopped_ && session_.in_flight_count() < window && session_.send_quota() > 0) {
    if (!session_.publish(message(next_), next_, out_)) return;
    ++next_;
  }
}

mqtt::publish_view restart_publisher::message(std::uint32_t number) {
  topic_ = topic_of({index_, number});
  payload_ = std::to_string(number);
  return {.qos = qos_,
          .retain = is_retained(number),
          .topic_name = topic_,
          .properties = {},
          .payload = as_bytes(payload_)};
}

void restart_publisher::on_acknowledged(std::uint64_t tag, mqtt::qos, mqtt::reason_code reason) {
  // Not an error after a restart: the broker has completed the exchange, and the kill has cut its
  // PUBCOMP off (MQTT 5.0 §3.7.2.1).
  if (reason == mqtt::reason_code::packet_identifier_not_found) return;
  if (mqtt::is_error(reason)) {
    stage_.books.violation();
  } else {
    stage_.books.acknowledge({index_, static_cast<std::uint32_t>(tag)});
  }
}

void restart_publisher::on_received(std::uint64_t tag, mqtt::reason_code reason) {
  if (!mqtt::is_error(reason)) {
    stage_.books.acknowledge({index_, static_cast<std::uint32_t>(tag)});
  }
}

mqtt::publish_view restart_publisher::on_resend(std::uint64_t tag, std::uint16_t) {
  return message(static_cast<std::uint32_t>(tag));
}

restart_subscriber::restart_subscriber(restart_stage& stage, std::size_t index,
                                       mqtt::protocol_version version, mqtt::qos qos)
    : restart_client(stage, "subscriber-" + std::to_string(index), version),
      index_(index),
      qos_(qos) {}

void restart_subscriber::on_connack(const mqtt::connack& answer) {
  restart_client::on_connack(answer);
  must_ask_ = !answered_;
}

void restart_subscriber::go_on() {
  if (std::exchange(must_ask_, false) && !session_.ping(out_)) stage_.books.violation();
  if (std::exchange(asked_, true)) return;
  mqtt::subscription wanted{.topic_filter = "restart/#"};
  wanted.options.maximum_qos = qos_;
  if (!session_.subscribe({.subscriptions = {wanted}}, 0, out_)) stage_.books.violation();
}

void restart_subscriber::ask() {
  answered_ = false;
  must_ask_ = true;
  if (!is_open()) return;
  go_on();
  send();
}

void restart_subscriber::on_publish(const mqtt::publish_view& message,
                                    bool duplicate_exactly_once) {
  if (duplicate_exactly_once) return;
  stage_.books.receive(index_, parse_message(message.topic_name, as_text(message.payload)),
                       message.qos);
}

restart_inspector::restart_inspector(restart_stage& stage)
    : restart_client(stage, "inspector", mqtt::protocol_version::v5) {}

mqtt::connect restart_inspector::request() const {
  mqtt::connect packet = restart_client::request();
  packet.clean_start = true;
  packet.properties = {};
  return packet;
}

void restart_inspector::go_on() {
  if (std::exchange(asked_, true)) return;
  acknowledged_ = stage_.books.retained_acknowledged();
  const mqtt::subscription wanted{.topic_filter = "restart/+/state/+"};
  // PINGRESP comes after the retained messages.
  if (!session_.subscribe({.subscriptions = {wanted}}, 0, out_) || !session_.ping(out_)) {
    stage_.books.violation();
  }
}

void restart_inspector::on_publish(const mqtt::publish_view& message, bool) {
  if (!message.retain) return;
  found_[std::string(message.topic_name)] =
      parse_message(message.topic_name, as_text(message.payload)).number;
}

void restart_inspector::on_pingresp() {
  if (!std::exchange(done_, true)) stage_.books.compare_retained(found_, acknowledged_);
}

}  // namespace gauntlet::broker
