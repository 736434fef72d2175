// Errors in SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK, DISCONNECT and AUTH.

#include "tests/unit/mqtt/decode_error.hpp"

namespace gauntlet::mqtt {
namespace {

constexpr auto v3 = protocol_version::v3_1_1;
constexpr auto v5 = protocol_version::v5;
constexpr auto client = sender::client;
constexpr auto server = sender::server;

TEST(SubscribeError, InV5) {
  expect_errors(
      {{"82 07 00 00 00 00 01 't' 00", 2, breach, "2.2.1", "MQTT-2.2.1-3", "Packet Identifier"},
       {"82 03 00 01 00", 5, breach, "3.8.3", "MQTT-3.8.3-2", "SUBSCRIBE"},
       {"82 07 00 01 00 00 01 't' 40", 8, malformed, "3.8.3.1", "MQTT-3.8.3-5",
        "Subscription Options"},
       {"82 07 00 01 00 00 01 't' 03", 8, breach, "3.8.3.1", "", "Maximum QoS"},
       {"82 07 00 01 00 00 01 't' 30", 8, breach, "3.8.3.1", "", "Retain Handling"},
       {"82 0b 00 01 00 00 01 't' 00 00 01 't' 80", 12, malformed, "3.8.3.1", "MQTT-3.8.3-5",
        "Subscription Options"},
       {"82 10 00 01 00 00 0a '$share/g/t' 04", 17, breach, "3.8.3.1", "MQTT-3.8.3-4", "No Local"},
       {"82 06 00 01 00 00 01 't'", 8, malformed, "2.1.4", "", "Subscription Options"},
       {"82 07 00 01 00 00 01 00 00", 7, malformed, "1.5.4", "MQTT-1.5.4-2", "Topic Filter"},
       {"82 09 00 01 02 0b 00 00 01 't' 00", 6, breach, "3.8.2.1.2", "", "Subscription Identifier"},
       {"82 0b 00 01 04 0b 01 0b 02 00 01 't' 00", 7, breach, "3.8.2.1.2", "",
        "Subscription Identifier"}},
      v5, client);
}

TEST(SubscribeError, InV3_1_1) {
  expect_errors(
      {{"82 06 00 00 00 01 't' 00", 2, breach, "2.3.1", "MQTT-2.3.1-1", "Packet Identifier"},
       {"82 02 00 01", 4, breach, "3.8.3", "MQTT-3.8.3-3", "SUBSCRIBE"},
       {"82 06 00 01 00 01 't' 04", 7, malformed, "3.8.3", "MQTT-3.8.3-4", "Requested QoS"},
       {"82 06 00 01 00 01 't' 03", 7, malformed, "3.8.3", "MQTT-3.8.3-4", "Requested QoS"}},
      v3, client);
}

TEST(SubackError, CodesAndIdentifier) {
  expect_errors({{"90 04 00 00 00 00", 2, breach, "2.2.1", "MQTT-2.2.1-6", "Packet Identifier"},
                 {"90 03 00 01 00", 5, breach, "3.8.4", "MQTT-3.8.4-6", "SUBACK"},
                 {"90 05 00 01 00 00 03", 6, breach, "3.9.3", "MQTT-3.9.3-2", "Reason Code"},
                 {"90 04 00 01 00 11", 5, breach, "3.9.3", "MQTT-3.9.3-2", "Reason Code"}},
                v5, server);
  expect_errors({{"90 03 00 00 00", 2, breach, "2.3.1", "MQTT-2.3.1-7", "Packet Identifier"},
                 {"90 02 00 01", 4, breach, "3.8.4", "MQTT-3.8.4-5", "SUBACK"},
                 {"90 03 00 01 03", 4, breach, "3.9.3", "MQTT-3.9.3-2", "Reason Code"},
                 {"90 03 00 01 87", 4, breach, "3.9.3", "MQTT-3.9.3-2", "Reason Code"}},
                v3, server);
}

TEST(UnsubscribeError, InBothVersions) {
  expect_errors(
      {{"a2 03 00 01 00", 5, breach, "3.10.3", "MQTT-3.10.3-2", "UNSUBSCRIBE"},
       {"a2 06 00 00 00 00 01 't'", 2, breach, "2.2.1", "MQTT-2.2.1-3", "Packet Identifier"},
       {"a2 08 00 01 02 0b 01 00 01 't'", 5, malformed, "2.2.2.2", "", "Subscription Identifier"},
       {"a2 06 00 01 00 00 02 't'", 5, malformed, "2.1.4", "", "Topic Filter"}},
      v5, client);
  expect_errors({{"a2 02 00 01", 4, breach, "3.10.3", "MQTT-3.10.3-2", "UNSUBSCRIBE"}}, v3, client);
}

TEST(UnsubackError, InBothVersions) {
  expect_errors({{"b0 03 00 01 00", 5, breach, "3.11.3", "", "UNSUBACK"},
                 {"b0 04 00 01 00 01", 5, breach, "3.11.3", "MQTT-3.11.3-2", "Reason Code"}},
                v5, server);
  expect_errors({{"b0 03 00 01 00", 4, malformed, "2.2.3", "", "UNSUBACK"}}, v3, server);
}

TEST(DisconnectError, CodesAndProperties) {
  expect_errors({{"e0 01 55", 2, breach, "3.14.2.1", "MQTT-3.14.2-1", "Reason Code"},
                 {"e0 01 8e", 2, breach, "3.14.2.1", "MQTT-3.14.2-1", "Reason Code"},
                 {"e0 05 00 03 21 00 01", 4, malformed, "2.2.2.2", "", "Receive Maximum"},
                 {"e0 03 00 00 00", 4, malformed, "2.1.4", "", "DISCONNECT"},
                 {"e0 0c 00 0a 11 00 00 00 00 11 00 00 00 00", 9, breach, "3.14.2.2.2", "",
                  "Session Expiry Interval"}},
                v5, client);
  expect_errors({{"e0 01 04", 2, breach, "3.14.2.1", "MQTT-3.14.2-1", "Reason Code"},
                 {"e0 07 00 05 11 00 00 00 00", 4, breach, "3.14.2.2.2", "MQTT-3.14.2-2",
                  "Session Expiry Interval"}},
                v5, server);
  expect_errors({{"e0 01 00", 2, malformed, "2.2.3", "", "DISCONNECT"}}, v3, client);
}

TEST(AuthError, CodesAndMethod) {
  expect_errors(
      {{"f0 00", 2, breach, "3.15.2.1", "MQTT-3.15.2-1", "Reason Code"},
       {"f0 06 00 04 15 00 01 'm'", 2, breach, "3.15.2.1", "MQTT-3.15.2-1", "Reason Code"},
       {"f0 02 18 00", 3, breach, "3.15.2.2.2", "", "Authentication Method"},
       {"f0 01 18", 3, malformed, "2.1.4", "", "Property Length"},
       {"f0 0a 18 08 15 00 01 'm' 15 00 01 'm'", 8, breach, "3.15.2.2.2", "",
        "Authentication Method"}},
      v5, client);
  expect_errors(
      {{"f0 06 19 04 15 00 01 'm'", 2, breach, "3.15.2.1", "MQTT-3.15.2-1", "Reason Code"}}, v5,
      server);
}

}  // namespace
}  // namespace gauntlet::mqtt
