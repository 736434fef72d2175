// Goal: whatever a client sends, each event is one line that can be taken apart again.

#include "harness/broker/log.hpp"

#include <gmock/gmock.h>

#include "tests/unit/broker/bench.hpp"

namespace gauntlet::broker {
namespace {

using testing::Contains;
using testing::EndsWith;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

TEST(LogValue, IsBareWhenNothingInItMeansAnything) {
  EXPECT_EQ(log_value("house/door-1"), "house/door-1");
  EXPECT_EQ(log_value("[::1]:1883"), "[::1]:1883");
  EXPECT_EQ(log_value(""), "\"\"");
  EXPECT_EQ(log_value("two words"), "\"two words\"");
  EXPECT_EQ(log_value("a=b"), "\"a=b\"");
}

TEST(LogValue, EscapesWhatWouldEndOrForgeALine) {
  EXPECT_EQ(log_value("a\" client=\"b"), R"("a\" client=\"b")");
  EXPECT_EQ(log_value("a\ninfo connect"), R"("a\ninfo connect")");
  EXPECT_EQ(log_value("a\r\tb\\"), R"("a\r\tb\\")");
  EXPECT_EQ(log_value(std::string_view("\0\x1b[2J\x7f", 6)), R"("\x00\x1B[2J\x7F")");
}

TEST(LogValue, KeepsTextAndShowsTheBytesOfWhatIsNone) {
  EXPECT_EQ(log_value("t\xc3\xbcr"), "\"t\xc3\xbcr\"");
  EXPECT_EQ(log_value("a\xff\xc3"), R"("a\xFF\xC3")");
  EXPECT_EQ(log_value("\xed\xa0\x80"), R"("\xED\xA0\x80")");    // a surrogate
  EXPECT_EQ(log_value("\xc2\x85"), R"("\xC2\x85")");            // next line, a C1 control
  EXPECT_EQ(log_value("a\xe2\x80\xae"), R"("a\xE2\x80\xAE")");  // right to left from here
  EXPECT_EQ(log_value("\xe2\x80\xa8"), R"("\xE2\x80\xA8")");    // line separator
  EXPECT_EQ(log_value("\xf0\x9f\x98\x80"), "\"\xf0\x9f\x98\x80\"");
}

TEST(LogValue, CutsWhatIsLong) {
  const std::string shown = log_value(std::string(65'535, 'x'));
  EXPECT_THAT(shown, SizeIs(1'024 + 2 + 15));
  EXPECT_THAT(shown, EndsWith("x... 65535 bytes\""));
}

// What a broker writes at the level `debug`.
struct talkative {
  std::vector<std::string> lines;
  bench on{[this] {
    options chosen;
    chosen.level = log_level::debug;
    chosen.sink = [this](log_level at, std::string_view line) {
      lines.push_back(std::string(to_string(at)) + ' ' + std::string(line));
    };
    return chosen;
  }()};
};

class Log : public both_versions {};

TEST_P(Log, HasALineForEachEventOfAClient) {
  talkative broker;
  peer& client = broker.on.connected("dev 1", version());
  client.subscribe("house/#", qos1);
  client.publish("house/door", "open", qos0);
  client.expect_publish("open");
  peer& other = broker.on.connected("dev 1", version());
  other.send(mqtt::disconnect{});
  EXPECT_THAT(broker.lines,
              Contains(StartsWith("info connect peer=bench client=\"dev 1\" version=")));
  EXPECT_THAT(broker.lines, Contains("debug subscribe client=\"dev 1\" filter=\"house/#\" qos=1")
                                .Times(0));  // '#' needs no quotes
  EXPECT_THAT(broker.lines, Contains("debug subscribe client=\"dev 1\" filter=house/# qos=1"));
  EXPECT_THAT(
      broker.lines,
      Contains(
          "debug publish client=\"dev 1\" topic=house/door qos=0 retain=0 size=4 receivers=1"));
  EXPECT_THAT(broker.lines,
              Contains(StartsWith("debug deliver client=\"dev 1\" topic=house/door")));
  EXPECT_THAT(broker.lines, Contains("info takeover client=\"dev 1\" from=bench by=bench"));
  EXPECT_THAT(broker.lines,
              Contains("info disconnect peer=bench client=\"dev 1\" by=broker reason=0x8E "
                       "why=\"the client connected again\""));
  EXPECT_THAT(broker.lines,
              Contains("info disconnect peer=bench client=\"dev 1\" by=client reason=0x00"));
}

TEST_P(Log, CannotBeForgedByAClient) {
  talkative broker;
  const std::string forged = "x\" version=5.0\ninfo connect client=root\r\n";
  peer& client = broker.on.connected(forged, version());
  client.subscribe(forged, qos0);
  client.publish(forged, "1", qos0);
  client.expect_publish("1");
  client.drop();
  EXPECT_THAT(broker.lines, Contains(HasSubstr("topic=\"x\\\" version=5.0\\ninfo connect")));
  for (const std::string& line : broker.lines) {
    EXPECT_EQ(line.find('\n'), line.npos) << line;
    EXPECT_EQ(line.find("x\" "), line.npos) << line;
  }
}

TEST_P(Log, SaysWhyAConnectionIsRefused) {
  talkative broker;
  broker.on.open(version()).send(mqtt::pingreq{});
  EXPECT_THAT(broker.lines,
              Contains("warning refuse peer=bench why=\"not a CONNECT\" packet=PINGREQ"));
}

INSTANTIATE_TEST_SUITE_P(, Log, testing::Values(v3, v5), version_suffix);

}  // namespace
}  // namespace gauntlet::broker
