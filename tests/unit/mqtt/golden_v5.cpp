#include "tests/unit/mqtt/golden_packets.hpp"

namespace gauntlet::mqtt {

namespace {

constexpr auto v5 = protocol_version::v5;
constexpr auto client = sender::client;
constexpr auto server = sender::server;

std::vector<golden_packet> connection_packets() {
  return {
      {"v5 CONNECT, shortest", v5, client,
       wire("10 0d"         // CONNECT, Remaining Length 13
            "00 04 'MQTT'"  // Protocol Name
            "05"            // Protocol Version
            "02"            // Connect Flags: Clean Start
            "00 00"         // Keep Alive 0 s
            "00"            // Property Length 0
            "00 00"),       // Client Identifier ""
       connect{}},
      {"v5 CONNECT, everything", v5, client,
       wire("10 38"           // CONNECT, Remaining Length 56
            "00 04 'MQTT'"    // Protocol Name
            "05"              // Protocol Version
            "ee"              // User Name, Password, Will Retain, Will QoS 1, Will, Clean Start
            "01 2c"           // Keep Alive 300 s
            "08"              // Property Length 8
            "11 00 00 00 1e"  // Session Expiry Interval 30 s
            "21 00 02"        // Receive Maximum 2
            "00 03 'c-1'"     // Client Identifier
            "0c"              // will: Property Length 12
            "18 00 00 00 05"  // will: Will Delay Interval 5 s
            "26 00 01 'k' 00 01 'v'"  // will: User Property
            "00 06 'will/t'"          // Will Topic
            "00 03 'bye'"             // Will Payload
            "00 01 'j'"               // User Name
            "00 01 00"),              // Password
       connect{.client_id = "c-1",
               .keep_alive_s = 300,
               .will = will{.topic_name = "will/t",
                            .payload = {'b', 'y', 'e'},
                            .qos = qos::at_least_once,
                            .retain = true,
                            .properties = {will_delay_interval(5), user_property("k", "v")}},
               .user_name = "j",
               .password = byte_buffer{0},
               .properties = {session_expiry_interval(30), receive_maximum(2)}}},
      {"v5 CONNECT, password without user name", v5, client,
       wire("10 10"         // CONNECT, Remaining Length 16
            "00 04 'MQTT'"  // Protocol Name
            "05 40 00 00"   // Protocol Version, Connect Flags: Password, Keep Alive 0 s
            "00"            // Property Length 0
            "00 00"         // Client Identifier ""
            "00 01 'p'"),   // Password
       connect{.clean_start = false, .password = byte_buffer{'p'}}},
      {"v5 CONNACK, success", v5, server,
       wire("20 03"  // CONNACK, Remaining Length 3
            "01"     // Session Present
            "00"     // Reason Code: Success
            "00"),   // Property Length 0
       connack{.session_present = true}},
      {"v5 CONNACK, refused with properties", v5, server,
       wire("20 08"            // CONNACK, Remaining Length 8
            "00"               // no Session Present
            "87"               // Reason Code: Not authorized
            "05"               // Property Length 5
            "1f 00 02 'no'"),  // Reason String
       connack{.reason_code = reason_code::not_authorized, .properties = {reason_string("no")}}},
      {"v5 PINGREQ", v5, client, wire("c0 00"), pingreq{}},
      {"v5 PINGRESP", v5, server, wire("d0 00"), pingresp{}},
      {"v5 DISCONNECT, normal", v5, client, wire("e0 00"), disconnect{}},
      {"v5 DISCONNECT, Reason Code alone", v5, server,
       wire("e0 01"  // DISCONNECT, Remaining Length 1
            "8e"),   // Reason Code: Session taken over
       disconnect{.reason_code = reason_code::session_taken_over}},
      {"v5 DISCONNECT, with properties", v5, client,
       wire("e0 07"             // DISCONNECT, Remaining Length 7
            "04"                // Reason Code: Disconnect with Will Message
            "05"                // Property Length 5
            "11 00 00 0e 10"),  // Session Expiry Interval 3600 s
       disconnect{.reason_code = reason_code::disconnect_with_will_message,
                  .properties = {session_expiry_interval(3600)}}},
      {"v5 DISCONNECT, normal with Reason Code", v5, client, wire("e0 01 00"), disconnect{}, false},
      {"v5 DISCONNECT, normal with Property Length", v5, client, wire("e0 02 00 00"), disconnect{},
       false},
      {"v5 AUTH, continue", v5, client,
       wire("f0 0b"             // AUTH, Remaining Length 11
            "18"                // Reason Code: Continue authentication
            "09"                // Property Length 9
            "15 00 01 'm'"      // Authentication Method
            "16 00 02 01 02"),  // Authentication Data
       auth{.reason_code = reason_code::continue_authentication,
            .properties = {authentication_method("m"), authentication_data({1, 2})}}},
      {"v5 AUTH, re-authenticate", v5, client,
       wire("f0 06"           // AUTH, Remaining Length 6
            "19"              // Reason Code: Re-authenticate
            "04"              // Property Length 4
            "15 00 01 'm'"),  // Authentication Method
       auth{.reason_code = reason_code::re_authenticate,
            .properties = {authentication_method("m")}}},
      {"v5 AUTH, success", v5, server, wire("f0 00"), auth{}},
  };
}

std::vector<golden_packet> message_packets() {
  return {
      {"v5 PUBLISH, QoS 0", v5, client,
       wire("30 08"        // PUBLISH, QoS 0, Remaining Length 8
            "00 03 'a/b'"  // Topic Name
            "00"           // Property Length 0
            "'hi'"),       // payload
       publish{.topic_name = "a/b", .payload = {'h', 'i'}}},
      {"v5 PUBLISH, QoS 1 with properties", v5, server,
       wire("33 13"           // PUBLISH, QoS 1, RETAIN, Remaining Length 19
            "00 01 't'"       // Topic Name
            "00 07"           // Packet Identifier 7
            "0c"              // Property Length 12
            "01 01"           // Payload Format Indicator: UTF-8
            "02 00 00 00 3c"  // Message Expiry Interval 60 s
            "0b 01"           // Subscription Identifier 1
            "0b ac 02"        // Subscription Identifier 300
            "'x'"),           // payload
       publish{.qos = qos::at_least_once,
               .retain = true,
               .topic_name = "t",
               .packet_identifier = 7,
               .properties = {payload_format_indicator(1), message_expiry_interval(60),
                              subscription_identifier(1), subscription_identifier(300)},
               .payload = {'x'}}},
      {"v5 PUBLISH, QoS 2, DUP, Topic Alias in place of the topic", v5, client,
       wire("3c 08"       // PUBLISH, DUP, QoS 2, Remaining Length 8
            "00 00"       // Topic Name ""
            "00 08"       // Packet Identifier 8
            "03"          // Property Length 3
            "23 00 05"),  // Topic Alias 5
       publish{.dup = true,
               .qos = qos::exactly_once,
               .packet_identifier = 8,
               .properties = {topic_alias(5)}}},
      {"v5 PUBACK, success", v5, client, wire("40 02 00 01"), puback{.packet_identifier = 1}},
      {"v5 PUBACK, success with Reason Code", v5, client, wire("40 03 00 01 00"),
       puback{.packet_identifier = 1}, false},
      {"v5 PUBACK, success with Property Length", v5, client, wire("40 04 00 01 00 00"),
       puback{.packet_identifier = 1}, false},
      {"v5 PUBACK, No matching subscribers", v5, server, wire("40 03 00 01 10"),
       puback{.packet_identifier = 1, .reason_code = reason_code::no_matching_subscribers}},
      {"v5 PUBACK, with properties", v5, server,
       wire("40 0b"                     // PUBACK, Remaining Length 11
            "00 01"                     // Packet Identifier 1
            "97"                        // Reason Code: Quota exceeded
            "07"                        // Property Length 7
            "26 00 01 'k' 00 01 'v'"),  // User Property
       puback{.packet_identifier = 1,
              .reason_code = reason_code::quota_exceeded,
              .properties = {user_property("k", "v")}}},
      {"v5 PUBREC, success", v5, server, wire("50 02 00 02"), pubrec{.packet_identifier = 2}},
      {"v5 PUBREC, Packet Identifier in use", v5, server, wire("50 03 00 02 91"),
       pubrec{.packet_identifier = 2, .reason_code = reason_code::packet_identifier_in_use}},
      {"v5 PUBREL, success", v5, client, wire("62 02 00 03"), pubrel{.packet_identifier = 3}},
      {"v5 PUBREL, Packet Identifier not found", v5, client, wire("62 03 00 03 92"),
       pubrel{.packet_identifier = 3, .reason_code = reason_code::packet_identifier_not_found}},
      {"v5 PUBCOMP, success", v5, server, wire("70 02 00 04"), pubcomp{.packet_identifier = 4}},
      {"v5 PUBCOMP, with properties", v5, server,
       wire("70 09"            // PUBCOMP, Remaining Length 9
            "00 04"            // Packet Identifier 4
            "92"               // Reason Code: Packet Identifier not found
            "05"               // Property Length 5
            "1f 00 02 'no'"),  // Reason String
       pubcomp{.packet_identifier = 4,
               .reason_code = reason_code::packet_identifier_not_found,
               .properties = {reason_string("no")}}},
  };
}

std::vector<golden_packet> subscription_packets() {
  return {
      {"v5 SUBSCRIBE", v5, client,
       wire("82 17"             // SUBSCRIBE, Remaining Length 23
            "00 0a"             // Packet Identifier 10
            "02"                // Property Length 2
            "0b 07"             // Subscription Identifier 7
            "00 03 'a/b' 1d"    // QoS 1, No Local, Retain As Published, Retain Handling 1
            "00 03 'c/#' 22"    // QoS 2, Retain Handling 2
            "00 03 'd/e' 00"),  // QoS 0
       subscribe{.packet_identifier = 10,
                 .subscriptions = {{"a/b",
                                    {.maximum_qos = qos::at_least_once,
                                     .no_local = true,
                                     .retain_as_published = true,
                                     .retain_handling = retain_handling::send_if_new}},
                                   {"c/#",
                                    {.maximum_qos = qos::exactly_once,
                                     .retain_handling = retain_handling::do_not_send}},
                                   {"d/e", {}}},
                 .properties = {subscription_identifier(7)}}},
      {"v5 SUBSCRIBE, shared", v5, client,
       wire("82 0f"                 // SUBSCRIBE, Remaining Length 15
            "00 0b"                 // Packet Identifier 11
            "00"                    // Property Length 0
            "00 09 '$share/g/' 09"  // Topic Filter, QoS 1, Retain As Published
            ),
       subscribe{
           .packet_identifier = 11,
           .subscriptions = {{"$share/g/",
                              {.maximum_qos = qos::at_least_once, .retain_as_published = true}}}}},
      {"v5 SUBACK", v5, server,
       wire("90 07"          // SUBACK, Remaining Length 7
            "00 0a"          // Packet Identifier 10
            "00"             // Property Length 0
            "00 01 02 8f"),  // Granted QoS 0, 1, 2, Topic Filter invalid
       suback{.packet_identifier = 10,
              .reason_codes = {reason_code::granted_qos_0, reason_code::granted_qos_1,
                               reason_code::granted_qos_2, reason_code::topic_filter_invalid}}},
      {"v5 UNSUBSCRIBE", v5, client,
       wire("a2 0b"        // UNSUBSCRIBE, Remaining Length 11
            "00 0b"        // Packet Identifier 11
            "00"           // Property Length 0
            "00 03 'a/b'"  // Topic Filter
            "00 01 '+'"),  // Topic Filter
       unsubscribe{.packet_identifier = 11, .topic_filters = {"a/b", "+"}}},
      {"v5 UNSUBACK", v5, server,
       wire("b0 05"    // UNSUBACK, Remaining Length 5
            "00 0b"    // Packet Identifier 11
            "00"       // Property Length 0
            "00 11"),  // Success, No subscription existed
       unsuback{.packet_identifier = 11,
                .reason_codes = {reason_code::success, reason_code::no_subscription_existed}}},
  };
}

/// Fields whose length takes more than one byte.
std::vector<golden_packet> long_packets() {
  const std::string text(200, 'a');
  const byte_buffer payload(16384, 0x5a);
  byte_buffer long_property = wire(
      "30 d2 01"         // PUBLISH, Remaining Length 210
      "00 01 't'"        // Topic Name
      "cd 01"            // Property Length 205
      "03 00 ca '10'");  // Content Type of 202 bytes
  const byte_view text_bytes = as_bytes(text);
  long_property.insert(long_property.end(), text_bytes.begin(), text_bytes.end());
  byte_buffer long_payload = wire(
      "30 84 80 01"     // PUBLISH, Remaining Length 16388
      "00 01 't' 00");  // Topic Name, Property Length 0
  long_payload.insert(long_payload.end(), payload.begin(), payload.end());
  return {
      {"v5 PUBLISH, lengths of two bytes", v5, client, std::move(long_property),
       publish{.topic_name = "t", .properties = {content_type("10" + text)}}},
      {"v5 PUBLISH, Remaining Length of three bytes", v5, client, std::move(long_payload),
       publish{.topic_name = "t", .payload = payload}},
  };
}

}  // namespace

std::vector<golden_packet> golden_packets_v5() {
  std::vector<golden_packet> all = connection_packets();
  for (const auto more : {message_packets, subscription_packets, long_packets}) {
    for (golden_packet& one : more()) all.push_back(std::move(one));
  }
  return all;
}

}  // namespace gauntlet::mqtt
