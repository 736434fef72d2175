#include "harness/ws/frame_decoder.hpp"

#include <algorithm>

#include "harness/base/utf8.hpp"

namespace gauntlet::ws {
namespace {

constexpr framing_error reserved_bit{"reserved bit set without an extension", "RFC 6455 §5.2"};
constexpr framing_error reserved_opcode{"reserved opcode", "RFC 6455 §5.2"};
constexpr framing_error text_frame{"text frame where MQTT demands binary", "[MQTT-6.0.0-1]",
                                   close_code::unsupported_data};
constexpr framing_error not_masked{"frame of a client without a mask", "RFC 6455 §5.1"};
constexpr framing_error masked{"frame of a server with a mask", "RFC 6455 §5.1"};
constexpr framing_error long_form{"length not in its shortest form", "RFC 6455 §5.2"};
constexpr framing_error top_bit{"64-bit length with its highest bit set", "RFC 6455 §5.2"};
constexpr framing_error control_fragmented{"fragmented control frame", "RFC 6455 §5.5"};
constexpr framing_error control_too_long{"control frame of more than 125 bytes", "RFC 6455 §5.5"};
constexpr framing_error nothing_to_continue{"continuation frame outside a message",
                                            "RFC 6455 §5.4"};
constexpr framing_error message_unfinished{"new message inside an unfinished one", "RFC 6455 §5.4"};
constexpr framing_error message_too_big{"message longer than the limit", "RFC 6455 §7.4.1",
                                        close_code::message_too_big};
constexpr framing_error close_of_one_byte{"close frame with half a code", "RFC 6455 §5.5.1"};
constexpr framing_error close_code_forbidden{"close code that must not be sent", "RFC 6455 §7.4"};
constexpr framing_error reason_not_utf8{"close reason is not UTF-8", "RFC 6455 §5.5.1",
                                        close_code::invalid_payload};

std::uint64_t big_endian(byte_view bytes) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : bytes) value = value << 8 | byte;
  return value;
}

constexpr bool is_known(std::uint8_t op) { return op <= 0x2 || (op >= 0x8 && op <= 0xA); }

const framing_error* check_close(byte_view payload) {
  if (payload.empty()) return nullptr;
  if (payload.size() == 1) return &close_of_one_byte;
  if (!may_be_sent(static_cast<std::uint16_t>(big_endian(payload.first(2))))) {
    return &close_code_forbidden;
  }
  return is_utf8(as_text(payload.subspan(2))) ? nullptr : &reason_not_utf8;
}

}  // namespace

std::string to_string(const framing_error& error) {
  return std::string(error.rule) + " (" + std::string(error.section) + ")";
}

frame_decoder::frame_decoder(role us, std::uint64_t message_bytes_max)
    : message_bytes_max_(message_bytes_max), us_(us) {}

bool frame_decoder::between_messages() const {
  return stage_ != stage::payload && header_size_ == 0 && !in_message_;
}

boost::system::result<std::optional<event>, framing_error> frame_decoder::next(
    std::span<std::uint8_t>& input) {
  if (stage_ == stage::closed) input = {};
  if (stage_ != stage::payload) control_.reset();
  if (error_ == nullptr && stage_ == stage::header) {
    if (!take_header(input)) {
      if (error_ != nullptr) return *error_;
      return std::optional<event>();
    }
    error_ = begin_payload();
  }
  if (error_ != nullptr) return *error_;
  if (stage_ == stage::closed) return std::optional<event>();
  std::optional<event> found = is_control(static_cast<opcode>(header_[0] & 0xF))
                                   ? take_control(input)
                                   : take_message_bytes(input);
  if (error_ != nullptr) return *error_;
  return found;
}

/// Collects the header; true when it is complete. Its first two bytes are judged as soon as they
/// are there, so that a wrong frame is refused without waiting for the rest of it.
bool frame_decoder::take_header(std::span<std::uint8_t>& input) {
  while (!input.empty()) {
    header_[header_size_++] = input.front();
    input = input.subspan(1);
    if (header_size_ < 2) continue;
    if (header_size_ == 2) error_ = check_first_two();
    if (error_ != nullptr) return false;
    if (header_size_ == header_size_needed()) return true;
  }
  return false;
}

std::size_t frame_decoder::header_size_needed() const {
  const std::uint8_t length7 = header_[1] & 0x7F;
  const std::size_t length_bytes = length7 == 127 ? 8 : length7 == 126 ? 2 : 0;
  return 2 + length_bytes + ((header_[1] & 0x80) != 0 ? mask_.size() : 0);
}

const framing_error* frame_decoder::check_first_two() const {
  const bool fin = (header_[0] & 0x80) != 0;
  const bool has_mask = (header_[1] & 0x80) != 0;
  const std::uint8_t op = header_[0] & 0xF;
  if ((header_[0] & 0x70) != 0) return &reserved_bit;
  if (!is_known(op)) return &reserved_opcode;
  if (us_ == role::server && !has_mask) return &not_masked;
  if (us_ == role::client && has_mask) return &masked;
  if (is_control(static_cast<opcode>(op))) {
    if (!fin) return &control_fragmented;
    return (header_[1] & 0x7F) > control_payload_max ? &control_too_long : nullptr;
  }
  const bool continues = op == static_cast<std::uint8_t>(opcode::continuation);
  if (continues && !in_message_) return &nothing_to_continue;
  if (!continues && in_message_) return &message_unfinished;
  return op == static_cast<std::uint8_t>(opcode::text) ? &text_frame : nullptr;
}

const framing_error* frame_decoder::begin_payload() {
  const std::uint8_t length7 = header_[1] & 0x7F;
  const byte_view header(header_.data(), header_size_);
  frame_bytes_ = length7;
  if (length7 == 126) {
    frame_bytes_ = big_endian(header.subspan(2, 2));
    if (frame_bytes_ < 126) return &long_form;
  } else if (length7 == 127) {
    frame_bytes_ = big_endian(header.subspan(2, 8));
    if (frame_bytes_ >> 63 != 0) return &top_bit;
    if (frame_bytes_ <= 0xFFFF) return &long_form;
  }
  if ((header_[1] & 0x80) != 0) std::ranges::copy(header.last(mask_.size()), mask_.begin());
  header_size_ = 0;
  taken_ = 0;
  stage_ = stage::payload;
  const auto op = static_cast<opcode>(header_[0] & 0xF);
  if (is_control(op)) return nullptr;
  if (op == opcode::binary) message_bytes_ = 0;
  in_message_ = true;
  if (frame_bytes_ > message_bytes_max_ - message_bytes_) return &message_too_big;
  message_bytes_ += frame_bytes_;
  return nullptr;
}

std::optional<event> frame_decoder::take_message_bytes(std::span<std::uint8_t>& input) {
  if (input.empty() && frame_bytes_ > 0) return std::nullopt;
  const auto size =
      static_cast<std::size_t>(std::min<std::uint64_t>(frame_bytes_ - taken_, input.size()));
  const std::span<std::uint8_t> part = input.first(size);
  input = input.subspan(size);
  if (us_ == role::server) apply_mask(part, mask_, taken_);
  taken_ += size;
  const bool frame_done = taken_ == frame_bytes_;
  const bool message_done = frame_done && (header_[0] & 0x80) != 0;
  if (frame_done) stage_ = stage::header;
  if (message_done) in_message_ = false;
  return message_bytes{.bytes = part, .ends_message = message_done};
}

/// Answers a whole control frame; its payload lies in the input if it came in one piece.
std::optional<event> frame_decoder::take_control(std::span<std::uint8_t>& input) {
  const auto size =
      static_cast<std::size_t>(std::min<std::uint64_t>(frame_bytes_ - taken_, input.size()));
  const std::span<std::uint8_t> part = input.first(size);
  input = input.subspan(size);
  const bool whole = taken_ == 0 && size == frame_bytes_;
  if (whole) return finish_control(part);
  if (control_ == nullptr) control_ = std::make_unique<control_buffer>();
  std::ranges::copy(part, control_->begin() + static_cast<std::ptrdiff_t>(taken_));
  taken_ += size;
  if (taken_ < frame_bytes_) return std::nullopt;
  return finish_control(std::span(*control_).first(static_cast<std::size_t>(frame_bytes_)));
}

std::optional<event> frame_decoder::finish_control(std::span<std::uint8_t> payload) {
  if (us_ == role::server) apply_mask(payload, mask_);
  stage_ = stage::header;
  const auto op = static_cast<opcode>(header_[0] & 0xF);
  if (op == opcode::ping) return ping{payload};
  if (op == opcode::pong) return pong{payload};
  error_ = check_close(payload);
  if (error_ != nullptr) return std::nullopt;
  stage_ = stage::closed;
  if (payload.empty()) return close{};
  return close{.code = static_cast<std::uint16_t>(big_endian(payload.first(2))),
               .reason = as_text(payload.subspan(2))};
}

}  // namespace gauntlet::ws
