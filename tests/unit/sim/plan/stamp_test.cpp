// Goal: a stamp is read back as it was written, and nothing else is taken for one.

#include "sim/plan/stamp.hpp"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "harness/base/seeded_stream.hpp"

namespace gauntlet::sim {
namespace {

using encoding = stamp_layout::encoding;

constexpr stamp sample{.run_id = 0xdeadbeef,
                       .stream = 70'000,
                       .sequence = 12,
                       .scheduled = duration(1'500'000'000),
                       .sent = duration(-1)};

byte_buffer stamped(stamp_layout where, std::string_view before, std::string_view after) {
  byte_buffer payload(before.begin(), before.end());
  payload.resize(payload.size() + where.size(), 0xff);
  payload.insert(payload.end(), after.begin(), after.end());
  write_stamp(payload, where, sample);
  return payload;
}

byte_buffer binary() { return stamped({0, encoding::binary}, "", "rest"); }
byte_buffer text() { return stamped({0, encoding::hexadecimal}, "", " hello"); }
byte_buffer json() {
  return stamped({static_cast<std::uint32_t>(json_stamp_prefix.size()), encoding::hexadecimal},
                 json_stamp_prefix, "\",\"a\":1}");
}

byte_buffer in_map(std::string_view prefix) {
  return stamped({static_cast<std::uint32_t>(prefix.size()), encoding::binary}, prefix, "more");
}

TEST(Stamp, IsReadBackFromEachKindOfPayload) {
  EXPECT_EQ(read_stamp(binary()), sample);
  EXPECT_EQ(read_stamp(text()), sample);
  EXPECT_EQ(read_stamp(json()), sample);
  for (const std::string_view prefix :
       {"\xa1\x62_g\x58\x24", "\xb7\x62_g\x58\x24", "\xb8\xc8\x62_g\x58\x24", "\x81\xa2_g\xc4\x24",
        "\x8f\xa2_g\xc4\x24", "\xde\x01\x10\xa2_g\xc4\x24"}) {
    EXPECT_EQ(read_stamp(in_map(prefix)), sample) << to_hex(as_bytes(prefix));
  }
  EXPECT_EQ(read_stamp(in_map("\xa1\x62_h\x58\x24")), std::nullopt);
}

TEST(Stamp, IsReadBackFromTheEnd) {
  const stamp_layout at_end{.as = encoding::binary, .at_end = true};
  for (const std::string_view before : {"", "x", "anything else that stands before"}) {
    byte_buffer payload(before.begin(), before.end());
    payload.resize(payload.size() + stamp_size_bytes);
    write_stamp(payload, at_end, sample);
    EXPECT_EQ(read_stamp(payload), sample);
    EXPECT_TRUE(as_text(payload).starts_with(before));
    payload.push_back(0);
    EXPECT_TRUE(before.empty() == (read_stamp(payload) == sample));  // then it is at the beginning
  }
}

TEST(Stamp, IsReadBackFromUserProperties) {
  byte_buffer properties;
  append_stamp_property(sample, properties);
  EXPECT_EQ(read_stamp_property(properties), sample);
  EXPECT_EQ(to_hex(byte_view(properties).first(7)), "26 00 02 5f 67 00 48");
  byte_buffer more{0x26, 0, 1, 'a', 0, 1, 'b'};
  EXPECT_EQ(read_stamp_property(more), std::nullopt);
  append_stamp_property(sample, more);
  EXPECT_EQ(read_stamp_property(more), sample);
  more.back() ^= 1U;
  EXPECT_EQ(read_stamp_property(more), std::nullopt);
  EXPECT_EQ(read_stamp_property(byte_buffer{0x26, 0, 2, '_', 'g', 0, 1, 'b'}), std::nullopt);
  EXPECT_EQ(read_stamp_property({}), std::nullopt);
}

TEST(Stamp, HasTheDocumentedBytes) {
  EXPECT_EQ(to_hex(byte_view(binary()).first(stamp_size_bytes - 4)),
            "ab 1e 57 a9 ef be ad de 70 11 01 00 0c 00 00 00 00 2f 68 59 00 00 00 00 ff ff ff ff "
            "ff ff ff ff");
  EXPECT_TRUE(as_text(text()).starts_with("ab1e57a9efbeadde701101000c000000"));
  EXPECT_TRUE(as_text(json()).starts_with("{\"_g\":\"ab1e57a9efbeadde"));
}

TEST(Stamp, LeavesTheRestOfThePayloadAlone) {
  EXPECT_TRUE(as_text(binary()).ends_with("rest"));
  EXPECT_EQ(as_text(text()).substr(stamp_size_digits), " hello");
  EXPECT_EQ(as_text(json()).substr(json_stamp_prefix.size() + stamp_size_digits), "\",\"a\":1}");
}

TEST(Stamp, NoticesEverySingleBitFlip) {
  for (const byte_buffer& payload : {binary(), text(), json()}) {
    const bool is_json = payload[0] == '{';
    const std::size_t begin = is_json ? json_stamp_prefix.size() : 0;
    const std::size_t size = payload[0] == 0xab ? stamp_size_bytes : stamp_size_digits;
    for (std::size_t bit = 0; bit < (begin + size) * 8; ++bit) {
      byte_buffer damaged = payload;
      damaged[bit / 8] = static_cast<std::uint8_t>(damaged[bit / 8] ^ (1U << (bit % 8)));
      EXPECT_EQ(read_stamp(damaged), std::nullopt) << bit;
    }
  }
}

TEST(Stamp, NoticesEveryTruncation) {
  for (const byte_buffer& payload : {binary(), text(), json()}) {
    const std::size_t tail = payload[0] == 0xab ? 4 : payload[0] == '{' ? 8 : 6;
    for (std::size_t length = 0; length < payload.size() - tail; ++length) {
      EXPECT_EQ(read_stamp(byte_view(payload).first(length)), std::nullopt) << length;
    }
    EXPECT_EQ(read_stamp(byte_view(payload).first(payload.size() - tail)), sample);
  }
}

TEST(Stamp, IsNotFoundInPayloadsOfStrangers) {
  for (const std::string& foreign :
       {std::string(), std::string(200, 'a'), std::string(200, '0'), std::string(200, '\0'),
        std::string(200, '\xab'), std::string("{\"_g\":\"") + std::string(72, '0') + "\"}",
        std::string("{\"_g\":1}"), std::string("{\"g\":\"x\"}") + std::string(90, ' '),
        "ab1e57a9" + std::string(64, '0')}) {
    EXPECT_EQ(read_stamp(as_bytes(foreign)), std::nullopt) << foreign;
  }
  // A stamp elsewhere than at its place does not count.
  std::string shifted(as_text(text()));
  EXPECT_EQ(read_stamp(as_bytes(" " + shifted)), std::nullopt);
  std::transform(shifted.begin(), shifted.end(), shifted.begin(), [](char c) {
    return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  EXPECT_EQ(read_stamp(as_bytes(shifted)), std::nullopt);

  seeded_stream draws(1, "foreign", "", 0);
  for (int i = 0; i < 10'000; ++i) {
    byte_buffer noise(stamp_size_digits);
    draws.bytes(noise);
    noise[0] = 0xab;
    EXPECT_EQ(read_stamp(noise), std::nullopt);
  }
}

TEST(Stamp, RoundTripsAnyValues) {
  seeded_stream draws(2, "stamps", "", 0);
  for (int i = 0; i < 10'000; ++i) {
    const stamp what{.run_id = static_cast<std::uint32_t>(draws.next_u64()),
                     .stream = static_cast<std::uint32_t>(draws.next_u64()),
                     .sequence = static_cast<std::uint32_t>(draws.next_u64()),
                     .scheduled = duration(draws.between(INT64_MIN, INT64_MAX)),
                     .sent = duration(draws.between(INT64_MIN, INT64_MAX))};
    byte_buffer payload(stamp_size_digits);
    write_stamp(payload, {0, encoding::hexadecimal}, what);
    ASSERT_EQ(read_stamp(payload), what);
    write_stamp(payload, {0, encoding::binary}, what);
    ASSERT_EQ(read_stamp(payload), what);
  }
}

}  // namespace
}  // namespace gauntlet::sim
