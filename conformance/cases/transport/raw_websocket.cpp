#include "conformance/cases/transport/raw_websocket.hpp"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/frame_reader.hpp"
#include "harness/mqtt/packet_text.hpp"
#include "harness/ws/handshake.hpp"
#include "harness/ws/raw_frame.hpp"

namespace gauntlet::conformance {
namespace {

constexpr ws::mask_key mask = {0x37, 0xFA, 0x21, 0x3D};

// The bytes that a WebSocket listener gets are those of TCP or TLS.
net::endpoint carrier_of(net::endpoint where) {
  where.transport =
      where.transport == net::transport::wss ? net::transport::tls : net::transport::tcp;
  return where;
}

}  // namespace

raw_websocket::raw_websocket(context& test, std::string_view subprotocols) : test_(test) {
  if (test_.over()) return;
  const net::endpoint& where = *test_.where().websocket;
  const net::dial_options how{.timeout = test_.answer_limit(), .tls = test_.where().tls};
  channel_ = test_.where().network.dial(carrier_of(where), how, *this);
  const std::array<std::uint8_t, 16> nonce{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
  if (wait_until([&] { return open_ || ended_; }) && open_) {
    const std::string host = fmt::format("{}:{}", where.host, where.port);
    const std::string key = ws::make_key(nonce);
    channel_->send(as_bytes(
        ws::to_http({.host = host, .path = where.path, .key = key, .subprotocol = subprotocols})));
    wait_until([&] { return upgraded_ || !trouble_.empty() || ended_; });
  }
  if (upgraded_) return;
  test_.block({.client = "websocket",
               .expected = "an upgrade to WebSocket",
               .observed = trouble_.empty() ? "none" : trouble_,
               .signature = "no WebSocket upgrade"});
}

void raw_websocket::send_frame(std::uint8_t opcode, byte_view payload, bool last) {
  if (test_.over()) return;
  byte_buffer bytes;
  ws::append_raw({.fin = last, .opcode = opcode, .mask = mask, .payload = payload}, bytes);
  channel_->send(bytes);
}

mqtt::packet raw_websocket::expect_packet(mqtt::packet_type type) {
  if (test_.over()) return {};
  wait_until([&] { return !packets_.empty() || !trouble_.empty() || closing_ || ended_; });
  const std::string expected = fmt::format("{} in binary frames", mqtt::packet_type_name(type));
  if (!trouble_.empty()) {
    fail(expected, trouble_);
  } else if (packets_.empty()) {
    fail(expected, closing_ || ended_ ? "the end of the connection" : "nothing");
  } else {
    mqtt::packet came = std::move(packets_.front());
    packets_.pop_front();
    if (mqtt::type_of(came) == type) return came;
    fail(expected, mqtt::to_text(came, test_.version()));
  }
  return {};
}

void raw_websocket::expect_close() {
  if (test_.over()) return;
  wait_until([&] { return !packets_.empty() || closing_ || ended_; });
  if (!packets_.empty()) {
    fail("the end of the connection", mqtt::to_text(packets_.front(), test_.version()));
  } else if (!closing_ && !ended_) {
    fail("the end of the connection", "nothing");
  }
}

void raw_websocket::on_open(net::channel&) { open_ = true; }

void raw_websocket::on_bytes(net::channel&, byte_view bytes) {
  if (!upgraded_) {
    if (answer_.take(bytes) != ws::head_collector::progress::complete) return;
    const auto head = ws::parse_head(answer_.text());
    if (!head || head->start_line.find(" 101") == std::string_view::npos) {
      trouble_ = head ? std::string(head->start_line) : "an answer that is no HTTP";
      return;
    }
    subprotocol_ = head->find("Sec-WebSocket-Protocol").value_or("");
    upgraded_ = true;
  }
  frames_.insert(frames_.end(), bytes.begin(), bytes.end());
  take_frames();
}

// Frames of a server have no mask: two bytes, maybe more of length, payload (RFC 6455 §5.2).
void raw_websocket::take_frames() {
  while (frames_.size() >= 2) {
    const unsigned opcode = frames_[0] & 0x0FU;
    std::size_t header = 2;
    std::size_t size = frames_[1] & 0x7FU;
    if (size >= 126) {
      const std::size_t width = size == 126 ? 2 : 8;
      if (frames_.size() < 2 + width) return;
      size = 0;
      for (std::size_t i = 0; i < width; ++i) size = size << 8U | frames_[2 + i];
      header += width;
    }
    if (frames_.size() < header + size) return;
    const auto begin = frames_.begin() + static_cast<std::ptrdiff_t>(header);
    const auto end = begin + static_cast<std::ptrdiff_t>(size);
    if (opcode == 8) closing_ = true;
    if (opcode == 1) trouble_ = "a text frame";
    if (opcode == 0 || opcode == 2) stream_.insert(stream_.end(), begin, end);
    frames_.erase(frames_.begin(), end);
  }
  mqtt::frame_reader reader;
  byte_view rest = stream_;
  for (;;) {
    const byte_view before = rest;
    const auto packet = reader.next(rest);
    if (!packet.has_value()) {
      trouble_ = mqtt::describe(packet.error());
      return;
    }
    if (packet->empty()) {
      stream_ = byte_buffer(before.begin(), before.end());
      return;
    }
    auto decoded = mqtt::decode(*packet, test_.version(), mqtt::sender::server);
    if (decoded.has_value()) {
      packets_.push_back(std::move(*decoded));
    } else {
      trouble_ = mqtt::describe(decoded.error());
    }
  }
}

void raw_websocket::on_end(net::channel&, const net::channel_end& end) {
  ended_ = true;
  if (!upgraded_ && trouble_.empty()) trouble_ = end.detail;
}

bool raw_websocket::wait_until(const std::function<bool()>& condition) {
  event_loop& loop = test_.where().network.loop();
  return loop.run_until(condition, loop.now() + test_.allowed(test_.answer_limit()));
}

void raw_websocket::fail(std::string expected, std::string observed) {
  std::string signature = expected + " -> otherwise";
  test_.fail({.client = "websocket",
              .expected = std::move(expected),
              .observed = std::move(observed),
              .signature = std::move(signature)});
}

}  // namespace gauntlet::conformance
