#include "harness/net/websocket_channel.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "harness/ws/raw_frame.hpp"

namespace gauntlet::net {
namespace {

/// How much is read or sent at a time through a buffer on the stack. Reading takes what a network
/// reads at a time, so that one read leads to one on_bytes; sending takes a TLS record.
constexpr std::size_t read_piece_bytes = 65536;
constexpr std::size_t send_piece_bytes = 16384;

/// With more than this waiting to be sent, pings are no longer answered.
constexpr std::size_t pong_backlog_max = 65536;

std::string describe(const ws::close& close) {
  if (!close.code) return "close frame without a code";
  std::string words = "close frame with code " + std::to_string(*close.code);
  if (!close.reason.empty()) words.append(": ").append(close.reason);
  return words;
}

}  // namespace

/// Joined payload at the front of the piece, and how the connection ends behind it, if it does.
struct websocket_channel::found {
  std::size_t payload_bytes = 0;
  std::optional<ws::close_code> answer;  ///< the close code to end with
  end_kind kind = end_kind::finished;
  std::string detail;
};

websocket_channel::websocket_channel(ws::role us, std::unique_ptr<channel> carrier,
                                     seeded_stream masks)
    : carrier_(std::move(carrier)), decoder_(us), draws_(masks), us_(us) {
  carrier_->set_handler(*this);
}

void websocket_channel::receive(byte_view bytes) {
  if (stage_ != stage::open) return;
  const std::weak_ptr<const void> still_here = life();
  std::array<std::uint8_t, read_piece_bytes> piece;  // not cleared: only what is copied is touched
  while (!bytes.empty()) {
    const std::size_t size = std::min(bytes.size(), piece.size());
    std::memcpy(piece.data(), bytes.data(), size);
    bytes = bytes.subspan(size);
    const found read = read_piece(std::span(piece).first(size));
    if (read.payload_bytes > 0) {
      handler_->on_bytes(*this, byte_view(piece).first(read.payload_bytes));
      if (still_here.expired() || stage_ != stage::open) return;
    }
    if (!read.answer) continue;
    send_close(*read.answer);
    carrier_->close();
    return end(read.kind, read.detail);
  }
}

/// Reads the frames of one piece, moves their payload together and answers pings.
websocket_channel::found websocket_channel::read_piece(std::span<std::uint8_t> piece) {
  found so_far;
  std::span<std::uint8_t> rest = piece;
  while (true) {
    const auto event = decoder_.next(rest);
    if (!event) {
      so_far.answer = event.error().code;
      so_far.kind = end_kind::framing_failed;
      so_far.detail = ws::to_string(event.error());
      return so_far;
    }
    if (!*event) return so_far;
    if (const auto* message = std::get_if<ws::message_bytes>(&**event)) {
      if (message->bytes.empty()) continue;
      std::memmove(piece.data() + so_far.payload_bytes, message->bytes.data(),
                   message->bytes.size());
      so_far.payload_bytes += message->bytes.size();
    } else if (const auto* ping = std::get_if<ws::ping>(&**event)) {
      // Pongs may be left out (RFC 6455 §5.5.3 asks for the latest only), so that a peer that sends
      // them and reads nothing cannot make us keep pongs without end.
      if (carrier_->backlog_bytes() <= pong_backlog_max) {
        send_frame(ws::opcode::pong, ping->payload);
      }
    } else if (const auto* close = std::get_if<ws::close>(&**event)) {
      // The answer repeats the code (RFC 6455 §5.5.1).
      so_far.answer = static_cast<ws::close_code>(
          close->code.value_or(static_cast<std::uint16_t>(ws::close_code::normal)));
      so_far.detail = describe(*close);
      return so_far;
    }
  }
}

std::size_t websocket_channel::send(byte_view bytes) {
  if (stage_ != stage::open || bytes.empty()) return 0;
  return send_frame(ws::opcode::binary, bytes);
}

std::size_t websocket_channel::send_frame(ws::opcode op, byte_view payload) {
  ws::raw_frame frame = {.opcode = static_cast<std::uint8_t>(op), .payload = payload};
  if (us_ == ws::role::client) {
    frame.mask = ws::to_mask(static_cast<std::uint32_t>(draws_.next_u64() >> 32));
  }
  std::array<std::uint8_t, send_piece_bytes> piece;  // not cleared: only what is sent is touched
  std::size_t used = ws::write_raw_header(frame, std::span(piece).first<ws::frame_header_max>());
  std::size_t sent = 0;
  std::size_t kept = 0;
  do {
    const std::size_t size = std::min(payload.size() - sent, piece.size() - used);
    const std::span<std::uint8_t> part = std::span(piece).subspan(used, size);
    std::ranges::copy(payload.subspan(sent, size), part.begin());
    if (frame.mask) ws::apply_mask(part, *frame.mask, sent);
    kept += carrier_->send(byte_view(piece).first(used + size));
    sent += size;
    used = 0;
  } while (sent < payload.size());
  return kept;
}

void websocket_channel::send_close(ws::close_code code) {
  const auto number = static_cast<std::uint16_t>(code);
  const std::array<std::uint8_t, 2> payload = {static_cast<std::uint8_t>(number >> 8),
                                               static_cast<std::uint8_t>(number & 0xFF)};
  send_frame(ws::opcode::close, payload);
}

void websocket_channel::close() {
  if (stage_ == stage::open) send_close(ws::close_code::normal);
  if (stage_ != stage::over) carrier_->close();
  stage_ = stage::over;
}

void websocket_channel::abort() {
  if (stage_ != stage::over) carrier_->abort();
  stage_ = stage::over;
}

void websocket_channel::end(end_kind kind, std::string detail) {
  stage_ = stage::over;
  handler_->on_end(*this, {kind, std::move(detail)});
}

void websocket_channel::on_drained(channel&) {
  if (stage_ == stage::open) handler_->on_drained(*this);
}

void websocket_channel::on_end(channel&, const channel_end& carrier_end) {
  if (stage_ == stage::over) return;
  if (carrier_end.kind != end_kind::finished) return end(carrier_end.kind, carrier_end.detail);
  end(end_kind::finished, decoder_.between_messages()
                              ? "the peer ended without a WebSocket close frame"
                              : "the peer ended inside a WebSocket message");
}

}  // namespace gauntlet::net
