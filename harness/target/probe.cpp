#include "harness/target/probe.hpp"

#include <array>
#include <cstdio>
#include <unistd.h>
#include <utility>

#include "harness/base/bytes.hpp"
#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/frame_reader.hpp"

namespace gauntlet::target {
namespace {

constexpr std::uint32_t answer_size_max = 64 * 1024;

/// The code as the client saw it on the wire, with its name.
std::string refusal(const mqtt::connack& answer, mqtt::protocol_version version) {
  auto code = static_cast<unsigned>(answer.reason_code);
  if (version == mqtt::protocol_version::v3_1_1) {
    const auto returned = mqtt::connect_return_code_of(answer.reason_code);
    if (returned) code = static_cast<unsigned>(*returned);
  }
  std::array<char, 8> hex{};
  std::snprintf(hex.data(), hex.size(), "0x%02X", code);
  return "refused the CONNECT: " + std::string(hex.data()) + " " +
         std::string(mqtt::reason_code_name(answer.reason_code));
}

}  // namespace

/// One connection from dial to answer.
class pending_probe::attempt : public net::channel_handler {
 public:
  attempt(net::network& network, const net::endpoint& where, probe_options options)
      : loop_(network.loop()),
        deadline_(loop_.now() + options.timeout),
        options_(std::move(options)),
        reader_(answer_size_max),
        channel_(network.dial(where, {.timeout = options_.timeout, .tls = options_.tls}, *this)) {}

  bool is_done() const { return result_.has_value() || loop_.now() >= deadline_; }

  probe_result result() const {
    if (result_) return *result_;
    if (opened_) return {probe_answer::silent, "did not answer the CONNECT in time"};
    return {probe_answer::unreachable, "could not be connected to in time"};
  }

  void on_open(net::channel& channel) override {
    opened_ = true;
    mqtt::connect packet{.protocol_version = options_.version,
                         .client_id = "gauntlet-probe-" + std::to_string(::getpid()),
                         .keep_alive_s = 60};
    if (options_.login) {
      packet.user_name = options_.login->user_name;
      const byte_view password = as_bytes(options_.login->password);
      packet.password.emplace(password.begin(), password.end());
    }
    byte_buffer bytes;
    if (const auto encoded = mqtt::encode(packet, options_.version, bytes); !encoded) {
      return finish(channel, probe_answer::unreachable,
                    "cannot be asked: " + mqtt::describe(encoded.error()));
    }
    channel.send(bytes);
  }

  void on_bytes(net::channel& channel, byte_view bytes) override {
    // What is no CONNACK is told at once: as a packet it might never be complete.
    if (reader_.pending() == 0 && mqtt::packet_type_of(bytes[0]) != mqtt::packet_type::connack) {
      return not_mqtt(channel, to_hex(bytes, 8));
    }
    const auto frame = reader_.next(bytes);
    if (frame && frame->empty()) return;
    if (!frame) return not_mqtt(channel, mqtt::describe(frame.error()));
    const auto packet = mqtt::decode(*frame, options_.version, mqtt::sender::server);
    if (!packet) return not_mqtt(channel, mqtt::describe(packet.error()));
    const auto& answer = std::get<mqtt::connack>(*packet);
    if (mqtt::is_error(answer.reason_code)) {
      return finish(channel, probe_answer::refused, refusal(answer, options_.version));
    }
    byte_buffer farewell;
    if (mqtt::encode(mqtt::disconnect{}, options_.version, farewell)) channel.send(farewell);
    finish(channel, probe_answer::accepted, "accepted the CONNECT");
  }

  void on_end(net::channel&, const net::channel_end& end) override {
    if (opened_) {
      const std::string how =
          std::string(net::to_string(end.kind)) + (end.detail.empty() ? "" : ": ") + end.detail;
      result_ = {probe_answer::ended, "ended the connection after CONNECT (" + how + ")"};
    } else {
      result_ = {probe_answer::unreachable, "cannot be reached: " + end.detail};
    }
  }

 private:
  void not_mqtt(net::channel& channel, const std::string& what) {
    finish(channel, probe_answer::not_mqtt, "answered the CONNECT with no CONNACK: " + what);
  }

  void finish(net::channel& channel, probe_answer answer, std::string detail) {
    channel.close();
    result_ = {answer, std::move(detail)};
  }

  event_loop& loop_;
  time_point deadline_;
  probe_options options_;
  mqtt::frame_reader reader_;
  bool opened_ = false;
  std::optional<probe_result> result_;
  std::unique_ptr<net::channel> channel_;  // last: its events need the members above
};

pending_probe::pending_probe(net::network& network, const net::endpoint& where,
                             probe_options options)
    : attempt_(std::make_unique<attempt>(network, where, std::move(options))) {}

pending_probe::~pending_probe() = default;

bool pending_probe::is_done() const { return attempt_->is_done(); }

probe_result pending_probe::result() const { return attempt_->result(); }

probe_result probe(net::network& network, const net::endpoint& where,
                   const probe_options& options) {
  const pending_probe one(network, where, options);
  event_loop& loop = network.loop();
  loop.run_until([&one] { return one.is_done(); }, loop.now() + options.timeout);
  return one.result();
}

}  // namespace gauntlet::target
