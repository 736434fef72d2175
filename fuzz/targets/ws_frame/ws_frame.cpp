// The WebSocket frame decoder against streams cut anywhere: it must say the same whatever the cuts,
// never write outside its input, and stay with its error.
//
// Input: one byte (bit 0: server or client; bit 1: small message limit), one byte that sets how the
// stream is cut, then the stream.

#include <algorithm>
#include <string>
#include <vector>

#include "harness/base/assert.hpp"
#include "harness/ws/frame_decoder.hpp"

namespace {

using namespace gauntlet;

/// What a decoder said so far, with the pieces of a message joined.
struct transcript {
  std::string text;
  bool failed = false;

  void add(const ws::message_bytes& piece) {
    text += as_text(piece.bytes);
    if (piece.ends_message) text += "|message";
  }
  void add(const ws::ping& event) { text.append("|ping ").append(as_text(event.payload)); }
  void add(const ws::pong& event) { text.append("|pong ").append(as_text(event.payload)); }
  void add(const ws::close& event) {
    text.append("|close ").append(std::to_string(event.code.value_or(0))).append(event.reason);
  }
};

void feed(ws::frame_decoder& decoder, byte_view bytes, transcript& said) {
  byte_buffer copy(bytes.begin(), bytes.end());  // of exact size, so that sanitizers see overruns
  std::span<std::uint8_t> rest(copy);
  while (true) {
    const auto event = decoder.next(rest);
    if (!event) {
      if (!said.failed) said.text.append("|error ").append(to_string(event.error()));
      said.failed = true;
      return;
    }
    if (!*event) break;
    GAUNTLET_ASSERT(!said.failed);
    std::visit([&said](const auto& what) { said.add(what); }, **event);
  }
  GAUNTLET_ASSERT(rest.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const auto us = (data[0] & 1) != 0 ? ws::role::server : ws::role::client;
  const std::uint64_t limit = (data[0] & 2) != 0 ? 100 : UINT64_MAX;
  const byte_view stream(data + 2, size - 2);

  ws::frame_decoder at_once(us, limit);
  transcript expected;
  feed(at_once, stream, expected);

  ws::frame_decoder in_pieces(us, limit);
  transcript said;
  unsigned cut = data[1];
  for (std::size_t start = 0; start < stream.size();) {
    cut = cut * 1664525U + 1013904223U;
    const std::size_t piece = std::min<std::size_t>(stream.size() - start, (cut >> 24) % 9);
    feed(in_pieces, stream.subspan(start, piece), said);
    start += piece;
  }
  GAUNTLET_ASSERT(said.text == expected.text);
  GAUNTLET_ASSERT(in_pieces.between_messages() == at_once.between_messages() || said.failed);
  return 0;
}
