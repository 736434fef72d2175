#include "guarantees/client.hpp"

#include <algorithm>
#include <utility>

#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/topic.hpp"

namespace gauntlet::guarantees {
namespace {

using namespace std::chrono_literals;
using mqtt::protocol_version;

constexpr duration tick_length = 20ms;
constexpr duration dial_limit = 3s;
constexpr std::uint64_t unsubscribe_tag = UINT64_MAX;

byte_buffer bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

}  // namespace

client::client(net::network& network, const access& broker, client_settings settings)
    : network_(network),
      broker_(broker),
      settings_(std::move(settings)),
      session_(settings_.version),
      timer_(network.loop().make_timer([this] { tick(); })) {}

client::~client() = default;

void client::come() {
  here_ = true;
  if (!channel_) dial();
  timer_->arm(network_.loop().now() + tick_length);
}

void client::leave(departure how) {
  here_ = false;
  if (!channel_) return;
  const bool with_will =
      how == departure::disconnect_with_will && settings_.version == protocol_version::v5;
  if (how == departure::disconnect) {
    static_cast<void>(session_.disconnect(out_));
  } else if (with_will) {
    static_cast<void>(session_.disconnect(
        out_, {.reason_code = mqtt::reason_code::disconnect_with_will_message}));
  }
  flush();
  how == departure::reset ? channel_->abort() : channel_->close();
  lose_connection();
}

void client::take_over() {
  if (channel_) taken_over_.push_back(std::move(channel_));
  session_.connection_lost();
  out_.clear();
  here_ = true;
  dial();
  timer_->arm(network_.loop().now() + tick_length);
}

void client::forget() {
  here_ = false;
  if (channel_) channel_->abort();
  lose_connection();
  settings_.will.reset();
  settings_.returns_clean = true;
  settings_.expiry_s = 0;
  subscriptions_.clear();
  session_.discard(*this);
  pending_.clear();
  waiting_.clear();
  streams_.clear();
  come();
}

void client::subscribe(const std::string& filter, mqtt::qos qos,
                       const mqtt::subscription_options& options, std::uint32_t identifier) {
  mqtt::subscription what{.topic_filter = filter, .options = options};
  what.options.maximum_qos = qos;
  subscriptions_.push_back({.what = std::move(what), .identifier = identifier});
  if (is_open()) ask(subscriptions_.size() - 1);
  flush();
}

void client::subscribe_again() {
  for (std::size_t i = 0; i < subscriptions_.size() && is_open(); ++i) ask(i);
  flush();
}

void client::unsubscribe(const std::string& filter) {
  std::erase_if(subscriptions_,
                [&](const wanted& each) { return each.what.topic_filter == filter; });
  if (session_.unsubscribe({.topic_filters = {filter}}, unsubscribe_tag, out_)) ++requests_;
  flush();
}

void client::ask(std::size_t number) {
  const wanted& each = subscriptions_[number];
  mqtt::subscribe request{.subscriptions = {each.what}};
  if (each.identifier != 0) {
    request.properties.add(mqtt::subscription_identifier(each.identifier));
  }
  if (session_.subscribe(std::move(request), number, out_)) ++requests_;
}

client::message client::make(const message_plan& plan) {
  const std::uint32_t number = numbers_[plan.topic]++;
  message made{.packet = {.qos = plan.qos, .retain = plan.retain, .topic_name = plan.topic}};
  if (!plan.empty) {
    made.packet.payload = bytes_of(id() + " " + plan.topic + " " + std::to_string(number));
    // What careless brokers spoil: zero bytes, bytes that are no text, blanks at the end.
    for (const char byte : {'\0', '\xff', ' '}) {
      made.packet.payload.push_back(static_cast<std::uint8_t>(byte));
    }
  }
  if (settings_.version != protocol_version::v5) return made;
  mqtt::property_list list;
  if (plan.expiry_s > 0) list.add(mqtt::message_expiry_interval(plan.expiry_s));
  if (plan.properties) {
    list.add(mqtt::content_type("text/plain"));
    list.add(mqtt::response_topic("answers/" + id()));
    list.add(mqtt::correlation_data(bytes_of(std::to_string(number))));
    list.add(mqtt::user_property("first", "1"));
    list.add(mqtt::user_property("second", std::to_string(number)));
  }
  if (!list.empty()) static_cast<void>(mqtt::encode_properties(list, made.properties));
  return made;
}

void client::publish(const message_plan& what) {
  const bool known = std::ranges::any_of(streams_, [&](const message_plan& each) {
    return each.topic == what.topic && each.qos == what.qos;
  });
  if (!known) streams_.push_back(what);
  const std::uint64_t tag = next_tag_++;
  pending_.emplace(tag, make(what));
  waiting_.push_back(tag);
  send_waiting();
  flush();
}

void client::publish_last() {
  const std::vector<message_plan> all = streams_;
  for (message_plan each : all) {
    each.empty = false;
    each.expiry_s = 0;
    publish(each);
  }
}

void client::delete_retained() {
  const std::vector<message_plan> all = streams_;
  for (message_plan each : all) {
    each.empty = true;
    if (each.retain) publish(each);
  }
}

void client::send_waiting() {
  while (!waiting_.empty() && is_open()) {
    const std::uint64_t tag = waiting_.front();
    message& kept = pending_.at(tag);
    const bool qos0 = kept.packet.qos == mqtt::qos::at_most_once;
    if (!qos0 && session_.send_quota() == 0) return;
    const mqtt::publish_view view{.qos = kept.packet.qos,
                                  .retain = kept.packet.retain,
                                  .topic_name = kept.packet.topic_name,
                                  .properties = kept.properties,
                                  .payload = kept.packet.payload};
    kept.sent = session_.publish(view, tag, out_).has_value();
    waiting_.pop_front();
    if (!kept.sent || qos0) pending_.erase(tag);
  }
}

bool client::is_idle() const {
  if (!here_) return channel_ == nullptr;
  return is_open() && pending_.empty() && requests_ == 0 &&
         std::ranges::all_of(subscriptions_, [](const wanted& each) { return each.granted; });
}

std::uint64_t client::received_on(const std::string& filter) const {
  std::uint64_t count = 0;
  for (const auto& [topic, of_topic] : received_on_) {
    if (mqtt::matches(filter, topic)) count += of_topic;
  }
  return count;
}

bool client::is_subscribed_to(const std::string& topic) const {
  return std::ranges::any_of(subscriptions_, [&](const wanted& each) {
    return !mqtt::is_shared_subscription(each.what.topic_filter) &&
           mqtt::matches(each.what.topic_filter, topic);
  });
}

void client::tick() {
  const time_point now = network_.loop().now();
  timer_->arm(now + tick_length);
  if (broken_ && channel_) {
    channel_->abort();
    lose_connection();
  }
  if (!channel_) {
    if (here_ && now >= back_at_) dial();
    return;
  }
  if (!is_open()) return;
  if (const auto due = session_.ping_due(last_sent_); due && now >= *due) {
    static_cast<void>(session_.ping(out_));
  }
  send_waiting();
  flush();
}

void client::dial() {
  channel_ = network_.dial(broker_.where, {.timeout = dial_limit, .tls = broker_.tls}, *this);
}

mqtt::connect client::connect_packet() const {
  const bool v5 = settings_.version == protocol_version::v5;
  mqtt::connect packet{.protocol_version = settings_.version,
                       .client_id = settings_.id,
                       .clean_start = settings_.returns_clean,
                       .keep_alive_s = settings_.keep_alive_s,
                       .will = settings_.will};
  if (!v5) packet.clean_start = packet.clean_start || settings_.expiry_s == 0;
  if (v5 && settings_.expiry_s > 0) {
    packet.properties.add(mqtt::session_expiry_interval(settings_.expiry_s));
  }
  if (v5 && settings_.receive_maximum > 0) {
    packet.properties.add(mqtt::receive_maximum(settings_.receive_maximum));
  }
  if (broker_.login) {
    packet.user_name = broker_.login->user_name;
    packet.password = bytes_of(broker_.login->password);
  }
  return packet;
}

void client::on_open(net::channel&) {
  requests_ = 0;
  ++connections_;
  static_cast<void>(session_.connect(connect_packet(), out_));
  flush();
}

void client::on_bytes(net::channel& from, byte_view bytes) {
  if (&from != channel_.get()) return;
  const auto taken = session_.receive(bytes, *this, out_);
  if (!taken) {
    trouble_ = mqtt::describe(taken.error());
    broken_ = true;
  }
  send_waiting();
  flush();
}

void client::on_end(net::channel& ended, const net::channel_end& end) {
  if (&ended != channel_.get()) {
    std::erase_if(taken_over_, [&](const auto& old) { return old.get() == &ended; });
    return;
  }
  trouble_ = end.detail;
  lose_connection();
}

void client::lose_connection() {
  broken_ = false;
  channel_.reset();
  out_.clear();
  session_.connection_lost();
  requests_ = 0;
  back_at_ = network_.loop().now() + settings_.back_after;
}

void client::on_connack(const mqtt::connack& answer) {
  if (mqtt::is_error(answer.reason_code)) {
    trouble_ = "CONNECT refused: " + std::string(mqtt::reason_code_name(answer.reason_code));
    broken_ = true;
    return;
  }
  last_connack_ = network_.loop().now();
  for (std::size_t i = 0; i < subscriptions_.size(); ++i) {
    if (!answer.session_present) subscriptions_[i].granted = false;
    if (!subscriptions_[i].granted) ask(i);
  }
}

void client::on_suback(std::uint64_t tag, const mqtt::suback& answer) {
  --requests_;
  refused_ = refused_ || std::ranges::any_of(answer.reason_codes, [](mqtt::reason_code code) {
               return mqtt::is_error(code);
             });
  if (tag < subscriptions_.size()) subscriptions_[tag].granted = true;
}

void client::on_unsuback(std::uint64_t, const mqtt::unsuback&) { --requests_; }

mqtt::publish_view client::on_resend(std::uint64_t tag, std::uint16_t) {
  const auto found = pending_.find(tag);
  if (found == pending_.end()) return {};
  const message& kept = found->second;
  return {.qos = kept.packet.qos,
          .retain = kept.packet.retain,
          .topic_name = kept.packet.topic_name,
          .properties = kept.properties,
          .payload = kept.packet.payload};
}

void client::on_publish(const mqtt::publish_view& came, bool duplicate_exactly_once) {
  last_received_ = network_.loop().now();
  if (duplicate_exactly_once) return;
  ++received_;
  ++received_on_[std::string(came.topic_name)];
}

void client::on_acknowledged(std::uint64_t tag, mqtt::qos, mqtt::reason_code) {
  pending_.erase(tag);
}

void client::on_discarded(std::uint64_t tag, mqtt::qos, bool) { pending_.erase(tag); }

void client::flush() {
  if (out_.empty() || !channel_) return;
  channel_->send(out_);
  out_.clear();
  last_sent_ = network_.loop().now();
}

}  // namespace gauntlet::guarantees
