// Payloads of Sparkplug: golden bytes that protoc would write too, values of each type there and
// back, and the place of the stamp.

#include "sim/sparkplug/payload.hpp"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/plan/stamp.hpp"

namespace gauntlet::sim::sparkplug {
namespace {

using testing::ElementsAre;

TEST(SparkplugPayload, IsWrittenAsItsFieldNumbersSay) {
  payload_writer writer;
  writer.begin(300, std::uint8_t{7});
  writer.add({.name = "ab",
              .alias = 5,
              .timestamp_ms = 2,
              .type = data_type::boolean,
              .names_type = true,
              .value = true});
  byte_buffer out;
  writer.finish(out);
  EXPECT_THAT(out, ElementsAre(0x08, 0xac, 0x02,   // timestamp = 300
                               0x12, 12,           // metrics, 12 bytes
                               0x0a, 2, 'a', 'b',  // name
                               0x10, 5,            // alias
                               0x18, 2,            // timestamp
                               0x20, 11,           // datatype = Boolean
                               0x70, 1,            // boolean_value
                               0x18, 7));          // seq
}

TEST(SparkplugPayload, KeepsValuesOfEachType) {
  struct example {
    data_type type;
    value_view in;
    value out;
  };
  const std::vector<example> examples{
      {data_type::int8, std::int64_t{-5}, std::int64_t{-5}},
      {data_type::int16, std::int64_t{-300}, std::int64_t{-300}},
      {data_type::int32, std::int64_t{-70'000}, std::int64_t{-70'000}},
      {data_type::int64, std::numeric_limits<std::int64_t>::min(),
       std::numeric_limits<std::int64_t>::min()},
      {data_type::uint32, std::int64_t{4'000'000'000}, std::int64_t{4'000'000'000}},
      {data_type::date_time, std::int64_t{1'767'225'600'000}, std::int64_t{1'767'225'600'000}},
      {data_type::real32, 0.5, 0.5},
      {data_type::real64, 21.37, 21.37},
      {data_type::boolean, false, false},
      {data_type::string, std::string_view("running"), std::string("running")},
      {data_type::real64, std::monostate{}, std::monostate{}},
  };
  payload_writer writer;
  for (const example& each : examples) {
    writer.begin(1, std::uint8_t{0});
    writer.add({.name = "x", .type = each.type, .names_type = true, .value = each.in});
    byte_buffer out;
    writer.finish(out);
    const auto read = read_payload(out);
    ASSERT_TRUE(read);
    ASSERT_EQ(read->metrics.size(), 1U);
    EXPECT_EQ(read->metrics[0].value, each.out) << static_cast<int>(each.type);
    EXPECT_EQ(read->metrics[0].type, each.type);
    EXPECT_EQ(read->metrics[0].is_null, std::holds_alternative<std::monostate>(each.in));
  }
}

TEST(SparkplugPayload, HasTheStampWhereReadersLookForIt) {
  for (const bool names_type : {true, false}) {
    payload_writer writer;
    writer.begin(1'767'225'600'000, std::uint8_t{9});
    writer.add({.alias = 1, .timestamp_ms = 4, .value = 1.5});
    byte_buffer out{0xee};  // what stood before is not touched
    writer.finish_stamped(names_type, out);
    out.erase(out.begin());
    const stamp sent{.run_id = 3, .stream = 4, .sequence = 5, .scheduled = duration(6)};
    write_stamp(out, {.offset = stamp_offset, .as = stamp_layout::encoding::binary}, sent);
    EXPECT_EQ(read_stamp(out), sent);

    const auto read = read_payload(out);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->seq, 9U);
    EXPECT_EQ(read->timestamp_ms, 1'767'225'600'000U);
    ASSERT_EQ(read->metrics.size(), 2U);
    EXPECT_EQ(read->metrics[0].name, "_g");
    EXPECT_EQ(read->metrics[0].timestamp_ms, 1'767'225'600'000U);
    EXPECT_EQ(read->metrics[0].type, names_type ? data_type::bytes : data_type::unknown);
    EXPECT_EQ(std::get<std::string>(read->metrics[0].value).size(), stamp_size);
    EXPECT_EQ(read->metrics[1].value, value(1.5));
  }
}

TEST(SparkplugPayload, IsNotWhatStrangersSend) {
  EXPECT_FALSE(read_payload(as_bytes("{\"temperature\": 21}")));
  EXPECT_FALSE(read_payload(byte_buffer{0x12, 0x7f, 0x0a}));  // cut
  EXPECT_TRUE(read_payload({}));  // an empty message is one without fields
}

}  // namespace
}  // namespace gauntlet::sim::sparkplug
