// Goal: every Malformed Packet and Protocol Error of a client ends its connection, with the Reason
// Code that the standard gives (MQTT 5.0 §4.13, 3.1.1 §4.8), and nobody else's.

#include <cctype>

#include "tests/unit/broker/bench.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::reason_code;

constexpr auto malformed = reason_code::malformed_packet;
constexpr auto breach = reason_code::protocol_error;
constexpr auto version_error = reason_code::unsupported_protocol_version;

// Bytes as hexadecimal pairs and as text in single quotes.
byte_buffer wire(std::string_view text) {
  const auto digit = [](char c) {
    return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
  };
  byte_buffer bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ' ') continue;
    if (text[i] == '\'') {
      for (++i; text[i] != '\''; ++i) bytes.push_back(static_cast<std::uint8_t>(text[i]));
    } else {
      bytes.push_back(static_cast<std::uint8_t>(digit(text[i]) << 4U | digit(text[i + 1])));
      ++i;
    }
  }
  return bytes;
}

struct error_row {
  const char* statements;
  const char* bytes;
  reason_code code;
};

// A watcher subscribed to everything sees nothing of the packet; a bystander's connection goes on.
class Errors {
 public:
  explicit Errors(mqtt::protocol_version version) : version_(version) {
    watcher_ = &broker.connected("watcher", version);
    watcher_->subscribe("#", qos2);
  }

  void in_packet(const error_row& row) {
    SCOPED_TRACE(std::string(row.statements) + ": " + row.bytes);
    peer& a = broker.connected("a", version_);
    a.send_raw(wire(row.bytes));
    a.expect_refusal(row.code);
    bystanders_are_served();
  }

  void in_connect(const error_row& row) {
    SCOPED_TRACE(std::string(row.statements) + ": " + row.bytes);
    peer& a = broker.open(version_);
    a.send_raw(wire(row.bytes));
    if (version_ == v5 || row.code == version_error) {
      a.expect(mqtt::connack{.reason_code = row.code});
    }
    a.expect_closed();  // 3.1.1 without CONNACK [MQTT-3.1.4-1 of 3.1.1]
    bystanders_are_served();
  }

  bench broker;

 private:
  void bystanders_are_served() {
    watcher_->send(mqtt::pingreq{});
    watcher_->expect(mqtt::pingresp{});
  }

  mqtt::protocol_version version_;
  peer* watcher_ = nullptr;
};

TEST(ErrorsV5, OfEveryPacketTypeEndTheConnection) {
  Errors errors(v5);
  for (const error_row& row : std::vector<error_row>{
           {"PE-2.1.2-a", "00 00", malformed},
           {"PE-2.1.2-b", "20 03 00 00 00", breach},
           {"PE-2.1.2-b", "90 04 00 01 00 00", breach},
           {"PE-2.1.2-b", "b0 04 00 01 00 00", breach},
           {"PE-2.1.2-b", "d0 00", breach},
           {"MQTT-2.1.3-1 PE-2.1.3-a", "c1 00", malformed},
           {"MQTT-2.1.3-1", "41 02 00 01", malformed},
           {"MQTT-3.6.1-1", "60 02 00 01", malformed},
           {"MQTT-3.8.1-1", "80 07 00 01 00 00 01 't' 00", malformed},
           {"MQTT-3.10.1-1", "a0 06 00 01 00 00 01 't'", malformed},
           {"MQTT-3.14.1-1", "e1 00", malformed},
           {"MQTT-3.15.1-1", "f1 00", malformed},
           {"PE-1.5.5-a", "30 ff ff ff ff 01", malformed},
           {"MQTT-1.5.5-1", "30 84 00 00 01 't' 00", malformed},
           {"MQTT-1.5.5-1", "30 06 00 01 't' 80 00 'x'", malformed},
           {"PE-2.1.4-a", "30 03 00 05 't'", malformed},
           {"PE-2.1.4-a", "40 05 00 01 00 00 00", malformed},
           {"PE-3.12.1-a", "c0 01 00", malformed},
           {"PE-2.2.2.1-a", "30 05 00 01 't' 09 'x'", malformed},
           {"MQTT-2.2.2-1", "30 03 00 01 't'", malformed},
           {"PE-2.2.2.2-l", "30 06 00 01 't' 02 7f 00", malformed},
           {"PE-2.2.2.2-m", "30 08 00 01 't' 04 02 00 00 00", malformed},
           {"MQTT-3.15.2-1 PE-3.15.2.1-a", "f0 00", breach},
           {"PE-3.15.2.2.2-a", "f0 02 18 00", breach},
           {"MQTT-4.12.0-7 PE-3.15-a", "f0 06 19 04 15 00 01 'm'", breach},
           {"MQTT-3.14.2-1 PE-3.14.2.1-a", "e0 01 8e", breach},
           {"PE-3.14.2.2.2-a", "e0 0c 00 0a 11 00 00 00 00 11 00 00 00 00", breach},
           {"PE-3.14.2.2.2-b", "e0 07 00 05 11 00 00 00 01", breach},
           {"PE-3.14.2.2.3-a", "e0 08 00 06 1f 00 00 1f 00 00", breach},
           {"PE-2.2.2.2-j", "e0 05 00 03 21 00 01", malformed}}) {
    errors.in_packet(row);
  }
}

TEST(ErrorsV5, OfPublishEndTheConnection) {
  Errors errors(v5);
  for (const error_row& row : std::vector<error_row>{
           {"MQTT-3.3.1-4 PE-3.3.1.2-a", "36 06 00 01 't' 00 01 00", malformed},
           {"MQTT-3.3.1-2", "38 04 00 01 't' 00", breach},
           {"MQTT-2.2.1-3 PE-2.2.1-a", "32 06 00 01 't' 00 00 00", breach},
           {"MQTT-1.5.4-1 PE-1.5.4-a", "30 06 00 03 ed a0 80 00", malformed},
           {"MQTT-1.5.4-2 PE-1.5.4-b", "30 05 00 02 'a' 00 00", malformed},
           {"MQTT-3.3.2-2 MQTT-4.7.0-1", "30 06 00 03 'a/+' 00", breach},
           {"MQTT-3.3.2-2", "30 04 00 01 '#' 00", breach},
           {"MQTT-4.7.3-1 PE-3.3.2.1-a", "30 03 00 00 00", breach},
           {"PE-2.2.2.2-c", "30 07 00 01 't' 03 21 00 01", malformed},
           {"PE-3.3.2.3.2-a", "30 08 00 01 't' 04 01 00 01 00", breach},
           {"PE-3.3.2.3.2-b", "30 06 00 01 't' 02 01 02", breach},
           {"PE-3.3.2.3.3-a", "30 0e 00 01 't' 0a 02 00 00 00 01 02 00 00 00 01", breach},
           {"PE-3.3.2.3.4-a", "30 0a 00 01 't' 06 23 00 01 23 00 01", breach},
           {"PE-3.3.2.3.5-a", "30 0c 00 01 't' 08 08 00 01 'r' 08 00 01 'r'", breach},
           {"PE-3.3.2.3.6-a", "30 0a 00 01 't' 06 09 00 00 09 00 00", breach},
           {"PE-3.3.2.3.9-a", "30 0a 00 01 't' 06 03 00 00 03 00 00", breach},
           {"MQTT-3.3.2-14", "30 08 00 01 't' 04 08 00 01 '+'", breach},
           {"MQTT-3.3.2-13", "30 08 00 01 't' 04 08 00 01 ff", malformed},
           {"MQTT-3.3.2-19", "30 08 00 01 't' 04 03 00 01 ff", malformed},
           {"MQTT-1.5.7-1 PE-1.5.7-a", "30 0a 00 01 't' 06 26 00 00 00 01 ff", malformed},
           {"MQTT-3.3.4-6 PE-3.3.4-f", "30 06 00 01 't' 02 0b 01", breach},
           {"MQTT-3.3.2-8 PE-3.3.4-a", "30 07 00 01 't' 03 23 00 00",
            reason_code::topic_alias_invalid},
           {"MQTT-3.2.2-17 PE-3.3.4-b", "30 07 00 01 't' 03 23 00 41",
            reason_code::topic_alias_invalid},
           {"PE-3.3.4-c", "30 06 00 00 03 23 00 01", breach}}) {
    errors.in_packet(row);
  }
}

TEST(ErrorsV5, OfAcknowledgementsEndTheConnection) {
  Errors errors(v5);
  for (const error_row& row :
       std::vector<error_row>{{"MQTT-3.4.2-1 PE-3.4.2.1-a", "40 03 00 01 55", breach},
                              {"MQTT-3.5.2-1 PE-3.4.2.1-a", "50 03 00 01 11", breach},
                              {"MQTT-3.6.2-1 PE-3.4.2.1-a", "62 03 00 01 10", breach},
                              {"MQTT-3.7.2-1 PE-3.4.2.1-a", "70 03 00 01 80", breach},
                              {"PE-2.2.2.2-d", "40 07 00 01 00 03 21 00 01", malformed},
                              {"PE-2.2.2.2-e", "50 07 00 01 00 03 21 00 01", malformed},
                              {"PE-2.2.2.2-f", "62 07 00 01 00 03 21 00 01", malformed},
                              {"PE-2.2.2.2-g", "70 07 00 01 00 03 21 00 01", malformed},
                              {"PE-3.4.2.2.2-a", "40 0a 00 01 00 06 1f 00 00 1f 00 00", breach},
                              {"PE-3.5.2.2.2-a", "50 0a 00 01 00 06 1f 00 00 1f 00 00", breach},
                              {"PE-3.6.2.2.2-a", "62 0a 00 01 00 06 1f 00 00 1f 00 00", breach},
                              {"PE-3.7.2.2.2-a", "70 0a 00 01 00 06 1f 00 00 1f 00 00", breach},
                              {"PE-2.2.1-a", "40 02 00 00", breach},
                              {"PE-2.2.1-a", "62 02 00 00", breach}}) {
    errors.in_packet(row);
  }
}

TEST(ErrorsV5, OfSubscribeAndUnsubscribeEndTheConnection) {
  Errors errors(v5);
  for (const error_row& row :
       std::vector<error_row>{{"PE-2.2.1-a", "82 07 00 00 00 00 01 't' 00", breach},
                              {"MQTT-3.8.3-2 PE-3.8.3-a", "82 03 00 01 00", breach},
                              {"MQTT-3.8.3-5", "82 07 00 01 00 00 01 't' 40", malformed},
                              {"PE-3.8.3.1-a", "82 07 00 01 00 00 01 't' 03", breach},
                              {"PE-3.8.3.1-b", "82 07 00 01 00 00 01 't' 30", breach},
                              {"MQTT-3.8.3-4", "82 10 00 01 00 00 0a '$share/g/t' 04", breach},
                              {"MQTT-3.8.3-1", "82 07 00 01 00 00 01 ff 00", malformed},
                              {"MQTT-4.7.3-2", "82 07 00 01 00 00 01 00 00", malformed},
                              {"PE-3.8.2.1.2-a", "82 09 00 01 02 0b 00 00 01 't' 00", breach},
                              {"PE-3.8.2.1.2-b", "82 0b 00 01 04 0b 01 0b 02 00 01 't' 00", breach},
                              {"PE-2.2.2.2-h", "82 0a 00 01 03 21 00 01 00 01 't' 00", malformed},
                              {"MQTT-3.10.3-2 PE-3.10.3-a", "a2 03 00 01 00", breach},
                              {"MQTT-3.10.3-1", "a2 06 00 01 00 00 01 ff", malformed},
                              {"PE-2.2.2.2-i", "a2 08 00 01 02 0b 01 00 01 't'", malformed}}) {
    errors.in_packet(row);
  }
}

TEST(ErrorsV5, OfConnectAreAnsweredAndEndTheConnection) {
  Errors errors(v5);
  for (const error_row& row : std::vector<error_row>{
           {"MQTT-3.1.2-3 PE-3.1.2.3-a", "10 0d 00 04 'MQTT' 05 03 00 00 00 00 00", malformed},
           {"MQTT-3.1.2-12 PE-3.1.2.6-a", "10 0d 00 04 'MQTT' 05 1e 00 00 00 00 00", malformed},
           {"MQTT-3.1.2-11", "10 0d 00 04 'MQTT' 05 0a 00 00 00 00 00", breach},
           {"MQTT-3.1.2-13", "10 0d 00 04 'MQTT' 05 22 00 00 00 00 00", breach},
           {"MQTT-3.1.3-3", "10 0b 00 04 'MQTT' 05 02 00 00 00", malformed},
           {"MQTT-3.1.3-4 MQTT-3.1.4-1", "10 0e 00 04 'MQTT' 05 02 00 00 00 00 01 ff", malformed},
           {"MQTT-3.1.2-9 PE-3.1.3-a", "10 0d 00 04 'MQTT' 05 06 00 00 00 00 00", malformed},
           {"MQTT-3.1.2-17", "10 0d 00 04 'MQTT' 05 82 00 00 00 00 00", malformed},
           {"MQTT-3.1.2-16", "10 10 00 04 'MQTT' 05 02 00 00 00 00 00 00 01 'u'", malformed},
           {"MQTT-3.1.2-19", "10 0d 00 04 'MQTT' 05 42 00 00 00 00 00", malformed},
           {"MQTT-3.1.3-12", "10 10 00 04 'MQTT' 05 82 00 00 00 00 00 00 01 ff", malformed},
           {"MQTT-3.1.3-11", "10 13 00 04 'MQTT' 05 06 00 00 00 00 00 00 00 01 ff 00 00",
            malformed},
           {"PE-3.1.3.3-a", "10 12 00 04 'MQTT' 05 06 00 00 00 00 00 00 00 00 00 00", breach},
           {"PE-3.1.3.3-a", "10 13 00 04 'MQTT' 05 06 00 00 00 00 00 00 00 01 '#' 00 00", breach},
           {"PE-3.1.3.2.6-b",
            "10 17 00 04 'MQTT' 05 06 00 00 00 00 00 04 08 00 01 '#' 00 01 'w' 00 00", breach},
           {"PE-3.1.3.2.3-b", "10 15 00 04 'MQTT' 05 06 00 00 00 00 00 02 01 02 00 01 'w' 00 00",
            breach},
           {"PE-2.2.2.2-b", "10 16 00 04 'MQTT' 05 06 00 00 00 00 00 03 23 00 01 00 01 'w' 00 00",
            malformed},
           {"PE-3.1.3.2.2-a",
            "10 1d 00 04 'MQTT' 05 06 00 00 00 00 00 0a 18 00 00 00 01 18 00 00 00 01 00 01 'w' "
            "00 00",
            breach},
           {"PE-2.2.2.2-a", "10 10 00 04 'MQTT' 05 02 00 00 03 23 00 01 00 00", malformed},
           {"PE-3.1.2.11.2-a",
            "10 17 00 04 'MQTT' 05 02 00 00 0a 11 00 00 00 01 11 00 00 00 01 00 00", breach},
           {"PE-3.1.2.11.3-a", "10 13 00 04 'MQTT' 05 02 00 00 06 21 00 01 21 00 01 00 00", breach},
           {"PE-3.1.2.11.3-b", "10 10 00 04 'MQTT' 05 02 00 00 03 21 00 00 00 00", breach},
           {"PE-3.1.2.11.4-b", "10 12 00 04 'MQTT' 05 02 00 00 05 27 00 00 00 00 00 00", breach},
           {"PE-3.1.2.11.5-a", "10 13 00 04 'MQTT' 05 02 00 00 06 22 00 01 22 00 01 00 00", breach},
           {"PE-3.1.2.11.6-a", "10 11 00 04 'MQTT' 05 02 00 00 04 19 00 19 00 00 00", breach},
           {"PE-3.1.2.11.6-b", "10 0f 00 04 'MQTT' 05 02 00 00 02 19 02 00 00", breach},
           {"PE-3.1.2.11.7-a", "10 11 00 04 'MQTT' 05 02 00 00 04 17 00 17 00 00 00", breach},
           {"PE-3.1.2.11.7-b", "10 0f 00 04 'MQTT' 05 02 00 00 02 17 02 00 00", breach},
           {"PE-3.1.2.11.9-a", "10 13 00 04 'MQTT' 05 02 00 00 06 15 00 00 15 00 00 00 00", breach},
           {"PE-3.1.2.11.10-a", "10 10 00 04 'MQTT' 05 02 00 00 03 16 00 00 00 00", breach}}) {
    errors.in_connect(row);
  }
}

TEST(ErrorsV3, EndTheConnection) {
  Errors errors(v3);
  for (const error_row& row :
       std::vector<error_row>{{"PR3-2.2.1-a", "00 00", malformed},
                              {"PR3-2.2.1-a", "f0 00", malformed},
                              {"PR3-2.2.1-a", "d0 00", malformed},
                              {"MQTT-2.2.2-2", "c1 00", malformed},
                              {"MQTT-3.6.1-1", "60 02 00 01", malformed},
                              {"MQTT-3.8.1-1", "80 06 00 01 00 01 't' 00", malformed},
                              {"MQTT-3.10.1-1", "a0 05 00 01 00 01 't'", malformed},
                              {"MQTT-3.14.1-1", "e1 00", malformed},
                              {"PR3-2.2.3-a", "30 ff ff ff ff 01", malformed},
                              {"MQTT-3.3.1-4", "36 05 00 01 't' 00 01", malformed},
                              {"MQTT-3.3.1-2", "38 03 00 01 't'", malformed},
                              {"MQTT-1.5.3-1", "30 03 00 01 ff", malformed},
                              {"MQTT-1.5.3-2", "30 04 00 02 'a' 00", malformed},
                              {"MQTT-3.3.2-2 MQTT-4.7.1-1", "30 03 00 01 '#'", malformed},
                              {"MQTT-4.7.3-1", "30 02 00 00", malformed},
                              {"MQTT-2.3.1-1", "32 05 00 01 't' 00 00", malformed},
                              {"MQTT-2.3.1-1", "82 06 00 00 00 01 't' 00", malformed},
                              {"MQTT-3.8.3-3", "82 02 00 01", malformed},
                              {"MQTT-3.8.3-4", "82 06 00 01 00 01 't' 04", malformed},
                              {"MQTT-3.8.3-4", "82 06 00 01 00 01 't' 03", malformed},
                              {"MQTT-3.8.3-1", "82 06 00 01 00 01 ff 00", malformed},
                              {"MQTT-3.10.3-2", "a2 02 00 01", malformed},
                              {"MQTT-3.10.3-1", "a2 05 00 01 00 01 ff", malformed},
                              {"PR3-3.4.1-a", "40 03 00 01 00", malformed},
                              {"PR3-3.4.1-a", "c0 01 00", malformed},
                              {"PR3-3.4.1-a", "e0 01 00", malformed}}) {
    errors.in_packet(row);
  }
}

TEST(ErrorsV3, OfConnectEndTheConnectionWithoutConnack) {
  Errors errors(v3);
  for (const error_row& row : std::vector<error_row>{
           {"MQTT-3.1.2-3", "10 0c 00 04 'MQTT' 04 03 00 00 00 00", malformed},
           {"MQTT-3.1.2-14", "10 0c 00 04 'MQTT' 04 1e 00 00 00 00", malformed},
           {"MQTT-3.1.2-13 -11", "10 0c 00 04 'MQTT' 04 12 00 00 00 00", malformed},
           {"MQTT-3.1.2-15", "10 0c 00 04 'MQTT' 04 22 00 00 00 00", malformed},
           {"MQTT-3.1.2-22", "10 0f 00 04 'MQTT' 04 42 00 00 00 00 00 01 'p'", malformed},
           {"MQTT-3.1.2-19", "10 0c 00 04 'MQTT' 04 82 00 00 00 00", malformed},
           {"MQTT-3.1.2-18", "10 0f 00 04 'MQTT' 04 02 00 00 00 00 00 01 'u'", malformed},
           {"MQTT-3.1.3-3", "10 0a 00 04 'MQTT' 04 02 00 00", malformed},
           {"MQTT-3.1.3-4", "10 0d 00 04 'MQTT' 04 02 00 00 00 01 ff", malformed},
           {"MQTT-3.1.2-9", "10 0c 00 04 'MQTT' 04 06 00 00 00 00", malformed},
           {"MQTT-3.1.3-10", "10 11 00 04 'MQTT' 04 06 00 00 00 00 00 01 ff 00 00", malformed},
           {"MQTT-3.1.3-11", "10 0f 00 04 'MQTT' 04 82 00 00 00 00 00 01 ff", malformed},
           {"MQTT-3.1.2-1", "10 0c 00 04 'MQTX' 04 02 00 00 00 00", version_error},
           // One that may be of 5.0, too: answered as 3.1.1 demands.
           {"MQTT-3.1.2-1", "10 0d 00 04 'MQTX' 05 02 00 00 00 00 00", version_error},
           {"MQTT-3.1.2-2", "10 0c 00 04 'MQTT' 07 02 00 00 00 00", version_error}}) {
    errors.in_connect(row);
  }
}

}  // namespace
}  // namespace gauntlet::broker
