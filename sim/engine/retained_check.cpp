#include "sim/engine/retained_check.hpp"

#include <unistd.h>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "harness/mqtt/client_session.hpp"
#include "sim/engine/reasons.hpp"

namespace gauntlet::sim {
namespace {

// Filters of one SUBSCRIBE. The next one follows its SUBACK, so that no broker drowns.
constexpr std::size_t filters_at_once = 100;
// Retained messages may follow the SUBACK; what has not come so long after the last packet does
// not.
constexpr duration quiet_time = std::chrono::seconds(1);

class looker final : private net::channel_handler, private mqtt::session_handler {
 public:
  looker(net::network& network, const late_joiner& who, const std::vector<retained_value>& expected)
      : network_(network), who_(who), expected_(expected), session_(who.version) {
    for (const retained_value& each : expected_) values_.emplace(each.topic_name, &each);
    account_.expected = expected.size();
  }

  outcome<record::retained_account> run() {
    last_progress_ = now();
    channel_ = network_.dial(
        who_.where, {.timeout = who_.timeout, .tls = who_.tls, .identity = who_.certificate},
        *this);
    while (!over()) {
      network_.loop().run_until([this] { return over(); }, last_progress_ + limit());
      if (now() - last_progress_ >= limit()) break;
    }
    if (channel_ != nullptr && failed_.empty()) {
      out_.clear();
      if (session_.disconnect(out_)) channel_->send(out_);
      channel_->close();
    }
    if (!failed_.empty()) return environment_failed(failed_);
    if (!all_subscribed()) {
      return environment_failed(
          fmt::format("the broker answered {} of {} subscriptions", subscribed_, expected_.size()));
    }
    account_.missing = account_.expected - account_.delivered - account_.stale - not_judged_;
    account_.expected -= not_judged_;
    return account_;
  }

 private:
  time_point now() const { return network_.loop().now(); }
  bool all_subscribed() const { return subscribed_ >= expected_.size(); }
  duration limit() const { return all_subscribed() ? quiet_time : who_.timeout; }
  bool over() const {
    return !failed_.empty() ||
           (all_subscribed() &&
            account_.delivered + account_.stale + not_judged_ >= expected_.size());
  }

  void on_open(net::channel& channel) override {
    mqtt::connect request{.protocol_version = who_.version,
                          .client_id = fmt::format("gauntlet-late-joiner-{}", ::getpid()),
                          .user_name = who_.login.user_name};
    if (who_.login.password) {
      request.password = byte_buffer(who_.login.password->begin(), who_.login.password->end());
    }
    out_.clear();
    if (const auto sent = session_.connect(request, out_); !sent) {
      failed_ = "it cannot be asked: " + sent.error().message();
      return;
    }
    channel.send(out_);
  }

  void on_bytes(net::channel& channel, byte_view bytes) override {
    last_progress_ = now();
    out_.clear();
    const auto received = session_.receive(bytes, *this, out_);
    if (!received) failed_ = "the broker broke the protocol: " + std::string(received.error().rule);
    if (!out_.empty()) channel.send(out_);
  }

  void on_end(net::channel&, const net::channel_end& end) override {
    if (failed_.empty()) failed_ = describe_end(end);
  }

  void on_connack(const mqtt::connack& answer) override {
    if (answer.reason_code != mqtt::reason_code::success) {
      failed_ = describe_code(answer.reason_code, mqtt::packet_type::connack);
      return;
    }
    ask_next();
  }

  void ask_next() {
    mqtt::subscribe request;
    for (std::size_t i = subscribed_; i < expected_.size() && i < subscribed_ + filters_at_once;
         ++i) {
      request.subscriptions.push_back({.topic_filter = expected_[i].topic_name});
    }
    if (request.subscriptions.empty()) return;
    if (const auto sent = session_.subscribe(std::move(request), 0, out_); !sent) {
      failed_ = "it cannot be subscribed to: " + sent.error().message();
    }
  }

  void on_suback(std::uint64_t, const mqtt::suback& answer) override {
    for (const mqtt::reason_code code : answer.reason_codes) {
      // What may not be read cannot be judged.
      if (mqtt::is_error(code)) ++not_judged_;
    }
    subscribed_ += answer.reason_codes.size();
    ask_next();
  }

  void on_publish(const mqtt::publish_view& message, bool) override {
    const auto found = values_.find(std::string(message.topic_name));
    if (found == values_.end()) return;
    const retained_value& value = *std::exchange(found->second, &seen_);
    if (&value == &seen_) return;
    auto mark = read_stamp_property(message.properties);
    // A compact stamp tells its stream and number without the time.
    if (!mark) mark = read_stamp(message.payload, {.run_id = who_.run_id});
    const bool latest = mark && mark->run_id == who_.run_id && mark->stream == value.stream &&
                        mark->sequence == value.sequence;
    ++(latest ? account_.delivered : account_.stale);
  }

  void on_acknowledged(std::uint64_t, mqtt::qos, mqtt::reason_code) override {}
  mqtt::publish_view on_resend(std::uint64_t, std::uint16_t) override { return {}; }
  void on_discarded(std::uint64_t, mqtt::qos, bool) override {}
  void on_disconnect(const mqtt::disconnect& packet) override {
    failed_ = describe_code(packet.reason_code, mqtt::packet_type::disconnect);
  }

  net::network& network_;
  const late_joiner& who_;
  const std::vector<retained_value>& expected_;
  mqtt::client_session session_;
  std::unique_ptr<net::channel> channel_;
  std::unordered_map<std::string, const retained_value*> values_;
  retained_value seen_;  // stands for a topic that has come
  record::retained_account account_;
  std::size_t subscribed_ = 0;
  std::uint64_t not_judged_ = 0;
  time_point last_progress_{};
  std::string failed_;
  byte_buffer out_;
};

}  // namespace

outcome<record::retained_account> check_retained(net::network& network, const late_joiner& who,
                                                 const std::vector<retained_value>& expected) {
  return looker(network, who, expected).run();
}

}  // namespace gauntlet::sim
