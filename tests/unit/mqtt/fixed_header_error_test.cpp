// Errors of the first bytes, which all packets share.

#include "tests/unit/mqtt/decode_error.hpp"

namespace gauntlet::mqtt {
namespace {

constexpr auto v3 = protocol_version::v3_1_1;
constexpr auto v5 = protocol_version::v5;
constexpr auto client = sender::client;
constexpr auto server = sender::server;

TEST(FixedHeaderError, Types) {
  expect_errors({{"00 00", 0, malformed, "2.1.2", "", "reserved (0)"},
                 {"20 03 00 00 00", 0, breach, "2.1.2", "", "CONNACK"},
                 {"90 04 00 01 00 00", 0, breach, "2.1.2", "", "SUBACK"},
                 {"b0 04 00 01 00 00", 0, breach, "2.1.2", "", "UNSUBACK"},
                 {"d0 00", 0, breach, "2.1.2", "", "PINGRESP"}},
                v5, client);
  expect_errors({{"10 00", 0, breach, "2.1.2", "", "CONNECT"},
                 {"82 00", 0, breach, "2.1.2", "", "SUBSCRIBE"},
                 {"a2 00", 0, breach, "2.1.2", "", "UNSUBSCRIBE"},
                 {"c0 00", 0, breach, "2.1.2", "", "PINGREQ"}},
                v5, server);
  expect_errors({{"00 00", 0, malformed, "2.2.1", "", "reserved (0)"},
                 {"f0 00", 0, malformed, "2.2.1", "", "AUTH"}},
                v3, client);
  expect_errors({{"e0 00", 0, breach, "2.2.1", "", "DISCONNECT"}}, v3, server);
}

TEST(FixedHeaderError, ReservedFlags) {
  expect_errors(
      {{"11 00", 0, malformed, "2.1.3", "MQTT-2.1.3-1", "CONNECT"},
       {"42 02 00 01", 0, malformed, "2.1.3", "MQTT-2.1.3-1", "PUBACK"},
       {"58 02 00 01", 0, malformed, "2.1.3", "MQTT-2.1.3-1", "PUBREC"},
       {"60 02 00 01", 0, malformed, "3.6.1", "MQTT-3.6.1-1", "PUBREL"},
       {"63 02 00 01", 0, malformed, "3.6.1", "MQTT-3.6.1-1", "PUBREL"},
       {"71 02 00 01", 0, malformed, "2.1.3", "MQTT-2.1.3-1", "PUBCOMP"},
       {"80 07 00 01 00 00 01 'a' 00", 0, malformed, "3.8.1", "MQTT-3.8.1-1", "SUBSCRIBE"},
       {"a0 06 00 01 00 00 01 'a'", 0, malformed, "3.10.1", "MQTT-3.10.1-1", "UNSUBSCRIBE"},
       {"c1 00", 0, malformed, "2.1.3", "MQTT-2.1.3-1", "PINGREQ"},
       {"e1 00", 0, malformed, "3.14.1", "MQTT-3.14.1-1", "DISCONNECT"},
       {"f8 00", 0, malformed, "3.15.1", "MQTT-3.15.1-1", "AUTH"}},
      v5, client);
  expect_errors({{"42 02 00 01", 0, malformed, "2.2.2", "MQTT-2.2.2-2", "PUBACK"},
                 {"60 02 00 01", 0, malformed, "3.6.1", "MQTT-3.6.1-1", "PUBREL"},
                 {"80 06 00 01 00 01 'a' 00", 0, malformed, "3.8.1", "MQTT-3.8.1-1", "SUBSCRIBE"},
                 {"a0 05 00 01 00 01 'a'", 0, malformed, "3.10.1", "MQTT-3.10.1-1", "UNSUBSCRIBE"},
                 {"e4 00", 0, malformed, "3.14.1", "MQTT-3.14.1-1", "DISCONNECT"}},
                v3, client);
}

TEST(FixedHeaderError, RemainingLength) {
  expect_errors({{"", 0, malformed, "2.1.1", "", "packet"},
                 {"c0", 1, malformed, "2.1.1", "", "Remaining Length"},
                 {"c0 80", 1, malformed, "2.1.1", "", "Remaining Length"},
                 {"c0 80 80 80 80 00", 1, malformed, "1.5.5", "", "Remaining Length"},
                 {"c0 80 00", 1, malformed, "1.5.5", "MQTT-1.5.5-1", "Remaining Length"},
                 {"10 8d 00 00 04 'MQTT' 05 02 00 00 00 00 00", 1, malformed, "1.5.5",
                  "MQTT-1.5.5-1", "Remaining Length"},
                 {"c0 01", 2, malformed, "2.1.4", "", "PINGREQ"},
                 {"c0 00 00", 2, malformed, "2.1.4", "", "PINGREQ"},
                 {"c0 01 00", 2, malformed, "2.1.4", "", "PINGREQ"}},
                v5, client);
  expect_errors({{"c0 80 80 80 80 00", 1, malformed, "2.2.3", "", "Remaining Length"},
                 {"c0 01 00", 2, malformed, "2.2.3", "", "PINGREQ"}},
                v3, client);
}

TEST(FixedHeaderError, IsDescribedInOneLine) {
  const auto decoded = decode(wire("34 04 00 01 '+' 00"), v5, client);
  ASSERT_FALSE(decoded.has_value());
  EXPECT_EQ(describe(decoded.error()),
            "byte 4: Topic Name: must not contain wildcard characters (Protocol Error, "
            "MQTT 5.0 §3.3.2.1, MQTT-3.3.2-2)");
}

}  // namespace
}  // namespace gauntlet::mqtt
