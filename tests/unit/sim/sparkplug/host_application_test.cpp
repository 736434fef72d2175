// The host application finds no fault with an edge node that keeps the rules, and finds each kind
// of fault when one is planted.

#include "sim/sparkplug/host_application.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/sparkplug/edge_node.hpp"

namespace gauntlet::sim::sparkplug {
namespace {

/// Values that tell which metric they are of.
struct numbered_values final : value_source {
  value_view value_of(std::size_t metric) override { return static_cast<double>(metric); }
};

/// An edge node with one device, heard by a host application.
struct SparkplugHost : testing::Test {
  std::optional<std::string> hear(message_type type, const byte_buffer& payload,
                                  bool retain = false) {
    const std::string topic = make_topic({.group_id = "plant",
                                          .type = type,
                                          .edge_node_id = "line",
                                          .device_id = is_of_device(type) ? "motor" : ""});
    return host.on_message(topic, payload, retain);
  }
  edge_writer::moment next(bool is_node_birth = false) {
    const edge_writer::moment when{.timestamp_ms = 1000, .seq = numbers.seq(is_node_birth)};
    numbers.sent(is_node_birth);
    return when;
  }
  auto node_birth() {
    byte_buffer out;
    writer.append_node_birth(node, numbers.bd_seq(), next(true), values, out);
    return hear(message_type::nbirth, out);
  }
  auto device_birth() {
    byte_buffer out;
    writer.append_device_birth(device, next(), values, out);
    return hear(message_type::dbirth, out);
  }
  auto data(message_type type, bool historical = false) {
    byte_buffer out;
    edge_writer::moment when = next();
    when.is_historical = historical;
    writer.append_data(type == message_type::ndata ? node : device, when, values, out);
    return hear(type, out);
  }
  auto device_death() {
    byte_buffer out;
    writer.append_device_death(next(), out);
    return hear(message_type::ddeath, out);
  }
  auto node_death(std::uint8_t bd_seq) {
    byte_buffer out;
    writer.append_node_death(bd_seq, 1000, out);
    return hear(message_type::ndeath, out);
  }
  void be_born() {
    numbers.connect();
    node_birth();
    device_birth();
  }
  void expect_only(fault what, std::uint64_t times = 1) {
    EXPECT_EQ(host.count(what), times) << to_string(what);
    EXPECT_EQ(host.faults(), times);
    for (const fault_finding& each : host.findings()) {
      EXPECT_EQ(each.what, what) << each.topic << ": " << to_string(each.what) << each.detail;
    }
  }

  unit_facts node{{.name = "temperature", .alias = 1}};
  unit_facts device{{.name = "speed", .alias = 2}, {.name = "current", .alias = 3}};
  edge_numbers numbers;
  edge_writer writer;
  numbered_values values;
  host_application host;
};

TEST_F(SparkplugHost, FindsNothingInALifeByTheRules) {
  for (int connection = 0; connection < 600; ++connection) {  // bdSeq comes round twice
    be_born();
    for (int i = 0; i < 300; ++i) {  // and so does seq
      EXPECT_FALSE(data(i % 3 == 0 ? message_type::ndata : message_type::ddata, i < 3));
    }
    device_death();
    device_birth();
    node_birth();  // rebirth on command
    device_birth();
    node_death(numbers.bd_seq());
    if (connection % 7 == 0) {  // accepted, and lost before the birth
      numbers.connect();
      node_death(numbers.bd_seq());
    }
  }
  EXPECT_EQ(host.faults(), 0U);
  EXPECT_EQ(host.nodes_alive(), 0U);
  be_born();
  EXPECT_EQ(host.nodes_alive(), 1U);
  EXPECT_EQ(host.devices_alive(), 1U);
  EXPECT_EQ(*host.find("plant", "line", "motor", "current"), value(1.0));
  EXPECT_EQ(host.find("plant", "line", "motor", "voltage"), nullptr);
}

TEST_F(SparkplugHost, FindsAGapAndAsksForARebirthOnce) {
  be_born();
  next();  // lost
  EXPECT_EQ(data(message_type::ddata), "spBv1.0/plant/NCMD/line");
  EXPECT_FALSE(data(message_type::ddata));
  expect_only(fault::seq_gap);
  EXPECT_EQ(host.findings()[0].detail, "expected 2, not 3");
  node_birth();
  device_birth();
  EXPECT_FALSE(data(message_type::ddata));
  expect_only(fault::seq_gap);
  EXPECT_EQ(host.rebirths_requested(), 1U);
}

TEST_F(SparkplugHost, FindsARepeatedMessage) {
  be_born();
  byte_buffer out;
  writer.append_data(node, next(), values, out);
  EXPECT_FALSE(hear(message_type::ndata, out));
  EXPECT_TRUE(hear(message_type::ndata, out));
  expect_only(fault::seq_gap);
}

TEST_F(SparkplugHost, FindsARepeatedBdSeq) {
  be_born();
  node_death(numbers.bd_seq());
  node_birth();
  expect_only(fault::bd_seq_repeated);
}

TEST_F(SparkplugHost, FindsAMissingDeath) {
  be_born();
  numbers.connect();
  node_birth();
  expect_only(fault::death_missing);
}

TEST_F(SparkplugHost, PassesByTheDeathOfAnEarlierConnection) {
  be_born();
  node_death(numbers.bd_seq());
  be_born();
  node_death(static_cast<std::uint8_t>(numbers.bd_seq() - 1));
  EXPECT_EQ(host.nodes_alive(), 1U);
  EXPECT_EQ(host.faults(), 0U);
}

TEST_F(SparkplugHost, FindsDataBeforeTheBirthOfANode) {
  numbers.connect();
  EXPECT_TRUE(data(message_type::ndata));
  expect_only(fault::data_before_birth);
}

TEST_F(SparkplugHost, ForgivesDataBeforeTheBirthIfItJoinedLate) {
  host = host_application(true);
  numbers.connect();
  EXPECT_EQ(data(message_type::ndata), "spBv1.0/plant/NCMD/line");
  EXPECT_EQ(host.faults(), 0U);
}

TEST_F(SparkplugHost, FindsDataAfterTheDeathOfANode) {
  be_born();
  node_death(numbers.bd_seq());
  EXPECT_TRUE(data(message_type::ddata));
  expect_only(fault::data_before_birth);
}

TEST_F(SparkplugHost, FindsDataAndDeathOfADeviceThatIsNotBorn) {
  be_born();
  device_death();
  device_death();
  expect_only(fault::data_before_birth);
  EXPECT_TRUE(data(message_type::ddata));
  expect_only(fault::data_before_birth, 2);
}

TEST_F(SparkplugHost, FindsABirthWithAWrongNumber) {
  numbers.connect();
  byte_buffer out;
  writer.append_node_birth(node, 0, {.timestamp_ms = 1, .seq = 4}, values, out);
  hear(message_type::nbirth, out);
  expect_only(fault::birth_seq);
}

TEST_F(SparkplugHost, FindsAnUnknownAlias) {
  be_born();
  device.push_back({.name = "voltage", .alias = 77});
  EXPECT_TRUE(data(message_type::ddata));
  expect_only(fault::alias_unknown);
  EXPECT_EQ(host.findings()[0].detail, "alias 77");
}

TEST_F(SparkplugHost, FindsTheAliasOfAnotherDevice) {
  be_born();
  byte_buffer out;
  writer.append_data(device, next(), values, out);
  EXPECT_TRUE(hear(message_type::ndata, out));
  expect_only(fault::alias_unknown, 2);
}

TEST_F(SparkplugHost, FindsAnAliasThatIsUsedTwice) {
  device[1].alias = node[0].alias;
  be_born();
  expect_only(fault::birth_incomplete);
}

TEST_F(SparkplugHost, FindsAnUnknownName) {
  be_born();
  payload_writer other;
  other.begin(1, next().seq);
  other.add({.name = "voltage", .value = 1.0});
  byte_buffer out;
  other.finish(out);
  EXPECT_TRUE(hear(message_type::ndata, out));
  expect_only(fault::name_unknown);
}

TEST_F(SparkplugHost, FindsAValueOfAnotherType) {
  be_born();
  payload_writer other;
  other.begin(1, next().seq);
  other.add({.alias = 1, .value = std::string_view("warm")});
  byte_buffer out;
  other.finish(out);
  hear(message_type::ndata, out);
  expect_only(fault::type_changed);
}

TEST_F(SparkplugHost, FindsMissingNumbers) {
  be_born();
  payload_writer other;
  byte_buffer out;
  other.begin(1, std::nullopt);
  other.finish(out);
  EXPECT_TRUE(hear(message_type::ndata, out));
  expect_only(fault::seq_missing);
  hear(message_type::ndeath, out);
  EXPECT_EQ(host.count(fault::bd_seq_missing), 1U);
}

TEST_F(SparkplugHost, FindsRetainedAndUnreadableMessages) {
  numbers.connect();
  byte_buffer out;
  writer.append_node_birth(node, 0, next(true), values, out);
  hear(message_type::nbirth, out, true);
  expect_only(fault::retained);
  EXPECT_TRUE(hear(message_type::ndata, {0x12, 0x7f}));
  EXPECT_EQ(host.count(fault::unreadable), 1U);
}

TEST_F(SparkplugHost, PassesByCommandsAndStrangers) {
  byte_buffer command;
  append_rebirth_command(1, command);
  EXPECT_TRUE(asks_for_rebirth(command));
  EXPECT_FALSE(asks_for_rebirth(as_bytes("rebirth")));
  hear(message_type::ncmd, command);
  host.on_message("home/kitchen", as_bytes("21"), true);
  EXPECT_EQ(host.nodes(), 0U);
  EXPECT_EQ(host.faults(), 0U);
}

}  // namespace
}  // namespace gauntlet::sim::sparkplug
