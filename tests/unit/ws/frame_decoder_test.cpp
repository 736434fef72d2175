// The framing cases of the Autobahn test suite (chapters 1 to 7 and 9) in our words, each run with
// the stream in one piece, byte by byte, and cut in two at every place.
#include "harness/ws/frame_decoder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/ws/raw_frame.hpp"

namespace gauntlet::ws {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr mask_key test_mask = {0xA1, 0x00, 0xFF, 0x5C};

/// Everything that a decoder said about a stream, as lines such as "message hello", "ping x",
/// "close 1000 bye", "error reserved opcode". Pieces of a message are joined; a message that has
/// not ended shows as "part hello".
class reader {
 public:
  explicit reader(role us, std::uint64_t message_bytes_max = UINT64_MAX)
      : decoder_(us, message_bytes_max) {}

  /// Answers whether the stream may go on.
  bool feed(byte_view bytes) {
    byte_buffer copy(bytes.begin(), bytes.end());
    std::span<std::uint8_t> input(copy);
    while (true) {
      const auto found = decoder_.next(input);
      if (!found) {
        lines_.push_back("error " + to_string(found.error()));
        code_ = found.error().code;
        return false;
      }
      if (!*found) break;
      std::visit([this](const auto& event) { add(event); }, **found);
    }
    EXPECT_TRUE(input.empty());
    return true;
  }

  std::vector<std::string> lines() const {
    std::vector<std::string> all = lines_;
    if (message_begun_) all.push_back("part " + message_);
    return all;
  }
  std::optional<close_code> code() const { return code_; }
  const frame_decoder& decoder() const { return decoder_; }

 private:
  void add(const message_bytes& piece) {
    message_begun_ = true;
    message_ += as_text(piece.bytes);
    if (!piece.ends_message) return;
    lines_.push_back("message " + message_);
    message_.clear();
    message_begun_ = false;
  }
  void add(const ping& event) { lines_.push_back("ping " + std::string(as_text(event.payload))); }
  void add(const pong& event) { lines_.push_back("pong " + std::string(as_text(event.payload))); }
  void add(const close& event) {
    lines_.push_back("close " + (event.code ? std::to_string(*event.code) : "none") + " " +
                     std::string(event.reason));
  }

  frame_decoder decoder_;
  std::vector<std::string> lines_;
  std::string message_;
  bool message_begun_ = false;
  std::optional<close_code> code_;
};

std::vector<std::string> read_in_pieces(role us, byte_view stream,
                                        const std::vector<std::size_t>& cuts) {
  reader in_pieces(us);
  std::size_t start = 0;
  for (const std::size_t cut : cuts) {
    if (!in_pieces.feed(stream.subspan(start, cut - start))) return in_pieces.lines();
    start = cut;
  }
  in_pieces.feed(stream.subspan(start));
  return in_pieces.lines();
}

/// Reads the stream whole, then in every other way, which must not make a difference.
std::vector<std::string> read(role us, byte_view stream) {
  const std::vector<std::string> whole = read_in_pieces(us, stream, {});
  std::vector<std::size_t> everywhere;
  for (std::size_t cut = 1; cut < stream.size(); ++cut) {
    everywhere.push_back(cut);
    EXPECT_EQ(read_in_pieces(us, stream, {cut}), whole) << "cut at " << cut;
  }
  EXPECT_EQ(read_in_pieces(us, stream, everywhere), whole) << "byte by byte";
  return whole;
}

/// The frames as a client would send them, read by a server, and the other way round.
std::vector<std::string> read_frames(const std::vector<raw_frame>& frames) {
  byte_buffer from_server, from_client;
  for (raw_frame frame : frames) {
    append_raw(frame, from_server);
    frame.mask = test_mask;
    append_raw(frame, from_client);
  }
  const std::vector<std::string> by_client = read(role::client, from_server);
  EXPECT_EQ(read(role::server, from_client), by_client);
  return by_client;
}

constexpr std::uint8_t continuation = 0x0, text = 0x1, binary = 0x2;
constexpr std::uint8_t close_op = 0x8, ping_op = 0x9, pong_op = 0xA;

raw_frame frame_of(std::uint8_t op, std::string_view payload, bool fin = true) {
  return {.fin = fin, .opcode = op, .payload = as_bytes(payload)};
}

TEST(FrameDecoder, ReadsMessagesOfEveryFormOfLength) {
  for (const std::size_t size : {0U, 1U, 125U, 126U, 127U, 128U, 300U}) {
    const std::string payload(size, 'x');
    EXPECT_THAT(read_frames({frame_of(binary, payload), frame_of(binary, "next")}),
                ElementsAre("message " + payload, "message next"));
  }
}

TEST(FrameDecoder, ReadsLargeMessagesCutInBlocks) {
  for (const std::size_t size : {65535U, 65536U, 1U << 20U}) {
    const std::string payload(size, 'y');
    byte_buffer stream;
    append_frame(opcode::binary, as_bytes(payload), test_mask, stream);
    for (const std::size_t block : {997U, 4096U, 65536U}) {
      reader server(role::server);
      for (std::size_t start = 0; start < stream.size(); start += block) {
        server.feed(byte_view(stream).subspan(start, std::min(block, stream.size() - start)));
      }
      EXPECT_EQ(server.lines(), std::vector{"message " + payload}) << size << " by " << block;
    }
  }
}

TEST(FrameDecoder, HandsOnPayloadBeforeTheMessageIsComplete) {
  byte_buffer stream;
  append_frame(opcode::binary, as_bytes("hello"), std::nullopt, stream);
  reader client(role::client);
  client.feed(byte_view(stream).first(4));
  EXPECT_THAT(client.lines(), ElementsAre("part he"));
  EXPECT_FALSE(client.decoder().between_messages());
}

TEST(FrameDecoder, UnmasksInPlaceWithoutACopy) {
  byte_buffer stream;
  append_frame(opcode::binary, as_bytes("hello"), test_mask, stream);
  frame_decoder server(role::server);
  std::span<std::uint8_t> input(stream);
  const auto found = server.next(input);
  const auto& piece = std::get<message_bytes>(**found);
  EXPECT_EQ(piece.bytes.data(), stream.data() + 6);
  EXPECT_EQ(as_text(piece.bytes), "hello");
}

TEST(FrameDecoder, ReadsPingsAndPongsOfEverySize) {
  const std::string longest(125, 'z');
  EXPECT_THAT(read_frames({frame_of(ping_op, ""), frame_of(ping_op, "a"),
                           frame_of(pong_op, "unasked"), frame_of(ping_op, longest)}),
              ElementsAre("ping ", "ping a", "pong unasked", "ping " + longest));
}

TEST(FrameDecoder, RefusesControlFramesThatAreTooLong) {
  const std::string longer(126, 'z');
  for (const std::uint8_t op : {ping_op, pong_op, close_op}) {
    EXPECT_THAT(read_frames({frame_of(op, longer)}),
                ElementsAre("error control frame of more than 125 bytes (RFC 6455 §5.5)"));
  }
}

TEST(FrameDecoder, RefusesReservedBits) {
  for (std::uint8_t bits = 1; bits <= 7; ++bits) {
    for (const std::uint8_t op : {binary, ping_op, close_op}) {
      raw_frame frame = frame_of(op, "");
      frame.reserved_bits = bits;
      EXPECT_THAT(read_frames({frame_of(binary, "before"), frame}),
                  ElementsAre("message before", HasSubstr("error reserved bit set")));
    }
  }
}

TEST(FrameDecoder, RefusesReservedOpcodes) {
  for (const int op : {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
    EXPECT_THAT(read_frames({frame_of(static_cast<std::uint8_t>(op), "x")}),
                ElementsAre(HasSubstr("error reserved opcode")));
  }
}

TEST(FrameDecoder, RefusesTextBecauseMqttIsBinary) {
  EXPECT_THAT(read_frames({frame_of(text, "x")}),
              ElementsAre("error text frame where MQTT demands binary ([MQTT-6.0.0-1])"));
  byte_buffer stream;
  append_raw(frame_of(text, "x"), stream);
  reader client(role::client);
  client.feed(stream);
  EXPECT_EQ(client.code(), close_code::unsupported_data);
}

TEST(FrameDecoder, RefusesTheWrongMask) {
  byte_buffer masked, unmasked;
  append_frame(opcode::binary, as_bytes("x"), test_mask, masked);
  append_frame(opcode::binary, as_bytes("x"), std::nullopt, unmasked);
  EXPECT_THAT(read(role::server, unmasked), ElementsAre(HasSubstr("client without a mask")));
  EXPECT_THAT(read(role::client, masked), ElementsAre(HasSubstr("server with a mask")));
}

TEST(FrameDecoder, RefusesLengthsInALongerFormThanNeeded) {
  const std::string medium(125, 'x');
  raw_frame frame = frame_of(binary, medium);
  frame.form = length_form::bits16;
  EXPECT_THAT(read_frames({frame}), ElementsAre(HasSubstr("length not in its shortest form")));
  frame.form = length_form::bits64;
  EXPECT_THAT(read_frames({frame}), ElementsAre(HasSubstr("length not in its shortest form")));
  EXPECT_THAT(read_frames({{.length = 65535, .form = length_form::bits64}}),
              ElementsAre(HasSubstr("length not in its shortest form")));
  EXPECT_THAT(read_frames({{.length = std::uint64_t{1} << 63}}),
              ElementsAre(HasSubstr("highest bit set")));
}

TEST(FrameDecoder, JoinsFragmentsWithControlFramesBetween) {
  EXPECT_THAT(read_frames({frame_of(binary, "a", false), frame_of(ping_op, "1"),
                           frame_of(continuation, "", false), frame_of(pong_op, "2"),
                           frame_of(continuation, "bc", false), frame_of(continuation, "d"),
                           frame_of(binary, "e")}),
              ElementsAre("ping 1", "pong 2", "message abcd", "message e"));
}

TEST(FrameDecoder, RefusesFragmentedControlFrames) {
  for (const std::uint8_t op : {ping_op, pong_op, close_op}) {
    EXPECT_THAT(read_frames({frame_of(op, "x", false)}),
                ElementsAre(HasSubstr("error fragmented control frame")));
  }
}

TEST(FrameDecoder, RefusesContinuationOfNothing) {
  for (const bool fin : {true, false}) {
    EXPECT_THAT(read_frames({frame_of(continuation, "x", fin)}),
                ElementsAre(HasSubstr("error continuation frame outside a message")));
    EXPECT_THAT(read_frames({frame_of(binary, "a", false), frame_of(continuation, "b"),
                             frame_of(continuation, "x", fin)}),
                ElementsAre("message ab", HasSubstr("continuation frame outside a message")));
  }
}

TEST(FrameDecoder, RefusesAMessageInsideAnother) {
  EXPECT_THAT(read_frames({frame_of(binary, "a", false), frame_of(binary, "b")}),
              ElementsAre(HasSubstr("error new message inside an unfinished one"), "part a"));
}

TEST(FrameDecoder, ReadsCloseAndDropsWhatFollows) {
  EXPECT_THAT(read_frames({frame_of(close_op, ""), frame_of(binary, "late")}),
              ElementsAre("close none "));
  const std::string longest = "\x03\xE8" + std::string(123, 'r');
  EXPECT_THAT(read_frames({frame_of(close_op, longest), frame_of(ping_op, "late")}),
              ElementsAre("close 1000 " + std::string(123, 'r')));
}

TEST(FrameDecoder, KnowsTheCloseCodesThatMayBeSent) {
  const auto read_code = [](int code) {
    const std::string payload = {static_cast<char>(code >> 8), static_cast<char>(code)};
    return read_frames({frame_of(close_op, payload)});
  };
  for (const int code : {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014,
                         3000, 3999, 4000, 4999}) {
    EXPECT_THAT(read_code(code), ElementsAre("close " + std::to_string(code) + " "));
  }
  for (const int code : {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535}) {
    EXPECT_THAT(read_code(code), ElementsAre(HasSubstr("close code that must not be sent")))
        << code;
  }
}

TEST(FrameDecoder, RefusesMalformedClose) {
  EXPECT_THAT(read_frames({frame_of(close_op, "\x03")}), ElementsAre(HasSubstr("half a code")));
  EXPECT_THAT(read_frames({frame_of(close_op, "\x03\xE8 \xED\xA0\x80")}),
              ElementsAre(HasSubstr("close reason is not UTF-8")));
  byte_buffer stream;
  append_raw(frame_of(close_op, "\x03\xE8\xFF"), stream);
  reader client(role::client);
  client.feed(stream);
  EXPECT_EQ(client.code(), close_code::invalid_payload);
}

TEST(FrameDecoder, RefusesAMessageOverTheLimitAtItsHeader) {
  const auto read_limited = [](const std::vector<raw_frame>& frames) {
    reader client(role::client, 10);
    byte_buffer stream;
    for (const raw_frame& frame : frames) append_raw(frame, stream);
    client.feed(stream);
    return client;
  };
  EXPECT_THAT(read_limited({frame_of(binary, "0123456789")}).lines(),
              ElementsAre("message 0123456789"));
  // Header only, no payload yet.
  const reader refused = read_limited({{.length = 11}});
  EXPECT_THAT(refused.lines(), ElementsAre(HasSubstr("message longer than the limit")));
  EXPECT_EQ(refused.code(), close_code::message_too_big);
  // The frames of a message count together, those of the next one anew.
  EXPECT_THAT(read_limited({frame_of(binary, "012345", false), frame_of(continuation, "6789"),
                            frame_of(binary, "0123", false), frame_of(continuation, "4567890")})
                  .lines(),
              ElementsAre("message 0123456789", HasSubstr("longer than the limit"), "part 0123"));
}

TEST(FrameDecoder, AnswersTheSameErrorAgain) {
  reader client(role::client);
  EXPECT_FALSE(client.feed(byte_buffer{0xF2}) && client.feed(byte_buffer{0x00}));
  EXPECT_FALSE(client.feed(byte_buffer{0x82, 0x00}));
  EXPECT_THAT(client.lines(), ElementsAre(HasSubstr("reserved bit"), HasSubstr("reserved bit")));
}

TEST(FrameDecoder, JudgesTheFirstTwoBytesWithoutWaitingForTheRest) {
  reader server(role::server);
  EXPECT_FALSE(server.feed(byte_buffer{0x82, 0x7E}));
  EXPECT_THAT(server.lines(), ElementsAre(HasSubstr("without a mask")));
}

TEST(FrameDecoder, StaysSmallWhileIdle) { EXPECT_LE(sizeof(frame_decoder), 80U); }

}  // namespace
}  // namespace gauntlet::ws
