#include "tests/integration/broker/load/soak_client.hpp"

#include <utility>

namespace gauntlet::test {
namespace {

constexpr std::uint64_t rooms = 20;
constexpr std::uint64_t things = 10;
constexpr std::size_t filters_max = 4;
constexpr std::uint32_t session_expiry_s = 3'600;

}  // namespace

soak_client::soak_client(net::network& network, net::endpoint where, std::size_t number,
                         const soak_options& options, soak_result& result)
    : network_(network),
      where_(std::move(where)),
      number_(number),
      result_(result),
      draws_(options.seed, "soak", "client", number),
      session_(number % 2 == 0 ? mqtt::protocol_version::v3_1_1 : mqtt::protocol_version::v5) {}

void soak_client::act() {
  if (!channel_) return dial();
  if (session_.phase() != mqtt::session_phase::open) return;
  const std::uint64_t what = draw(100);
  if (what < 70) {
    publish();
  } else if (what < 80) {
    subscribe();
  } else if (what < 90) {
    unsubscribe();
  } else if (what < 93) {
    leave();
  } else if (what < 96) {
    break_off();
  } else {
    ask();
  }
}

bool soak_client::ask() {
  answered_ = false;
  if (session_.phase() != mqtt::session_phase::open) return false;
  (void)session_.ping(out_);
  flush();
  return true;
}

void soak_client::dial() { channel_ = network_.dial(where_, {}, *this); }

void soak_client::on_open(net::channel&) {
  mqtt::connect hello;
  hello.protocol_version = session_.version();
  hello.client_id = "soak-" + std::to_string(number_);
  hello.clean_start = number_ % 4 < 2;
  hello.keep_alive_s = 60;
  if (!hello.clean_start && hello.protocol_version == mqtt::protocol_version::v5) {
    hello.properties.add(mqtt::session_expiry_interval(session_expiry_s));
  }
  hello.will = mqtt::will{};
  hello.will->topic_name = "soak/will/" + std::to_string(draw(rooms));
  hello.will->payload = {'l', 'o', 's', 't'};
  hello.will->retain = draw(10) == 0;
  if (hello.clean_start) filters_.clear();
  (void)session_.connect(hello, out_);
  flush();
}

void soak_client::on_bytes(net::channel&, byte_view bytes) {
  if (!session_.receive(bytes, *this, out_)) ++result_.violations;
  flush();
}

void soak_client::on_end(net::channel&, const net::channel_end&) {
  ++result_.cut_off;
  session_.connection_lost();
  channel_.reset();
}

void soak_client::on_connack(const mqtt::connack& answer) {
  if (answer.reason_code != mqtt::reason_code::success) {
    ++result_.violations;
    return;
  }
  ++result_.connected;
  if (answer.session_present) {
    ++result_.resumed;
  } else {
    filters_.clear();
  }
}

void soak_client::on_publish(const mqtt::publish_view&, bool) { ++result_.delivered; }

void soak_client::on_acknowledged(std::uint64_t, mqtt::qos, mqtt::reason_code) {
  ++result_.acknowledged;
}

void soak_client::on_disconnect(const mqtt::disconnect&) { ++result_.violations; }

mqtt::publish_view soak_client::on_resend(std::uint64_t, std::uint16_t) {
  resend_topic_ = topic();
  mqtt::publish_view again;
  again.topic_name = resend_topic_;
  again.payload = payload_;
  return again;
}

std::string soak_client::topic() {
  return "soak/" + std::to_string(draw(rooms)) + '/' + std::to_string(draw(things));
}

void soak_client::publish() {
  const std::string name = topic();
  payload_.assign(draw(200), 'x');
  mqtt::publish_view message;
  message.topic_name = name;
  message.payload = payload_;
  message.qos = static_cast<mqtt::qos>(draw(3));
  message.retain = draw(20) == 0;
  if (session_.publish(message, 0, out_)) ++result_.published;
  flush();
}

void soak_client::subscribe() {
  if (filters_.size() >= filters_max) return unsubscribe();
  std::string filter = topic();
  if (draw(20) == 0) filter = "soak/" + std::to_string(draw(rooms)) + "/+";
  if (draw(20) == 0) filter = "soak/will/+";
  if (draw(10) == 0 && session_.version() == mqtt::protocol_version::v5) {
    filter = "$share/team/" + filter;
  }
  mqtt::subscribe request;
  request.subscriptions.push_back({filter, {static_cast<mqtt::qos>(draw(3))}});
  if (session_.subscribe(std::move(request), 0, out_)) {
    ++result_.subscribed;
    filters_.push_back(std::move(filter));
  }
  flush();
}

void soak_client::unsubscribe() {
  if (filters_.empty()) return;
  mqtt::unsubscribe request;
  request.topic_filters.push_back(std::move(filters_.back()));
  filters_.pop_back();
  (void)session_.unsubscribe(std::move(request), 0, out_);
  flush();
}

void soak_client::leave() {
  ++result_.left;
  (void)session_.disconnect(out_);
  flush();
  channel_->close();
  session_.connection_lost();
  channel_.reset();
}

void soak_client::break_off() {
  ++result_.broke_off;
  channel_->abort();
  session_.connection_lost();
  channel_.reset();
}

void soak_client::flush() {
  if (!out_.empty() && channel_) channel_->send(out_);
  out_.clear();
}

}  // namespace gauntlet::test
