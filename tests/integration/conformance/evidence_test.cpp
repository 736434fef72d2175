// Goal: what a test leaves as evidence works for others: Wireshark's tshark reads the capture and
// sees the same packets, the Python script meets the same answers, and the shell sends the same
// bytes.

#include <array>
#include <cstdio>
#include <map>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/evidence/netcat.hpp"
#include "conformance/evidence/pcapng.hpp"
#include "conformance/evidence/python.hpp"
#include "conformance/suite/context.hpp"
#include "conformance/suite/run_case.hpp"
#include "harness/broker/embedded.hpp"
#include "harness/net/asio_loop.hpp"
#include "harness/net/asio_network.hpp"
#include "harness/record/atomic_file.hpp"
#include "tests/support/temporary_directory.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;
using script::wire_event;
using testing::ElementsAreArray;
using testing::HasSubstr;

// Standard output of a shell command.
std::string output_of(const std::string& command) {
  std::string text;
  FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return text;
  std::array<char, 4096> part{};
  for (std::size_t size = 0; (size = std::fread(part.data(), 1, part.size(), pipe)) > 0;) {
    text.append(part.data(), size);
  }
  const int status = pclose(pipe);
  EXPECT_EQ(status, 0) << command;
  return text;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

void story(context& test) {
  client& reader = test.connected("reader");
  reader.subscribe(test.topic("t"), qos::exactly_once);
  client& writer = test.connected("writer");
  for (const auto level : {qos::at_most_once, qos::at_least_once, qos::exactly_once}) {
    const std::string payload = "quality " + std::to_string(static_cast<int>(level));
    writer.publish(test.topic("t"), payload, level);
    reader.receive(payload);
  }
  // More than a segment, and more than a transcript keeps.
  writer.publish(test.topic("t"), std::string(5'000, 'x'), qos::at_least_once);
  reader.receive(std::string(5'000, 'x'));
  writer.ping();
  writer.send_bytes(byte_buffer{0x00, 0x00});
  writer.expect_close();
}

class Evidence : public testing::TestWithParam<mqtt::protocol_version> {
 protected:
  Evidence() {
    broker::server_options options;
    options.listen.push_back({.where = {.host = "127.0.0.1", .port = 0}});
    auto started = broker::embedded_broker::start(std::move(options));
    if (!started.has_value()) throw std::runtime_error(started.error().message);
    broker_ = std::move(*started);
    where_ = {.host = "127.0.0.1", .port = broker_->ports().front()};
    arena field{.network = network_, .endpoint_for = [this](auto) { return where_; }};
    result_ = run_case(field, case_, GetParam());
  }

  evidence_input input() const {
    return {.result = result_, .title = case_.title, .statement = "MQTT-3.1.0-1: a statement"};
  }

  const test_case case_{.id = "MQTT-3.1.0-1/evidence",
                        .title = "A story of packets",
                        .covers = {v5("MQTT-3.1.0-1"), v3("MQTT-3.1.0-1")},
                        .body = story};
  test::temporary_directory folder_;
  net::asio_loop loop_;
  net::asio_network network_{loop_};
  std::unique_ptr<broker::embedded_broker> broker_;
  net::endpoint where_;
  case_result result_;
};

// The types of the packets of all connections in one direction, counted.
std::map<int, int> counted(const case_result& result, wire_event direction) {
  std::map<int, int> types;
  for (const script::transcript& each : result.transcripts) {
    for (const script::transcript_entry& entry : each.entries()) {
      if (entry.what == direction && entry.bytes[0] >= 0x10) ++types[entry.bytes[0] >> 4];
    }
  }
  return types;
}

// The same as tshark sees them; a field of several packets in one frame has commas.
std::map<int, int> counted(const std::string& fields) {
  std::map<int, int> types;
  for (const std::string& line : lines_of(fields)) {
    std::istringstream parts(line);
    for (std::string type; std::getline(parts, type, ',');) {
      if (type != "0") ++types[std::stoi(type)];
    }
  }
  return types;
}

TEST_P(Evidence, IsACaptureThatTsharkReads) {
  ASSERT_EQ(result_.verdict, verdict::pass) << result_.reason;
  const auto file = folder_.path() / "story.pcapng";
  ASSERT_TRUE(write_pcapng(file, input()).has_value());
  const std::string tshark = "tshark -r " + file.string() + " -T fields ";
  const std::string sent = output_of(tshark + "-Y 'mqtt && tcp.dstport == 1883' -e mqtt.msgtype");
  const std::string received =
      output_of(tshark + "-Y 'mqtt && tcp.srcport == 1883' -e mqtt.msgtype");
  EXPECT_EQ(counted(sent), counted(result_, wire_event::sent));
  EXPECT_EQ(counted(received), counted(result_, wire_event::received));

  const std::string topics = output_of(tshark + "-Y 'mqtt.msgtype == 3' -e mqtt.topic");
  EXPECT_GE(lines_of(topics).size(), 6U);
  for (const std::string& topic : lines_of(topics)) EXPECT_THAT(topic, HasSubstr("/t"));
  EXPECT_EQ(output_of(tshark + "-Y 'tcp.analysis.flags && !tcp.analysis.window_update' -e "
                               "tcp.analysis.flags"),
            "");
  EXPECT_EQ(lines_of(output_of(tshark + "-Y 'tcp.flags.syn == 1 && tcp.flags.ack == 0' -e "
                                        "tcp.stream")),
            (std::vector<std::string>{"0", "1"}));
  EXPECT_THAT(output_of(tshark + "-Y frame.comment -e frame.comment"), HasSubstr("reader to mqtt"));
  EXPECT_THAT(output_of("capinfos " + file.string()), HasSubstr("MQTT-3.1.0-1/evidence"));
}

// Name and hexadecimal of each packet that came, connection by connection.
std::multiset<std::string> arrivals(const case_result& result) {
  std::multiset<std::string> came;
  for (const script::transcript& each : result.transcripts) {
    for (const script::transcript_entry& entry : each.entries()) {
      if (entry.what != wire_event::received) continue;
      const std::string type(mqtt::packet_type_name(mqtt::packet_type_of(entry.bytes[0])));
      came.insert(each.name() + ": received " + type);
    }
  }
  return came;
}

std::multiset<std::string> arrivals(const std::string& printed) {
  std::multiset<std::string> came;
  for (const std::string& line : lines_of(printed)) {
    const std::size_t place = line.find(": received ");
    if (place == std::string::npos) continue;
    came.insert(line.substr(0, line.find(' ', place + std::string_view(": received ").size())));
  }
  return came;
}

TEST_P(Evidence, IsAScriptThatMeetsTheSame) {
  const auto file = folder_.path() / "story.py";
  ASSERT_TRUE(record::write_file_atomically(file, to_python(input())).has_value());
  const std::string printed = output_of("python3 " + file.string());
  EXPECT_EQ(arrivals(printed), arrivals(result_)) << printed;
  EXPECT_THAT(printed, HasSubstr("writer: the broker closed the connection"));
}

TEST_P(Evidence, IsALineForAShell) {
  const std::vector<std::string> lines = lines_of(to_netcat(input()));
  ASSERT_EQ(lines.size(), 4U);
  for (const std::size_t place : {0U, 2U}) {
    const std::string& line = lines[place];
    EXPECT_THAT(line, HasSubstr("nc 127.0.0.1 " + std::to_string(where_.port)));
    const std::string print = line.substr(1, line.find(';') - 1);
    byte_buffer wanted;
    for (const auto& entry : result_.transcripts[place / 2].entries()) {
      if (entry.what != wire_event::sent) continue;
      wanted.insert(wanted.end(), entry.bytes.begin(), entry.bytes.end());
    }
    EXPECT_EQ(to_hex(as_bytes(output_of(print))), to_hex(wanted));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Versions, Evidence, testing::Values(mqtt::protocol_version::v3_1_1, mqtt::protocol_version::v5),
    [](const auto& each) { return each.param == mqtt::protocol_version::v5 ? "v5" : "v3"; });

}  // namespace
}  // namespace gauntlet::conformance
