#include "tests/unit/history/guarantees/lively_client.hpp"

#include <algorithm>
#include <utility>

#include "harness/base/assert.hpp"
#include "harness/mqtt/codec.hpp"

namespace gauntlet::history::proof {
namespace {

using namespace std::chrono_literals;
constexpr duration tick_length = 20ms;
constexpr std::uint64_t request_tag = UINT64_MAX;

byte_buffer bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

}  // namespace

lively_client::lively_client(net::network& network, net::endpoint broker, lively_traits traits,
                             std::uint64_t seed)
    : network_(network),
      broker_(std::move(broker)),
      traits_(std::move(traits)),
      draws_(stream_key(seed).with("lively").with(traits_.id)),
      session_(traits_.version),
      timer_(network.loop().make_timer([this] { tick(); })),
      streams_(traits_.streams.size()) {}

void lively_client::start() {
  const time_point now = network_.loop().now();
  back_at_ = now + draw(0ms, 200ms);
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    streams_[i].due = now + 500ms + draw(0ms, traits_.streams[i].every);
  }
  timer_->arm(back_at_);
}

void lively_client::stay() {
  staying_ = true;
  publishing_ = false;
  traits_.silent_share = 0;
  if (channel_) {  // what a fault kept back is sent again on a new connection
    channel_->abort();
    lose_connection();
  }
  back_at_ = std::min(back_at_, network_.loop().now());
}

void lively_client::send_sentinels() { sentinels_left_ = streams_.size(); }

bool lively_client::settled() const {
  return open() && pending_.empty() && requests_ == 0 && sentinels_left_ == 0;
}

duration lively_client::draw(duration min, duration max) {
  return duration(draws_.between(min.count(), max.count()));
}

void lively_client::tick() {
  const time_point now = network_.loop().now();
  timer_->arm(now + tick_length);
  if (broken_) lose_connection();
  if (!channel_) {
    if (now >= back_at_) dial();
    return;
  }
  if (!open()) return;
  if (!staying_ && traits_.absence && now >= leaves_at_) return leave();
  if (requests_ == 0 && now >= again_at_) {
    if (traits_.unsubscribe_every > duration{}) {
      subscribed_ ? unsubscribe() : subscribe(true);
      again_at_ = now + traits_.unsubscribe_every;
    } else if (traits_.subscribe_again > duration{}) {
      subscribe(true);
      again_at_ = now + traits_.subscribe_again;
    }
  }
  publish_due();
  if (const auto due = session_.ping_due(last_sent_); due && now >= *due) {
    static_cast<void>(session_.ping(out_));
  }
  flush();
}

void lively_client::dial() { channel_ = network_.dial(broker_, {.timeout = 5s}, *this); }

mqtt::connect lively_client::connect_packet() {
  const bool v5 = traits_.version == mqtt::protocol_version::v5;
  const std::uint32_t expiry = traits_.expiries_s[draws_.below(traits_.expiries_s.size())];
  mqtt::connect packet{.protocol_version = traits_.version,
                       .client_id = traits_.id,
                       .clean_start = draws_.chance(traits_.clean_start_share),
                       .keep_alive_s = traits_.keep_alive_s};
  if (!v5) packet.clean_start = packet.clean_start || expiry == 0;
  if (v5 && expiry > 0) packet.properties.add(mqtt::session_expiry_interval(expiry));
  if (v5 && traits_.receive_maximum > 0) {
    packet.properties.add(mqtt::receive_maximum(traits_.receive_maximum));
  }
  if (traits_.will) {
    const lively_will& plan = *traits_.will;
    const std::string name = traits_.id + "/" + std::to_string(connections_);
    mqtt::will will{.topic_name = "w/" + name,
                    .payload = bytes_of("will of " + name),
                    .qos = plan.qos,
                    .retain = plan.retain};
    const std::uint32_t delay = plan.delays_s[draws_.below(plan.delays_s.size())];
    if (v5) {
      if (delay > 0) will.properties.add(mqtt::will_delay_interval(delay));
      will.properties.add(mqtt::content_type("text/will"));
      will.properties.add(mqtt::user_property("of", name));
    }
    packet.will = std::move(will);
  }
  ++connections_;
  return packet;
}

void lively_client::on_open(net::channel&) {
  requests_ = 0;
  static_cast<void>(session_.connect(connect_packet(), out_));
  flush();
}

void lively_client::on_bytes(net::channel& from, byte_view bytes) {
  if (&from != channel_.get()) return;
  if (!session_.receive(bytes, *this, out_)) broken_ = true;
  flush();
}

void lively_client::on_end(net::channel& ended, const net::channel_end&) {
  if (&ended != channel_.get()) {
    std::erase_if(taken_over_, [&](const auto& old) { return old.get() == &ended; });
    return;
  }
  lose_connection();
}

void lively_client::lose_connection() {
  broken_ = false;
  channel_.reset();
  out_.clear();
  session_.connection_lost();
  back_at_ = network_.loop().now() + draw(50ms, 300ms);
}

void lively_client::leave() {
  const lively_absence& plan = *traits_.absence;
  const departure way = plan.ways[draws_.below(plan.ways.size())];
  const bool v5 = traits_.version == mqtt::protocol_version::v5;
  if (way == departure::take_over) {
    taken_over_.push_back(std::move(channel_));
    session_.connection_lost();
    out_.clear();
    return dial();
  }
  if (way == departure::disconnect) {
    static_cast<void>(session_.disconnect(out_));
  } else if (way == departure::disconnect_with_will && v5) {
    static_cast<void>(session_.disconnect(
        out_, {.reason_code = mqtt::reason_code::disconnect_with_will_message}));
  }
  flush();
  way == departure::abort ? channel_->abort() : channel_->close();
  lose_connection();
  back_at_ = network_.loop().now() + draw(plan.away_min, plan.away_max);
}

void lively_client::on_connack(const mqtt::connack& answer) {
  if (mqtt::is_error(answer.reason_code)) {
    broken_ = true;
    return;
  }
  const time_point now = network_.loop().now();
  if (traits_.absence)
    leaves_at_ = now + draw(traits_.absence->stay_min, traits_.absence->stay_max);
  again_at_ = now + std::max(traits_.subscribe_again, traits_.unsubscribe_every);
  if (traits_.silent_share > 0 && draws_.chance(traits_.silent_share)) return;
  if (!answer.session_present || !subscribed_) subscribe(false);
}

void lively_client::subscribe(bool again) {
  if (traits_.subscriptions.empty()) return;
  mqtt::subscribe request{.subscriptions = traits_.subscriptions};
  const bool v5 = traits_.version == mqtt::protocol_version::v5;
  for (mqtt::subscription& each : request.subscriptions) {
    if (again && v5 && traits_.subscribe_again > duration{}) {
      each.options.retain_handling = static_cast<mqtt::retain_handling>(draws_.below(3));
    }
  }
  if (traits_.subscription_identifier) {
    request.properties.add(mqtt::subscription_identifier(*traits_.subscription_identifier));
  }
  if (session_.subscribe(std::move(request), request_tag, out_)) ++requests_;
}

void lively_client::unsubscribe() {
  mqtt::unsubscribe request;
  for (const mqtt::subscription& each : traits_.subscriptions) {
    request.topic_filters.push_back(each.topic_filter);
  }
  if (session_.unsubscribe(std::move(request), request_tag, out_)) ++requests_;
}

void lively_client::on_suback(std::uint64_t, const mqtt::suback&) {
  --requests_;
  subscribed_ = true;
}

void lively_client::on_unsuback(std::uint64_t, const mqtt::unsuback&) {
  --requests_;
  subscribed_ = false;
}

void lively_client::publish_due() {
  const time_point now = network_.loop().now();
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    if (!publishing_) {
      if (sentinels_left_ == streams_.size() - i && publish_next(i)) {
        --sentinels_left_;
      }
    } else if (now >= streams_[i].due) {
      publish_next(i);
      streams_[i].due = now + traits_.streams[i].every;
    }
  }
}

mqtt::property_list lively_client::properties_of(const lively_stream& stream,
                                                 std::uint32_t number) const {
  mqtt::property_list list;
  if (traits_.version != mqtt::protocol_version::v5) return list;
  if (stream.expiry_s > 0 && number % 2 == 0) {
    list.add(mqtt::message_expiry_interval(stream.expiry_s));
  }
  if (!stream.properties) return list;
  list.add(mqtt::content_type("text/plain"));
  list.add(mqtt::response_topic("answers/" + traits_.id));
  list.add(mqtt::correlation_data(bytes_of(std::to_string(number))));
  list.add(mqtt::user_property("first", "1"));
  list.add(mqtt::user_property("second", std::to_string(number)));
  return list;
}

bool lively_client::publish_next(std::size_t stream) {
  const lively_stream& plan = traits_.streams[stream];
  if (session_.send_quota() == 0 && plan.qos != mqtt::qos::at_most_once) return false;
  const std::uint32_t number = streams_[stream].next++;
  message made{.packet = {.qos = plan.qos, .retain = plan.retain, .topic_name = plan.topic}};
  if (!draws_.chance(plan.empty_share)) {
    made.packet.payload = bytes_of(traits_.id + " " + plan.topic + " " + std::to_string(number));
    // What careless brokers spoil: zero bytes, bytes that are no text, blanks at the end.
    for (const char byte : {'\0', '\xff', ' '}) {
      made.packet.payload.push_back(static_cast<std::uint8_t>(byte));
    }
  }
  const auto list = properties_of(plan, number);
  if (!list.empty()) {
    GAUNTLET_ASSERT(mqtt::encode_properties(list, made.properties));
  }
  const std::uint64_t tag = next_tag_++;
  const message& kept = pending_.emplace(tag, std::move(made)).first->second;
  const mqtt::publish_view view{.qos = kept.packet.qos,
                                .retain = kept.packet.retain,
                                .topic_name = kept.packet.topic_name,
                                .properties = kept.properties,
                                .payload = kept.packet.payload};
  const bool sent = session_.publish(view, tag, out_).has_value();
  if (sent) ++published_;
  if (!sent || plan.qos == mqtt::qos::at_most_once) pending_.erase(tag);
  return sent;
}

mqtt::publish_view lively_client::on_resend(std::uint64_t tag, std::uint16_t) {
  const auto found = pending_.find(tag);
  if (found == pending_.end()) return {};
  const message& kept = found->second;
  return {.qos = kept.packet.qos,
          .retain = kept.packet.retain,
          .topic_name = kept.packet.topic_name,
          .properties = kept.properties,
          .payload = kept.packet.payload};
}

void lively_client::on_publish(const mqtt::publish_view&, bool) { ++received_; }

void lively_client::on_acknowledged(std::uint64_t tag, mqtt::qos, mqtt::reason_code) {
  pending_.erase(tag);
}

void lively_client::on_discarded(std::uint64_t tag, mqtt::qos, bool) { pending_.erase(tag); }

void lively_client::flush() {
  if (out_.empty() || !channel_) return;
  channel_->send(out_);
  out_.clear();
  last_sent_ = network_.loop().now();
}

}  // namespace gauntlet::history::proof
