// Fuzz target: each frame of any bytes either fails to decode with a complete error or decodes to a
// packet that survives encoding and decoding again. How streams are cut is the target framing's.
//
//   byte 0   bit 0: MQTT 5.0; bit 1: from the server
//   others   the byte stream

#include <cstdint>
#include <variant>

#include "harness/base/assert.hpp"
#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/frame_reader.hpp"
#include "harness/mqtt/publish_view.hpp"

namespace gauntlet::mqtt {
namespace {

constexpr std::uint32_t packet_size_max = 1U << 20U;

void check_error(const decode_error& error, std::size_t size) {
  GAUNTLET_ASSERT(!error.rule.empty() && !error.section.empty() && !error.subject.empty());
  GAUNTLET_ASSERT(error.offset <= size);
  GAUNTLET_ASSERT(is_error(error.reason_code));
}

void check_publish(byte_view frame, const publish& owned, protocol_version version, sender from) {
  const auto view = decode_publish(frame, version, from);
  GAUNTLET_ASSERT(view.has_value());
  GAUNTLET_ASSERT(to_publish(*view) == owned);
}

void check_frame(byte_view frame, protocol_version version, sender from) {
  const auto decoded = decode(frame, version, from);
  if (!decoded) {
    check_error(decoded.error(), frame.size());
    GAUNTLET_ASSERT(!decode_publish(frame, version, from).has_value());
    return;
  }
  if (const auto* message = std::get_if<publish>(&*decoded)) {
    check_publish(frame, *message, version, from);
  }
  byte_buffer again;
  GAUNTLET_ASSERT(encode(*decoded, version, again).has_value());
  GAUNTLET_ASSERT(again.size() <= frame.size());
  const auto twice = decode(again, version, from);
  GAUNTLET_ASSERT(twice.has_value());
  GAUNTLET_ASSERT(*twice == *decoded);
}

void run(byte_view input) {
  if (input.empty()) return;
  const unsigned choice = input[0];
  const byte_view stream = input.subspan(1);
  const auto version = (choice & 1U) != 0 ? protocol_version::v5 : protocol_version::v3_1_1;
  const sender from = (choice & 2U) != 0 ? sender::server : sender::client;
  frame_reader reader(packet_size_max);
  for (byte_view rest = stream;;) {
    const auto frame = reader.next(rest);
    if (!frame || frame->empty()) break;
    check_frame(*frame, version, from);
  }
  check_frame(stream, version, from);  // whether or not it is one whole packet
}

}  // namespace
}  // namespace gauntlet::mqtt

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  gauntlet::mqtt::run({data, size});
  return 0;
}
