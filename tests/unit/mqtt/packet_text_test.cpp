// Goal: a packet in a transcript says all that it holds, in one line, whatever bytes are in it.

#include "harness/mqtt/packet_text.hpp"

#include <gtest/gtest.h>

namespace gauntlet::mqtt {
namespace {

constexpr auto v3 = protocol_version::v3_1_1;
constexpr auto v5 = protocol_version::v5;

TEST(PacketText, ShowsFieldsAndProperties) {
  EXPECT_EQ(to_text(publish{.dup = true,
                            .qos = qos::at_least_once,
                            .topic_name = "a/b",
                            .packet_identifier = 7,
                            .properties = {user_property("k", "v"), message_expiry_interval(9)},
                            .payload = {'h', 'i'}},
                    v5),
            "PUBLISH dup qos=1 packet_identifier=7 topic_name=\"a/b\" user_property=\"k\":\"v\" "
            "message_expiry_interval=9 payload=\"hi\" (2 bytes)");
  EXPECT_EQ(to_text(subscribe{.packet_identifier = 2,
                              .subscriptions = {{"a/#", {.no_local = true}}, {"b", {}}}},
                    v5),
            "SUBSCRIBE packet_identifier=2 filter=\"a/#\" qos=0 no_local filter=\"b\" qos=0");
  EXPECT_EQ(to_text(pingreq{}, v3), "PINGREQ");
}

TEST(PacketText, ShowsCodesOfTheVersion) {
  const connack refused{.reason_code = reason_code::client_identifier_not_valid};
  EXPECT_EQ(to_text(refused, v5), "CONNACK reason_code=0x85 (Client Identifier not valid)");
  EXPECT_EQ(to_text(refused, v3), "CONNACK return_code=0x02");
  EXPECT_EQ(to_text(disconnect{}, v3), "DISCONNECT");
  EXPECT_EQ(to_text(disconnect{}, v5), "DISCONNECT reason_code=0x00 (Normal disconnection)");
  EXPECT_EQ(
      to_text(suback{.packet_identifier = 1,
                     .reason_codes = {reason_code::granted_qos_1, reason_code::unspecified_error}},
              v5),
      "SUBACK packet_identifier=1 reason_codes=[0x01 (Granted QoS 1), 0x80 (Unspecified "
      "error)]");
}

TEST(PacketText, HidesThePassword) {
  const std::string text = to_text(
      connect{.client_id = "c", .user_name = "ann", .password = byte_buffer{'s', 'e', 'c'}}, v5);
  EXPECT_EQ(text,
            "CONNECT version=5.0 client_id=\"c\" clean_start keep_alive=0 user_name=\"ann\" "
            "password=3 bytes");
}

TEST(PacketText, StaysOneLine) {
  EXPECT_EQ(quoted(as_bytes("a\n\"\\\xC3\xA4")), "\"a\\x0A\\\"\\\\\\xC3\\xA4\"");
  EXPECT_EQ(quoted(as_bytes("abcdef"), 3), "\"abc\"...");
}

}  // namespace
}  // namespace gauntlet::mqtt
