#pragma once

// Cuts a byte stream, split anywhere, into whole packets. It looks at the fixed header only; what
// is in a packet is for decode(). An idle reader owns no memory.

#include <cstdint>
#include <memory>

#include "harness/base/bytes.hpp"
#include "harness/base/result.hpp"
#include "harness/mqtt/codec_error.hpp"
#include "harness/mqtt/protocol.hpp"

namespace gauntlet::mqtt {

/// The state of one direction of one connection:
///
///   byte_view input = received;
///   for (;;) {
///     auto frame = reader.next(input);
///     if (!frame) return fail(frame.error());  // the stream is lost from here on
///     if (frame->empty()) break;               // all input taken, more is needed
///     handle(*frame);
///   }
class frame_reader {
 public:
  /// `packet_size_max` bounds a packet, fixed header included; a larger one is an error
  /// (packet_too_large) as soon as its fixed header has been read.
  explicit frame_reader(std::uint32_t packet_size_max = packet_size_limit) noexcept
      : packet_size_max_(packet_size_max) {}

  /// Takes bytes from the front of `input` and answers the next whole packet, or an empty view once
  /// `input` is used up. A packet that is complete in `input` is answered in place; the view of one
  /// that came in pieces lives until the next call. After an error the answer stays an error.
  boost::system::result<byte_view, decode_error> next(byte_view& input);

  /// A new limit, for packets whose fixed header has not been read yet.
  void set_packet_size_max(std::uint32_t bytes) noexcept { packet_size_max_ = bytes; }
  std::uint32_t packet_size_max() const noexcept { return packet_size_max_; }

  /// The version whose sections errors cite; 5.0 if not told.
  void set_version(protocol_version version) noexcept { version_ = version; }

  /// How many bytes of an unfinished packet are held.
  std::size_t pending() const noexcept;

  /// What has been taken of a packet and never been answered: that of an unfinished packet, or,
  /// after an error, the beginning of the packet that is wrong, which the input then no longer has.
  /// For who passes on what he does not understand.
  byte_view unanswered() const noexcept;

 private:
  struct partial;
  struct delete_partial {
    void operator()(partial* p) const noexcept;
  };

  boost::system::result<byte_view, decode_error> next_in_pieces(byte_view& input);
  boost::system::result<byte_view, decode_error> fail(const decode_error& error);

  std::unique_ptr<partial, delete_partial> partial_;
  std::uint32_t packet_size_max_;
  protocol_version version_ = protocol_version::v5;
};

}  // namespace gauntlet::mqtt
