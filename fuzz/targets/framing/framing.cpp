// Fuzz target: a stream is cut into the same packets whatever pieces it comes in, and into those
// that a simple reading of the Remaining Length finds. MQTT 5.0 §1.5.5, §2.1.4
//
//   byte 0   largest packet: times 8, plus 2
//   byte 1   how many sizes of pieces follow; they are used in turn
//   others   the stream

#include <algorithm>
#include <vector>

#include "fuzz/targets/parts/input_reader.hpp"
#include "harness/base/assert.hpp"
#include "harness/mqtt/frame_reader.hpp"

namespace gauntlet::fuzz {
namespace {

/// What came of a stream.
struct framed {
  std::vector<byte_buffer> frames;
  bool failed = false;
  byte_buffer unanswered;  ///< of an unfinished packet; not looked at after an error
  friend bool operator==(const framed&, const framed&) = default;
};

framed read_in_pieces(byte_view stream, byte_view sizes, std::uint32_t packet_size_max) {
  framed all;
  mqtt::frame_reader reader(packet_size_max);
  for (std::size_t turn = 0; !stream.empty() && !all.failed; ++turn) {
    const std::size_t size = sizes.empty() ? stream.size() : sizes[turn % sizes.size()] + 1U;
    byte_view piece = stream.first(std::min(size, stream.size()));
    stream = stream.subspan(piece.size());
    for (;;) {
      const auto frame = reader.next(piece);
      all.failed = !frame.has_value();
      if (all.failed || frame->empty()) break;
      all.frames.emplace_back(frame->begin(), frame->end());
    }
    GAUNTLET_ASSERT(all.failed || piece.empty());
  }
  if (all.failed) {
    // Once wrong, always wrong; and nothing of the input is lost.
    byte_view more = stream;
    GAUNTLET_ASSERT(!reader.next(more).has_value() && reader.pending() == 0);
    return all;
  }
  GAUNTLET_ASSERT(reader.pending() == reader.unanswered().size());
  const byte_view left = reader.unanswered();
  all.unanswered.assign(left.begin(), left.end());
  return all;
}

framed read_simply(byte_view stream, std::uint32_t packet_size_max) {
  framed all;
  while (!stream.empty()) {
    std::size_t length = 0;
    std::size_t factor = 1;
    std::size_t at = 1;
    bool more = true;
    for (; more && at < 5 && at < stream.size(); ++at) {
      length += (stream[at] % 128U) * factor;
      factor *= 128;
      more = stream[at] >= 128;
    }
    all.failed = more ? at == 5 : at + length > packet_size_max;
    if (all.failed) break;
    if (more || at + length > stream.size()) {
      all.unanswered.assign(stream.begin(), stream.end());
      break;
    }
    const byte_view frame = stream.first(at + length);
    all.frames.emplace_back(frame.begin(), frame.end());
    stream = stream.subspan(frame.size());
  }
  return all;
}

void run(byte_view bytes) {
  input_reader input(bytes);
  const std::uint32_t packet_size_max = input.byte() * 8U + 2U;
  const byte_view sizes = input.bytes(input.byte() % 16U);
  const byte_view stream = input.rest();
  const framed expected = read_simply(stream, packet_size_max);
  GAUNTLET_ASSERT(read_in_pieces(stream, {}, packet_size_max) == expected);
  GAUNTLET_ASSERT(read_in_pieces(stream, sizes, packet_size_max) == expected);
}

}  // namespace
}  // namespace gauntlet::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  gauntlet::fuzz::run({data, size});
  return 0;
}
