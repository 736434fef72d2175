// Errors in CONNECT and CONNACK.

#include "tests/unit/mqtt/decode_error.hpp"

namespace gauntlet::mqtt {
namespace {

constexpr auto v3 = protocol_version::v3_1_1;
constexpr auto v5 = protocol_version::v5;
constexpr auto client = sender::client;
constexpr auto server = sender::server;
constexpr auto unsupported = reason_code::unsupported_protocol_version;

TEST(ConnectError, ProtocolNameAndVersion) {
  expect_errors({{"10 0d 00 04 'MQTX' 05 02 00 00 00 00 00", 2, breach, "3.1.2.1", "MQTT-3.1.2-1",
                  "Protocol Name", unsupported},
                 {"10 09 00 00 05 02 00 00 00 00 00", 2, breach, "3.1.2.1", "MQTT-3.1.2-1",
                  "Protocol Name", unsupported},
                 {"10 0e 00 06 'MQIsdp' 03 02 00 00 00 00", 2, breach, "3.1.2.1", "MQTT-3.1.2-1",
                  "Protocol Name", unsupported},
                 {"10 0d 00 04 'MQTT' 06 02 00 00 00 00 00", 8, breach, "3.1.2.2", "MQTT-3.1.2-2",
                  "Protocol Version", unsupported},
                 {"10 0c 00 04 'MQTT' 84 02 00 00 00 00", 8, breach, "3.1.2.2", "MQTT-3.1.2-2",
                  "Protocol Version", unsupported},
                 {"10 04 00 04 'MQ'", 2, malformed, "2.1.4", "", "Protocol Name"}},
                v5, client);
}

TEST(ConnectError, Flags) {
  expect_errors({{"10 0d 00 04 'MQTT' 05 03 00 00 00 00 00", 9, malformed, "3.1.2.3",
                  "MQTT-3.1.2-3", "Connect Flags"},
                 {"10 0d 00 04 'MQTT' 05 1e 00 00 00 00 00", 9, malformed, "3.1.2.6",
                  "MQTT-3.1.2-12", "Will QoS"},
                 {"10 0d 00 04 'MQTT' 05 0a 00 00 00 00 00", 9, breach, "3.1.2.6", "MQTT-3.1.2-11",
                  "Will QoS"},
                 {"10 0d 00 04 'MQTT' 05 22 00 00 00 00 00", 9, breach, "3.1.2.7", "MQTT-3.1.2-13",
                  "Will Retain"}},
                v5, client);
  expect_errors(
      {{"10 0c 00 04 'MQTT' 04 03 00 00 00 00", 9, malformed, "3.1.2.3", "MQTT-3.1.2-3",
        "Connect Flags"},
       {"10 0c 00 04 'MQTT' 04 1e 00 00 00 00", 9, malformed, "3.1.2.6", "MQTT-3.1.2-14",
        "Will QoS"},
       {"10 0c 00 04 'MQTT' 04 12 00 00 00 00", 9, breach, "3.1.2.6", "MQTT-3.1.2-13", "Will QoS"},
       {"10 0c 00 04 'MQTT' 04 22 00 00 00 00", 9, breach, "3.1.2.7", "MQTT-3.1.2-15",
        "Will Retain"},
       {"10 0f 00 04 'MQTT' 04 42 00 00 00 00 00 01 'p'", 9, breach, "3.1.2.9", "MQTT-3.1.2-22",
        "Password Flag"}},
      v3, client);
}

TEST(ConnectError, Payload) {
  expect_errors(
      {{"10 0e 00 04 'MQTT' 05 02 00 00 00 00 01 c3", 15, malformed, "1.5.4", "MQTT-1.5.4-1",
        "Client Identifier"},
       {"10 0b 00 04 'MQTT' 05 02 00 00 00", 13, malformed, "2.1.4", "", "Client Identifier"},
       {"10 0d 00 04 'MQTT' 05 82 00 00 00 00 00", 15, malformed, "2.1.4", "", "User Name"},
       {"10 0d 00 04 'MQTT' 05 42 00 00 00 00 00", 15, malformed, "2.1.4", "", "Password"},
       {"10 10 00 04 'MQTT' 05 02 00 00 00 00 00 00 01 'u'", 15, malformed, "2.1.4", "", "CONNECT"},
       {"10 12 00 04 'MQTT' 05 06 00 00 00 00 00 00 00 00 00 00", 16, breach, "4.7.3",
        "MQTT-4.7.3-1", "Will Topic"},
       {"10 15 00 04 'MQTT' 05 06 00 00 00 00 00 00 00 03 'a/+' 00 00", 20, breach, "4.7.1",
        "MQTT-4.7.0-1", "Will Topic"},
       {"10 13 00 04 'MQTT' 05 06 00 00 00 00 00 00 00 01 'w' 00 01", 19, malformed, "2.1.4", "",
        "Will Payload"},
       {"10 0f 00 04 'MQTT' 05 82 00 00 00 00 00 00 00 00", 17, malformed, "2.1.4", "", "CONNECT"}},
      v5, client);
  expect_errors({{"10 0e 00 04 'MQTT' 04 02 00 00 00 02 'a' 00", 15, malformed, "1.5.3",
                  "MQTT-1.5.3-2", "Client Identifier"},
                 {"10 11 00 04 'MQTT' 04 06 00 00 00 00 00 01 '#' 00 00", 16, breach, "4.7.1",
                  "MQTT-4.7.1-1", "Will Topic"}},
                v3, client);
}

TEST(ConnectError, AuthenticationDataNeedsAMethod) {
  expect_errors({{"10 10 00 04 'MQTT' 05 02 00 00 03 16 00 00 00 00", 12, breach, "3.1.2.11.10", "",
                  "Authentication Data"}},
                v5, client);
}

TEST(ConnectError, CitesTheVersionOfThePacketAndNotOfTheConnection) {
  const auto decoded = decode(wire("10 0c 00 04 'MQTT' 04 03 00 00 00 00"), v5, client);
  ASSERT_FALSE(decoded.has_value());
  EXPECT_EQ(decoded.error().version, v3);
}

TEST(ConnackError, FlagsAndCodes) {
  expect_errors(
      {{"20 03 02 00 00", 2, malformed, "3.2.2.1", "MQTT-3.2.2-1", "Connect Acknowledge Flags"},
       {"20 03 01 80 00", 2, breach, "3.2.2.1.1", "MQTT-3.2.2-6", "Session Present"},
       {"20 03 00 01 00", 3, breach, "3.2.2.2", "MQTT-3.2.2-8", "Reason Code"},
       {"20 03 00 8e 00", 3, breach, "3.2.2.2", "MQTT-3.2.2-8", "Reason Code"},
       {"20 02 00 00", 4, malformed, "2.1.4", "", "Property Length"},
       {"20 01 00", 3, malformed, "2.1.4", "", "Reason Code"}},
      v5, server);
  expect_errors({{"20 02 80 00", 2, malformed, "3.2.2.1", "", "Connect Acknowledge Flags"},
                 {"20 02 01 05", 2, breach, "3.2.2.2", "MQTT-3.2.2-4", "Session Present"},
                 {"20 02 00 06", 3, breach, "3.2.2.3", "", "Connect Return code"},
                 {"20 03 00 00 00", 4, malformed, "2.2.3", "", "CONNACK"}},
                v3, server);
}

}  // namespace
}  // namespace gauntlet::mqtt
