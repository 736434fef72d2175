// Goal: what our edge nodes write, others read: protoc decodes births, data and deaths, stamps
// included, by the description of the format.

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/plan/stamp.hpp"
#include "sim/sparkplug/edge_node.hpp"
#include "tests/support/temporary_directory.hpp"

namespace gauntlet::sim::sparkplug {
namespace {

using testing::HasSubstr;
using testing::Not;

struct fixed_values final : value_source {
  value_view value_of(std::size_t metric) override {
    const value_view all[] = {21.5, std::string_view("busy"), true, std::int64_t{-7},
                              std::monostate{}};
    return all[metric];
  }
};

const unit_facts facts{{.name = "temperature", .alias = 300, .type = data_type::real64},
                       {.name = "state", .alias = 301, .type = data_type::string},
                       {.name = "running", .alias = 302, .type = data_type::boolean},
                       {.name = "position/step", .alias = 303, .type = data_type::int64},
                       {.name = "missing", .alias = 304, .type = data_type::real64}};

/// What protoc says of a payload.
std::string decode(byte_buffer payload) {
  write_stamp(payload, {.offset = stamp_offset, .as = stamp_layout::encoding::binary},
              {.run_id = 1, .stream = 2, .sequence = 3});
  const test::temporary_directory folder;
  const std::string in = folder.write("payload", std::string(as_text(payload)));
  const std::string out = folder.file("said");
  const std::string command = GAUNTLET_PROTOC " --proto_path=" GAUNTLET_ROOT
                                              " --decode=sparkplug_b.Payload "
                                              "sim/sparkplug/sparkplug_b.proto < " +
                              in + " > " + out + " 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0);
  std::ifstream said(out);
  std::stringstream all;
  all << said.rdbuf();
  return all.str();
}

TEST(SparkplugDecoder, ReadsBirths) {
  edge_writer writer;
  fixed_values values;
  byte_buffer out;
  writer.append_node_birth(facts, 17, {.timestamp_ms = 1'767'225'600'123, .seq = 0}, values, out);
  const std::string said = decode(out);
  EXPECT_THAT(said, HasSubstr("timestamp: 1767225600123\n"));
  EXPECT_THAT(said, HasSubstr("seq: 0\n"));
  EXPECT_THAT(said, HasSubstr("metrics {\n  name: \"_g\"\n  timestamp: 1767225600123\n  datatype: "
                              "17\n  bytes_value: "));
  EXPECT_THAT(said, HasSubstr("  name: \"bdSeq\"\n  timestamp: 1767225600123\n  datatype: 4\n  "
                              "long_value: 17\n"));
  EXPECT_THAT(said, HasSubstr("  name: \"Node Control/Rebirth\"\n  timestamp: 1767225600123\n  "
                              "datatype: 11\n  boolean_value: false\n"));
  EXPECT_THAT(said, HasSubstr("  name: \"temperature\"\n  alias: 300\n  timestamp: "
                              "1767225600123\n  datatype: 10\n  double_value: 21.5\n"));
  EXPECT_THAT(said, HasSubstr("  name: \"state\"\n  alias: 301\n  timestamp: 1767225600123\n  "
                              "datatype: 12\n  string_value: \"busy\"\n"));
  EXPECT_THAT(said, HasSubstr("  datatype: 4\n  long_value: 18446744073709551609\n"));
  EXPECT_THAT(said, HasSubstr("  name: \"missing\"\n  alias: 304\n  timestamp: 1767225600123\n  "
                              "datatype: 10\n  is_null: true\n"));
}

TEST(SparkplugDecoder, ReadsDataAndDeaths) {
  edge_writer writer;
  fixed_values values;
  byte_buffer data;
  writer.append_data(facts, {.timestamp_ms = 5, .seq = 255, .is_historical = true}, values, data);
  const std::string said = decode(data);
  EXPECT_THAT(said, HasSubstr("seq: 255\n"));
  EXPECT_THAT(said, HasSubstr("  alias: 300\n  timestamp: 5\n  is_historical: true\n  "
                              "double_value: 21.5\n"));
  EXPECT_THAT(said, Not(HasSubstr("temperature")));
  byte_buffer death;
  writer.append_node_death(9, 5, death);
  EXPECT_THAT(decode(death), HasSubstr("long_value: 9\n"));
  EXPECT_THAT(decode(death), Not(HasSubstr("seq: ")));
}

}  // namespace
}  // namespace gauntlet::sim::sparkplug
