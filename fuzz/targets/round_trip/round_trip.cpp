// Fuzz target: a packet that is written is read as the same packet, and nothing short of the whole
// of it is a packet.
//
//   byte 0   bit 0: MQTT 5.0; bit 1: from the server; bit 2: any values, not only legal ones
//   others   decisions about one packet after the other (fuzz/targets/parts/packet_maker.hpp)

#include <algorithm>
#include <variant>

#include "fuzz/targets/parts/packet_maker.hpp"
#include "harness/base/assert.hpp"
#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/packet_text.hpp"
#include "harness/mqtt/raw_packet.hpp"

namespace gauntlet::fuzz {
namespace {

using namespace gauntlet::mqtt;

/// Every proper beginning of a packet, with a Remaining Length that fits, lacks something or is
/// another packet; with its own Remaining Length it is none at all.
void check_beginnings(byte_view whole, packet_style style) {
  for (std::size_t size = 0; size < std::min<std::size_t>(whole.size(), 40); ++size) {
    GAUNTLET_ASSERT(!decode(whole.first(size), style.version, style.from).has_value());
  }
}

void check(const packet& made, packet_style style) {
  const byte_buffer before{1, 2, 3};
  byte_buffer bytes = before;
  const auto encoded = encode(made, style.version, bytes);
  if (!encoded) {
    GAUNTLET_ASSERT(!style.legal && bytes == before);
    return;
  }
  GAUNTLET_ASSERT(std::equal(before.begin(), before.end(), bytes.begin()));
  bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(before.size()));
  GAUNTLET_ASSERT(raw_packet::of(made, style.version).bytes() == bytes);

  const std::string line = to_text(made, style.version);
  GAUNTLET_ASSERT(!line.empty() && line.find('\n') == line.npos);

  const auto decoded = decode(bytes, style.version, style.from);
  GAUNTLET_ASSERT(decoded.has_value() || !style.legal);
  if (!decoded) return;
  packet expected = made;
  if (auto* const message = std::get_if<publish>(&expected);
      message != nullptr && message->qos == qos::at_most_once) {
    message->packet_identifier = 0;  // is not written
  }
  GAUNTLET_ASSERT(*decoded == expected);
  check_beginnings(bytes, style);
}

void run(byte_view bytes) {
  input_reader input(bytes);
  const std::uint8_t choice = input.byte();
  const packet_style style{
      .version = (choice & 1U) != 0 ? protocol_version::v5 : protocol_version::v3_1_1,
      .from = (choice & 2U) != 0 ? sender::server : sender::client,
      .legal = (choice & 4U) == 0};
  packet_maker maker(input, style);
  if (style.from == sender::client) check(maker.make_connect(), style);
  while (!input.empty()) check(maker.make(), style);
}

}  // namespace
}  // namespace gauntlet::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  gauntlet::fuzz::run({data, size});
  return 0;
}
