#include "tests/unit/mqtt/golden_packets.hpp"

namespace gauntlet::mqtt {

namespace {

constexpr auto v3 = protocol_version::v3_1_1;
constexpr auto client = sender::client;
constexpr auto server = sender::server;

std::vector<golden_packet> connection_packets() {
  return {
      {"v3.1.1 CONNECT, shortest", v3, client,
       wire("10 0c"         // CONNECT, Remaining Length 12
            "00 04 'MQTT'"  // Protocol Name
            "04"            // Protocol Level
            "02"            // Connect Flags: Clean Session
            "00 00"         // Keep Alive 0 s
            "00 00"),       // Client Identifier ""
       connect{.protocol_version = v3}},
      {"v3.1.1 CONNECT, everything", v3, client,
       wire("10 24"           // CONNECT, Remaining Length 36
            "00 04 'MQTT'"    // Protocol Name
            "04"              // Protocol Level
            "f4"              // User Name, Password, Will Retain, Will QoS 2, Will Flag
            "00 3c"           // Keep Alive 60 s
            "00 03 'c-1'"     // Client Identifier
            "00 06 'will/t'"  // Will Topic
            "00 02 00 ff"     // Will Message
            "00 03 'joe'"     // User Name
            "00 02 c3 28"),   // Password, which need not be text
       connect{.protocol_version = v3,
               .client_id = "c-1",
               .clean_start = false,
               .keep_alive_s = 60,
               .will = will{.topic_name = "will/t",
                            .payload = {0x00, 0xff},
                            .qos = qos::exactly_once,
                            .retain = true},
               .user_name = "joe",
               .password = byte_buffer{0xc3, 0x28}}},
      {"v3.1.1 CONNACK, accepted", v3, server,
       wire("20 02"  // CONNACK, Remaining Length 2
            "01"     // Session Present
            "00"),   // Connection Accepted
       connack{.session_present = true}},
      {"v3.1.1 CONNACK, unacceptable protocol version", v3, server, wire("20 02 00 01"),
       connack{.reason_code = reason_code::unsupported_protocol_version}},
      {"v3.1.1 CONNACK, identifier rejected", v3, server, wire("20 02 00 02"),
       connack{.reason_code = reason_code::client_identifier_not_valid}},
      {"v3.1.1 CONNACK, server unavailable", v3, server, wire("20 02 00 03"),
       connack{.reason_code = reason_code::server_unavailable}},
      {"v3.1.1 CONNACK, bad user name or password", v3, server, wire("20 02 00 04"),
       connack{.reason_code = reason_code::bad_user_name_or_password}},
      {"v3.1.1 CONNACK, not authorized", v3, server, wire("20 02 00 05"),
       connack{.reason_code = reason_code::not_authorized}},
      {"v3.1.1 PINGREQ", v3, client, wire("c0 00"), pingreq{}},
      {"v3.1.1 PINGREQ, Remaining Length in two bytes", v3, client, wire("c0 80 00"), pingreq{},
       false},
      {"v3.1.1 PINGRESP", v3, server, wire("d0 00"), pingresp{}},
      {"v3.1.1 DISCONNECT", v3, client, wire("e0 00"), disconnect{}},
  };
}

std::vector<golden_packet> message_packets() {
  return {
      {"v3.1.1 PUBLISH, QoS 0", v3, client,
       wire("30 07"        // PUBLISH, QoS 0, Remaining Length 7
            "00 03 'a/b'"  // Topic Name
            "'hi'"),       // payload
       publish{.topic_name = "a/b", .payload = {'h', 'i'}}},
      {"v3.1.1 PUBLISH, QoS 1, RETAIN, no payload", v3, server,
       wire("33 05"      // PUBLISH, QoS 1, RETAIN, Remaining Length 5
            "00 01 't'"  // Topic Name
            "12 34"),    // Packet Identifier
       publish{.qos = qos::at_least_once,
               .retain = true,
               .topic_name = "t",
               .packet_identifier = 0x1234}},
      {"v3.1.1 PUBLISH, QoS 2, DUP", v3, client,
       wire("3c 08"           // PUBLISH, DUP, QoS 2, Remaining Length 8
            "00 03 e2 82 ac"  // Topic Name "€"
            "ff ff"           // Packet Identifier 65535
            "00"),            // payload
       publish{.dup = true,
               .qos = qos::exactly_once,
               .topic_name = "\xe2\x82\xac",
               .packet_identifier = 65535,
               .payload = {0}}},
      {"v3.1.1 PUBACK", v3, client, wire("40 02 00 01"), puback{.packet_identifier = 1}},
      {"v3.1.1 PUBREC", v3, server, wire("50 02 00 02"), pubrec{.packet_identifier = 2}},
      {"v3.1.1 PUBREL", v3, client, wire("62 02 00 03"), pubrel{.packet_identifier = 3}},
      {"v3.1.1 PUBCOMP", v3, server, wire("70 02 00 04"), pubcomp{.packet_identifier = 4}},
  };
}

std::vector<golden_packet> subscription_packets() {
  return {
      {"v3.1.1 SUBSCRIBE", v3, client,
       wire("82 0e"             // SUBSCRIBE, Remaining Length 14
            "00 0a"             // Packet Identifier 10
            "00 03 'a/b' 01"    // Topic Filter, Requested QoS 1
            "00 03 'c/#' 02"),  // Topic Filter, Requested QoS 2
       subscribe{.packet_identifier = 10,
                 .subscriptions = {{"a/b", {.maximum_qos = qos::at_least_once}},
                                   {"c/#", {.maximum_qos = qos::exactly_once}}}}},
      {"v3.1.1 SUBACK", v3, server,
       wire("90 06"          // SUBACK, Remaining Length 6
            "00 0a"          // Packet Identifier 10
            "00 01 02 80"),  // return codes: QoS 0, 1, 2, failure
       suback{.packet_identifier = 10,
              .reason_codes = {reason_code::granted_qos_0, reason_code::granted_qos_1,
                               reason_code::granted_qos_2, reason_code::unspecified_error}}},
      {"v3.1.1 UNSUBSCRIBE", v3, client,
       wire("a2 0a"        // UNSUBSCRIBE, Remaining Length 10
            "00 0b"        // Packet Identifier 11
            "00 03 'a/b'"  // Topic Filter
            "00 01 '+'"),  // Topic Filter
       unsubscribe{.packet_identifier = 11, .topic_filters = {"a/b", "+"}}},
      {"v3.1.1 UNSUBACK", v3, server, wire("b0 02 00 0b"), unsuback{.packet_identifier = 11}},
  };
}

}  // namespace

std::vector<golden_packet> golden_packets_v3_1_1() {
  std::vector<golden_packet> all = connection_packets();
  for (const auto more : {message_packets, subscription_packets}) {
    for (golden_packet& one : more()) all.push_back(std::move(one));
  }
  return all;
}

}  // namespace gauntlet::mqtt
