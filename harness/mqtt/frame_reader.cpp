#include "harness/mqtt/frame_reader.hpp"

#include <algorithm>

#include "harness/mqtt/fixed_header.hpp"

namespace gauntlet::mqtt {

/// The front of a packet whose rest has not come yet, or the error that ended the stream.
struct frame_reader::partial {
  byte_buffer bytes;
  std::size_t frame_size = 0;  // 0 as long as the fixed header is not complete
  std::optional<decode_error> error;
};

namespace {

/// Never reserves more than this on the word of a fixed header; what has really come may double.
constexpr std::size_t reserve_max = 1'024;

decode_error error_of(const rule& broken, std::size_t offset, std::string_view subject,
                      protocol_version version) noexcept {
  wire_reader reader({}, 0, version);
  reader.fail(broken, offset, subject);
  return reader.error();
}

/// The size of the packet at the front of `bytes`, fixed header included; 0 if its fixed header is
/// not complete.
boost::system::result<std::size_t, decode_error> frame_size_of(byte_view bytes,
                                                               std::uint32_t packet_size_max,
                                                               protocol_version version) noexcept {
  using state = remaining_length_field::state;
  if (bytes.empty()) return std::size_t{0};
  const auto length = read_remaining_length(bytes.subspan(1));
  if (length.found == state::unfinished) return std::size_t{0};
  if (length.found == state::too_long) {
    return error_of(rules::four_length_bytes, 1, "Remaining Length", version);
  }
  const std::size_t size = std::size_t{1} + length.size + length.value;
  if (size > packet_size_max) {
    return error_of(rules::packet_size, 1, "Remaining Length", version);
  }
  return size;
}

}  // namespace

void frame_reader::delete_partial::operator()(partial* p) const noexcept { delete p; }

std::size_t frame_reader::pending() const noexcept {
  return partial_ && !partial_->error ? partial_->bytes.size() : 0;
}

byte_view frame_reader::unanswered() const noexcept {
  if (!partial_) return {};
  const bool answered = !partial_->error && partial_->bytes.size() == partial_->frame_size;
  return answered ? byte_view() : byte_view(partial_->bytes);
}

boost::system::result<byte_view, decode_error> frame_reader::fail(const decode_error& error) {
  if (!partial_) partial_.reset(new partial);
  partial_->error = error;
  return error;
}

boost::system::result<byte_view, decode_error> frame_reader::next(byte_view& input) {
  if (partial_) return next_in_pieces(input);
  const auto size = frame_size_of(input, packet_size_max_, version_);
  if (!size) return fail(size.error());
  if (*size != 0 && *size <= input.size()) {
    const byte_view frame = input.first(*size);
    input = input.subspan(*size);
    return frame;
  }
  if (input.empty()) return byte_view{};
  partial_.reset(new partial);
  partial_->frame_size = *size;
  return next_in_pieces(input);
}

boost::system::result<byte_view, decode_error> frame_reader::next_in_pieces(byte_view& input) {
  partial& held = *partial_;
  if (held.error) return *held.error;
  if (held.frame_size != 0 && held.bytes.size() == held.frame_size) {
    // This packet was answered by the call before.
    partial_.reset();
    return next(input);
  }
  while (held.frame_size == 0 && !input.empty()) {
    held.bytes.push_back(input.front());
    input = input.subspan(1);
    const auto size = frame_size_of(held.bytes, packet_size_max_, version_);
    if (!size) return fail(size.error());
    held.frame_size = *size;
  }
  if (held.frame_size == 0) return byte_view{};
  held.bytes.reserve(std::min(held.frame_size, reserve_max));
  const std::size_t count = std::min(held.frame_size - held.bytes.size(), input.size());
  held.bytes.insert(held.bytes.end(), input.begin(),
                    input.begin() + static_cast<std::ptrdiff_t>(count));
  input = input.subspan(count);
  if (held.bytes.size() < held.frame_size) return byte_view{};
  return byte_view(held.bytes);
}

}  // namespace gauntlet::mqtt
