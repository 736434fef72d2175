#include "fuzz/execution/steady_client.hpp"

#include <variant>

#include "harness/mqtt/codec.hpp"

namespace gauntlet::fuzz {
namespace {

constexpr auto version = mqtt::protocol_version::v3_1_1;

}  // namespace

std::string unguessable_name(seeded_stream& draws) {
  std::string name;
  for (int i = 0; i < 32; ++i) name += "0123456789abcdef"[draws.below(16)];
  return name;
}

bool steady_client::connect(const address& where, const std::string& client_id, bool clean_session,
                            std::chrono::milliseconds wait) {
  received_.clear();
  used_ = 0;
  reader_ = mqtt::frame_reader();
  socket_.open(where, wait);
  mqtt::connect hello;
  hello.protocol_version = version;
  hello.client_id = client_id;
  hello.clean_start = clean_session;
  if (!send(hello)) return false;
  const auto answer = next_of<mqtt::connack>(wait);
  if (!answer || answer->reason_code != mqtt::reason_code::success) return false;
  session_present_ = answer->session_present;
  return true;
}

bool steady_client::ping(std::chrono::milliseconds wait) {
  return send(mqtt::pingreq{}) && next_of<mqtt::pingresp>(wait).has_value();
}

bool steady_client::send(const mqtt::packet& request) {
  byte_buffer bytes;
  if (!mqtt::encode(request, version, bytes)) return false;
  socket_.send(bytes, received_, std::chrono::seconds(1));
  return socket_.is_open();
}

std::optional<mqtt::packet> steady_client::next(std::chrono::milliseconds wait) {
  const auto deadline = std::chrono::steady_clock::now() + wait;
  for (;;) {
    byte_view rest = byte_view(received_).subspan(used_);
    const auto frame = reader_.next(rest);
    used_ = received_.size() - rest.size();
    if (!frame) return std::nullopt;
    if (!frame->empty()) {
      auto decoded = mqtt::decode(*frame, version, mqtt::sender::server);
      if (!decoded) return std::nullopt;
      return std::move(*decoded);
    }
    received_.clear();
    used_ = 0;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    if (left.count() < 0 || !socket_.wait_readable(left)) return std::nullopt;
    socket_.receive(received_);
    if (received_.empty()) return std::nullopt;
  }
}

void steady_client::disconnect() {
  send(mqtt::disconnect{});
  socket_.close();
}

}  // namespace gauntlet::fuzz
