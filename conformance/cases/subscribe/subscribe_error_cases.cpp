// SUBSCRIBE packets that a client may not send. MQTT 5.0 §3.8.1, §3.8.2, §3.8.3

#include <functional>

#include "conformance/cases/subscribe/subscribe_cases.hpp"
#include "conformance/cases/support/deliveries.hpp"
#include "conformance/cases/support/raw_subscribe.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::raw_fields;
using mqtt::reason_code;

const refusal malformed{{reason_code::malformed_packet, reason_code::protocol_error}};
const refusal protocol_error{{reason_code::protocol_error, reason_code::malformed_packet}};

/// A SUBSCRIBE that is wrong, given a valid filter.
struct wrong_subscribe {
  const char* id;
  const char* title;
  std::vector<statement_name> covers;
  std::vector<caught_defect> defects;
  refusal manner;
  std::function<raw_filters(const std::string& filter)> make;
};

raw_filters with_options(const std::string& filter, std::uint8_t options) {
  return {.payload = filter_with_options(filter, options)};
}

raw_filters with_second_options(const std::string& filter, std::uint8_t options) {
  return {.payload = filter_with_options(filter, 0).append(filter_with_options(filter, options))};
}

std::vector<wrong_subscribe> wrong_headers() {
  return {
      {"MQTT-3.8.1-1/flags-0000",
       "A SUBSCRIBE with the fixed-header flags 0000 is refused",
       {v5("MQTT-3.8.1-1"), v3("MQTT-3.8.1-1")},
       {"accept-reserved-flags-of-subscribe"},
       malformed,
       [](const std::string& filter) {
         return raw_filters{.first_byte = 0x80, .payload = filter_with_options(filter, 0)};
       }},
      {"MQTT-3.8.1-1/flags-1010",
       "A SUBSCRIBE with the fixed-header flags 1010 is refused",
       {v5("MQTT-3.8.1-1"), v3("MQTT-3.8.1-1")},
       {"accept-reserved-flags-of-subscribe"},
       malformed,
       [](const std::string& filter) {
         return raw_filters{.first_byte = 0x8A, .payload = filter_with_options(filter, 0)};
       }},
      {"MQTT-2.2.1-3/subscribe",
       "A SUBSCRIBE with Packet Identifier 0 is refused",
       {v5("MQTT-2.2.1-3"), v5("PE-2.2.1-a"), v3("MQTT-2.3.1-1")},
       {"accept-packet-identifier-0-in-subscribe"},
       protocol_error,
       [](const std::string& filter) {
         return raw_filters{.packet_identifier = 0, .payload = filter_with_options(filter, 0)};
       }},
      {"MQTT-3.8.3-2/no-filter",
       "A SUBSCRIBE without Topic Filter is refused",
       {v5("MQTT-3.8.3-2"), v5("PE-3.8.3-a"), v3("MQTT-3.8.3-3")},
       {"accept-subscribe-without-filter"},
       protocol_error,
       [](const std::string&) { return raw_filters{}; }},
      {"PE-2.1.4-a/subscribe-without-options",
       "A SUBSCRIBE that ends before its options is refused",
       {v5("PE-2.1.4-a"), v3("MQTT-4.8.0-1")},
       {"accept-truncated-subscribe"},
       malformed,
       [](const std::string& filter) {
         return raw_filters{.payload = raw_fields().utf8_string(filter)};
       }},
      {"PE-2.1.4-a/subscribe-within-filter",
       "A SUBSCRIBE that ends within its filter is refused",
       {v5("PE-2.1.4-a"), v3("MQTT-4.8.0-1")},
       {"accept-truncated-subscribe"},
       malformed,
       [](const std::string& filter) {
         return raw_filters{.payload = raw_fields().utf8_string(filter, 400)};
       }},
      {"PE-2.2.2.2-h/strange-property",
       "A SUBSCRIBE with a property of other packets is refused",
       {v5("PE-2.2.2.2-h")},
       {"accept-strange-property-in-subscribe"},
       malformed,
       [](const std::string& filter) {
         return raw_filters{.properties = raw_fields().property(mqtt::content_type("text")),
                            .payload = filter_with_options(filter, 0)};
       }},
  };
}

std::vector<wrong_subscribe> wrong_strings() {
  return {
      {"MQTT-3.8.3-1/ill-formed",
       "A filter that is no UTF-8 is refused",
       {v5("MQTT-3.8.3-1"), v3("MQTT-3.8.3-1")},
       {"accept-ill-formed-topic-filter"},
       malformed,
       [](const std::string& filter) { return with_options(filter + "\xC3", 0); }},
      {"MQTT-3.8.3-1/second-ill-formed",
       "A second filter that is no UTF-8 is refused",
       {v5("MQTT-3.8.3-1"), v3("MQTT-3.8.3-1")},
       {"accept-ill-formed-topic-filter"},
       malformed,
       [](const std::string& filter) {
         return raw_filters{.payload = filter_with_options(filter, 0).append(
                                filter_with_options(filter + "\xED\xA0\x80", 0))};
       }},
      {"MQTT-4.7.3-2/subscribe",
       "A filter with U+0000 is refused",
       {v5("MQTT-4.7.3-2"), v5("MQTT-1.5.4-2"), v3("MQTT-4.7.3-2"), v3("MQTT-1.5.3-2")},
       {"accept-null-in-topic-filter"},
       malformed,
       [](const std::string& filter) { return with_options(filter + std::string("\0b", 2), 0); }},
  };
}

std::vector<wrong_subscribe> wrong_options() {
  const auto option = [](const char* id, const char* title, std::vector<statement_name> covers,
                         const char* defect, std::uint8_t bits, bool second) {
    return wrong_subscribe{
        id, title, std::move(covers), {defect}, malformed, [=](const std::string& filter) {
          return second ? with_second_options(filter, bits) : with_options(filter, bits);
        }};
  };
  const char* const reserved = "accept-reserved-subscription-options";
  return {
      option("MQTT-3.8.3-5/bit-6", "Bit 6 of the options is reserved", {v5("MQTT-3.8.3-5")},
             reserved, 0x40, false),
      option("MQTT-3.8.3-5/bit-7", "Bit 7 of the options is reserved",
             {v5("MQTT-3.8.3-5"), v3("MQTT-3.8.3-4")}, reserved, 0x80, false),
      option("MQTT-3.8.3-5/second-filter", "Reserved bits of a second filter's options count, too",
             {v5("MQTT-3.8.3-5"), v3("MQTT-3.8.3-4")}, reserved, 0xC0, true),
      option("MQTT-3.8.3-4/bit-2", "Bit 2 of the Requested QoS is reserved in 3.1.1",
             {v3("MQTT-3.8.3-4")}, reserved, 0x04, false),
      option("MQTT-3.8.3-4/bit-5", "Bit 5 of the Requested QoS is reserved in 3.1.1",
             {v3("MQTT-3.8.3-4")}, reserved, 0x20, false),
      option("PE-3.8.3.1-a/qos-3", "A subscription for QoS 3 is refused",
             {v5("PE-3.8.3.1-a"), v3("MQTT-3.8.3-4")}, "accept-subscription-qos-3", 0x03, false),
      option("PE-3.8.3.1-a/second-qos-3", "A second subscription for QoS 3 is refused",
             {v5("PE-3.8.3.1-a"), v3("MQTT-3.8.3-4")}, "accept-subscription-qos-3", 0x03, true),
      option("PE-3.8.3.1-b/retain-handling-3", "Retain Handling 3 is refused", {v5("PE-3.8.3.1-b")},
             "accept-retain-handling-3", 0x30, false),
      option("PE-3.8.3.1-b/second-retain-handling-3",
             "Retain Handling 3 of a second filter is refused", {v5("PE-3.8.3.1-b")},
             "accept-retain-handling-3", 0x30, true),
  };
}

void add(suite& to, const wrong_subscribe& each) {
  to.add({.id = each.id,
          .title = each.title,
          .covers = each.covers,
          .defects = each.defects,
          .body = [each](context& test) {
            expect_filters_refused(test, each.make(test.topic("t")), each.manner);
          }});
}

// Nobody else suffers for the error of one.
void others_go_on(context& test) {
  client& other = test.connected("other");
  other.subscribe(test.topic("t"), mqtt::qos::at_least_once);
  client& breaker = test.connected("breaker");
  breaker.send_bytes(raw_filters{}.bytes(test.version()));
  breaker.expect_close(protocol_error);
  test.connected("publisher").publish(test.topic("t"), "still here");
  other.expect_publish("still here");
}

}  // namespace

void add_subscribe_error_cases(suite& to) {
  for (const auto& list : {wrong_headers(), wrong_strings(), wrong_options()}) {
    for (const wrong_subscribe& each : list) add(to, each);
  }
  to.add({.id = "PE-4.13.1-b/subscribe",
          .title = "A wrong SUBSCRIBE ends the connection on which it came and no other",
          .covers = {v5("PE-4.13.1-b"), v5("MQTT-3.8.3-2"), v3("PR3-4.8-a"), v3("MQTT-3.8.3-3")},
          .needs = {need::qos1},
          .defects = {"close-all-connections-at-error", "accept-subscribe-without-filter"},
          .body = others_go_on});
}

}  // namespace gauntlet::conformance
