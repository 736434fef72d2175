#pragma once

// Reads WebSocket frames from a stream cut anywhere, for connections that carry MQTT: payload bytes
// are handed on as they come, in the caller's own buffer, and messages are never collected. So an
// idle connection keeps no buffer, and neither does a busy one.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include <boost/system/result.hpp>

#include "harness/base/bytes.hpp"
#include "harness/ws/frame.hpp"

namespace gauntlet::ws {

/// A rule that the peer has broken.
struct framing_error {
  std::string_view rule;                         ///< in our words, such as "reserved bit set"
  std::string_view section;                      ///< such as "RFC 6455 §5.2"
  close_code code = close_code::protocol_error;  ///< what to close with
};

/// "reserved bit set (RFC 6455 §5.2)".
std::string to_string(const framing_error& error);

/// Some payload bytes of a binary message, unmasked. Empty only for an empty frame.
struct message_bytes {
  byte_view bytes;
  bool ends_message = false;
};
/// A ping, which wants a pong with the same payload (RFC 6455 §5.5.2).
struct ping {
  byte_view payload;
};
/// A pong, asked for or not.
struct pong {
  byte_view payload;
};
/// The peer's last frame. No code: the close frame was empty.
struct close {
  std::optional<std::uint16_t> code;
  std::string_view reason;
};

/// What one step of decoding found. Views are valid until the next call or the end of the input's
/// life, whichever is first.
using event = std::variant<message_bytes, ping, pong, close>;

/// The incremental decoder of one direction of one connection.
class frame_decoder {
 public:
  /// `us` is the end that receives: a server demands masks, a client refuses them. A message longer
  /// than `message_bytes_max` is an error as soon as the header that says so is complete.
  explicit frame_decoder(role us, std::uint64_t message_bytes_max = UINT64_MAX);

  /// Takes bytes off the front of `input`, unmasking them where they lie, up to and including the
  /// next event. No event: all input is used up. After a close all further input is dropped; after
  /// an error every call answers the same error.
  boost::system::result<std::optional<event>, framing_error> next(std::span<std::uint8_t>& input);

  /// Whether the stream so far ends between two messages, that is, where it may politely end.
  bool between_messages() const;

 private:
  using control_buffer = std::array<std::uint8_t, control_payload_max>;
  enum class stage : std::uint8_t { header, payload, closed };

  bool take_header(std::span<std::uint8_t>& input);
  std::size_t header_size_needed() const;
  const framing_error* check_first_two() const;
  const framing_error* begin_payload();
  std::optional<event> take_message_bytes(std::span<std::uint8_t>& input);
  std::optional<event> take_control(std::span<std::uint8_t>& input);
  std::optional<event> finish_control(std::span<std::uint8_t> payload);

  std::uint64_t message_bytes_max_;
  std::uint64_t message_bytes_ = 0;  ///< announced so far for the message under way
  std::uint64_t frame_bytes_ = 0;    ///< payload length of the frame under way
  std::uint64_t taken_ = 0;          ///< payload bytes of it that have come
  const framing_error* error_ = nullptr;
  std::unique_ptr<control_buffer> control_;  ///< of a control frame cut in two, until the next call
  std::array<std::uint8_t, frame_header_max> header_{};
  mask_key mask_{};
  std::uint8_t header_size_ = 0;
  role us_;
  stage stage_ = stage::header;
  bool in_message_ = false;
};

}  // namespace gauntlet::ws
