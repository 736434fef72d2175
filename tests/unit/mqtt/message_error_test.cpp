// Errors in PUBLISH and its acknowledgements.

#include "tests/unit/mqtt/decode_error.hpp"

namespace gauntlet::mqtt {
namespace {

constexpr auto v3 = protocol_version::v3_1_1;
constexpr auto v5 = protocol_version::v5;
constexpr auto client = sender::client;
constexpr auto server = sender::server;

TEST(PublishError, Flags) {
  expect_errors({{"36 06 00 01 't' 00 01 00", 0, malformed, "3.3.1.2", "MQTT-3.3.1-4", "QoS"},
                 {"38 04 00 01 't' 00", 0, breach, "3.3.1.1", "MQTT-3.3.1-2", "DUP"}},
                v5, client);
  expect_errors({{"36 05 00 01 't' 00 01", 0, malformed, "3.3.1.2", "MQTT-3.3.1-4", "QoS"},
                 {"38 03 00 01 't'", 0, breach, "3.3.1.1", "MQTT-3.3.1-2", "DUP"}},
                v3, client);
}

TEST(PublishError, TopicName) {
  expect_errors(
      {{"30 06 00 03 'a/+' 00", 6, breach, "3.3.2.1", "MQTT-3.3.2-2", "Topic Name"},
       {"30 06 00 03 'a#b' 00", 5, breach, "3.3.2.1", "MQTT-3.3.2-2", "Topic Name"},
       {"30 10 00 0d 'long/topic/+x' 00", 15, breach, "3.3.2.1", "MQTT-3.3.2-2", "Topic Name"},
       {"30 03 00 00 00", 2, breach, "3.3.2.1", "", "Topic Name"},
       {"30 05 00 02 'a' 00 00", 5, malformed, "1.5.4", "MQTT-1.5.4-2", "Topic Name"},
       {"30 06 00 03 ed a0 80 00", 4, malformed, "1.5.4", "MQTT-1.5.4-1", "Topic Name"},
       {"30 06 00 03 'a' c0 80 00", 5, malformed, "1.5.4", "MQTT-1.5.4-1", "Topic Name"},
       {"30 03 00 05 't'", 2, malformed, "2.1.4", "", "Topic Name"},
       {"30 01 00", 2, malformed, "2.1.4", "", "Topic Name"}},
      v5, client);
  expect_errors({{"30 02 00 00", 2, breach, "4.7.3", "MQTT-4.7.3-1", "Topic Name"},
                 {"30 03 00 01 '#'", 4, breach, "3.3.2.1", "MQTT-3.3.2-2", "Topic Name"},
                 {"30 03 00 01 ff", 4, malformed, "1.5.3", "MQTT-1.5.3-1", "Topic Name"}},
                v3, server);
}

TEST(PublishError, PacketIdentifier) {
  expect_errors(
      {{"32 06 00 01 't' 00 00 00", 5, breach, "2.2.1", "MQTT-2.2.1-3", "Packet Identifier"},
       {"34 04 00 01 't' 00", 5, malformed, "2.1.4", "", "Packet Identifier"}},
      v5, client);
  expect_errors(
      {{"32 06 00 01 't' 00 00 00", 5, breach, "2.2.1", "MQTT-2.2.1-4", "Packet Identifier"}}, v5,
      server);
  expect_errors(
      {{"32 05 00 01 't' 00 00", 5, breach, "2.3.1", "MQTT-2.3.1-1", "Packet Identifier"}}, v3,
      client);
}

TEST(PublishError, Properties) {
  expect_errors(
      {{"30 03 00 01 't'", 5, malformed, "2.1.4", "", "Property Length"},
       {"30 07 00 01 't' 03 23 00 00", 7, breach, "3.3.2.3.4", "MQTT-3.3.2-8", "Topic Alias",
        reason_code::topic_alias_invalid},
       {"30 08 00 01 't' 04 08 00 01 '+'", 9, breach, "3.3.2.3.5", "MQTT-3.3.2-14",
        "Response Topic"},
       {"30 06 00 01 't' 02 0b 01", 6, breach, "3.3.4", "MQTT-3.3.4-6", "Subscription Identifier"},
       {"30 06 00 01 't' 02 01 02", 7, breach, "3.3.2.3.2", "", "Payload Format Indicator"}},
      v5, client);
  expect_errors(
      {{"30 06 00 01 't' 02 0b 00", 7, breach, "3.3.2.3.8", "", "Subscription Identifier"}}, v5,
      server);
}

TEST(AcknowledgementError, PacketIdentifier) {
  expect_errors({{"40 02 00 00", 2, breach, "2.2.1", "MQTT-2.2.1-5", "Packet Identifier"},
                 {"50 02 00 00", 2, breach, "2.2.1", "MQTT-2.2.1-5", "Packet Identifier"},
                 {"62 02 00 00", 2, breach, "2.2.1", "MQTT-2.2.1-5", "Packet Identifier"},
                 {"70 02 00 00", 2, breach, "2.2.1", "MQTT-2.2.1-5", "Packet Identifier"},
                 {"40 01 00", 2, malformed, "2.1.4", "", "Packet Identifier"},
                 {"40 00", 2, malformed, "2.1.4", "", "Packet Identifier"}},
                v5, client);
  expect_errors({{"40 02 00 00", 2, breach, "2.3.1", "MQTT-2.3.1-6", "Packet Identifier"},
                 {"40 03 00 01 00", 4, malformed, "2.2.3", "", "PUBACK"},
                 {"62 04 00 01 00 00", 4, malformed, "2.2.3", "", "PUBREL"}},
                v3, client);
}

TEST(AcknowledgementError, ReasonCode) {
  expect_errors({{"40 03 00 01 55", 4, breach, "3.4.2.1", "MQTT-3.4.2-1", "Reason Code"},
                 {"40 03 00 01 92", 4, breach, "3.4.2.1", "MQTT-3.4.2-1", "Reason Code"},
                 {"50 03 00 01 11", 4, breach, "3.5.2.1", "MQTT-3.5.2-1", "Reason Code"},
                 {"62 03 00 01 10", 4, breach, "3.6.2.1", "MQTT-3.6.2-1", "Reason Code"},
                 {"70 03 00 01 80", 4, breach, "3.7.2.1", "MQTT-3.7.2-1", "Reason Code"}},
                v5, client);
}

TEST(AcknowledgementError, Properties) {
  expect_errors(
      {{"40 05 00 01 00 00 00", 6, malformed, "2.1.4", "", "PUBACK"},
       {"50 07 00 01 00 03 21 00 01", 6, malformed, "2.2.2.2", "", "Receive Maximum"},
       {"62 0a 00 01 00 06 1f 00 00 1f 00 00", 9, breach, "3.6.2.2.2", "", "Reason String"}},
      v5, client);
}

}  // namespace
}  // namespace gauntlet::mqtt
