// The reader cuts a stream into the same packets however the stream was split.

#include "harness/mqtt/frame_reader.hpp"

#include <gtest/gtest.h>

#include "tests/unit/mqtt/golden_packets.hpp"

namespace gauntlet::mqtt {
namespace {

/// Feeds one piece and appends what comes out; false on error.
bool feed(frame_reader& reader, byte_view piece, std::vector<byte_buffer>& frames) {
  for (;;) {
    const auto frame = reader.next(piece);
    if (!frame) return false;
    if (frame->empty()) break;
    frames.emplace_back(frame->begin(), frame->end());
  }
  EXPECT_TRUE(piece.empty()) << "input was left over";
  return true;
}

/// Packets of all fixed header sizes but the longest.
std::vector<byte_buffer> some_packets() {
  return {wire("c0 00"),
          wire("40 02 00 01"),
          wire("30 03 00 01 't'"),
          wire("d0 00"),
          [] {
            byte_buffer bytes = wire("30 ac 02");  // Remaining Length 300
            bytes.resize(3 + 300, 'x');
            return bytes;
          }(),
          wire("e0 00")};
}

byte_buffer joined(const std::vector<byte_buffer>& packets) {
  byte_buffer stream;
  for (const byte_buffer& one : packets) stream.insert(stream.end(), one.begin(), one.end());
  return stream;
}

TEST(FrameReader, AnswersAllPacketsOfOneInput) {
  const auto packets = some_packets();
  frame_reader reader;
  std::vector<byte_buffer> frames;
  ASSERT_TRUE(feed(reader, joined(packets), frames));
  EXPECT_EQ(frames, packets);
}

TEST(FrameReader, AnswersTheSameForEverySplitInTwo) {
  const auto packets = some_packets();
  const byte_buffer stream = joined(packets);
  for (std::size_t at = 0; at <= stream.size(); ++at) {
    SCOPED_TRACE(at);
    frame_reader reader;
    std::vector<byte_buffer> frames;
    ASSERT_TRUE(feed(reader, byte_view(stream).first(at), frames));
    ASSERT_TRUE(feed(reader, byte_view(stream).subspan(at), frames));
    EXPECT_EQ(frames, packets);
    EXPECT_EQ(reader.pending(), 0U);
  }
}

TEST(FrameReader, AnswersTheSameForEverySplitInThreeOfTheHeaders) {
  const std::vector<byte_buffer> packets = {wire("c0 00"), wire("40 02 00 01"), wire("d0 80 00"),
                                            wire("e0 00")};
  const byte_buffer stream = joined(packets);
  for (std::size_t first = 0; first <= stream.size(); ++first) {
    for (std::size_t second = first; second <= stream.size(); ++second) {
      frame_reader reader;
      std::vector<byte_buffer> frames;
      const byte_view all = stream;
      ASSERT_TRUE(feed(reader, all.first(first), frames));
      ASSERT_TRUE(feed(reader, all.subspan(first, second - first), frames));
      ASSERT_TRUE(feed(reader, all.subspan(second), frames));
      ASSERT_EQ(frames, packets) << first << " " << second;
    }
  }
}

TEST(FrameReader, AnswersTheSameForPiecesOfAnySize) {
  const auto packets = some_packets();
  const byte_buffer stream = joined(packets);
  for (std::size_t piece = 1; piece <= 40; ++piece) {
    frame_reader reader;
    std::vector<byte_buffer> frames;
    for (std::size_t at = 0; at < stream.size(); at += piece) {
      const std::size_t size = std::min(piece, stream.size() - at);
      ASSERT_TRUE(feed(reader, byte_view(stream).subspan(at, size), frames));
    }
    EXPECT_EQ(frames, packets) << piece;
  }
}

TEST(FrameReader, AnswersWholePacketsInPlace) {
  const byte_buffer stream = joined(some_packets());
  frame_reader reader;
  byte_view input = stream;
  std::size_t offset = 0;
  while (!input.empty()) {
    const auto frame = reader.next(input);
    ASSERT_TRUE(frame.has_value());
    EXPECT_EQ(frame->data(), stream.data() + offset);
    offset += frame->size();
  }
  EXPECT_EQ(offset, stream.size());
}

TEST(FrameReader, KeepsOnlyTheUnfinishedPacket) {
  frame_reader reader;
  byte_buffer stream = joined(some_packets());
  stream.resize(stream.size() - 1);
  std::vector<byte_buffer> frames;
  ASSERT_TRUE(feed(reader, stream, frames));
  EXPECT_EQ(frames.size(), some_packets().size() - 1);
  EXPECT_EQ(reader.pending(), 1U);
}

TEST(FrameReader, IsSmall) { EXPECT_LE(sizeof(frame_reader), 2 * sizeof(void*)); }

TEST(FrameReader, RefusesALargePacketBeforeItsBody) {
  const byte_buffer header = wire("30 62");  // 100 bytes with the fixed header
  std::vector<byte_buffer> frames;
  frame_reader exact(100);
  EXPECT_TRUE(feed(exact, header, frames));
  frame_reader reader(99);
  byte_view input = header;
  const auto frame = reader.next(input);
  ASSERT_FALSE(frame.has_value());
  EXPECT_EQ(frame.error().reason_code, reason_code::packet_too_large);
  EXPECT_EQ(frame.error().kind, error_kind::protocol_error);
  EXPECT_EQ(frame.error().offset, 1U);
}

TEST(FrameReader, RefusesALargePacketWhoseHeaderComesInPieces) {
  frame_reader reader(1000);
  std::vector<byte_buffer> frames;
  EXPECT_TRUE(feed(reader, wire("30"), frames));
  EXPECT_TRUE(feed(reader, wire("ff"), frames));
  EXPECT_FALSE(feed(reader, wire("7f"), frames));
  EXPECT_EQ(reader.pending(), 0U);
}

TEST(FrameReader, GivesBackWhatItHasTakenAndNotAnswered) {
  frame_reader reader;
  std::vector<byte_buffer> frames;
  EXPECT_TRUE(reader.unanswered().empty());
  EXPECT_TRUE(feed(reader, wire("c0 00 30 05 00"), frames));
  EXPECT_EQ(frames.size(), 1U);
  EXPECT_EQ(byte_buffer(reader.unanswered().begin(), reader.unanswered().end()), wire("30 05 00"));

  frame_reader lost;
  EXPECT_TRUE(feed(lost, wire("10 ff ff"), frames));
  const byte_buffer rest = wire("ff ff 01");
  byte_view input = rest;
  EXPECT_FALSE(lost.next(input));
  EXPECT_EQ(byte_buffer(lost.unanswered().begin(), lost.unanswered().end()),
            wire("10 ff ff ff ff"));
  EXPECT_EQ(input.size(), 1U);

  frame_reader whole;
  EXPECT_TRUE(feed(whole, wire("c0"), frames));
  EXPECT_TRUE(feed(whole, wire("00"), frames));
  EXPECT_TRUE(whole.unanswered().empty());
}

TEST(FrameReader, DoesNotReserveWhatAHeaderPromises) {
  frame_reader reader;
  std::vector<byte_buffer> frames;
  EXPECT_TRUE(feed(reader, wire("30 ff ff ff 7f 00"), frames));  // 256 MiB to come
  EXPECT_EQ(reader.pending(), 6U);
}

TEST(FrameReader, RefusesFiveBytesOfRemainingLength) {
  for (const std::size_t piece : {1U, 2U, 5U}) {
    frame_reader reader;
    const byte_buffer bytes = wire("c0 80 80 80 80 00");
    std::vector<byte_buffer> frames;
    bool ok = true;
    for (std::size_t at = 0; ok && at < bytes.size(); at += piece) {
      ok = feed(reader, byte_view(bytes).subspan(at, std::min(piece, bytes.size() - at)), frames);
    }
    EXPECT_FALSE(ok) << piece;
    EXPECT_TRUE(frames.empty());
  }
}

TEST(FrameReader, StaysFailed) {
  frame_reader reader;
  byte_buffer bad = wire("c0 ff ff ff ff");
  byte_view input = bad;
  const auto first = reader.next(input);
  ASSERT_FALSE(first.has_value());
  EXPECT_EQ(first.error().section, "1.5.5");
  byte_buffer good = wire("c0 00");
  input = good;
  const auto second = reader.next(input);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error(), first.error());
}

TEST(FrameReader, CitesTheVersionItIsToldOf) {
  frame_reader reader;
  reader.set_version(protocol_version::v3_1_1);
  byte_buffer bad = wire("c0 ff ff ff ff");
  byte_view input = bad;
  const auto frame = reader.next(input);
  ASSERT_FALSE(frame.has_value());
  EXPECT_EQ(frame.error().section, "2.2.3");
  EXPECT_EQ(frame.error().version, protocol_version::v3_1_1);
}

}  // namespace
}  // namespace gauntlet::mqtt
