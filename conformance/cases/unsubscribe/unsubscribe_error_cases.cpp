// UNSUBSCRIBE packets that a client may not send. MQTT 5.0 §3.10.1, §3.10.3

#include <functional>

#include "conformance/cases/support/raw_subscribe.hpp"
#include "conformance/cases/unsubscribe/unsubscribe_cases.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::raw_fields;
using mqtt::reason_code;

const refusal malformed{{reason_code::malformed_packet, reason_code::protocol_error}};

struct wrong_unsubscribe {
  const char* id;
  const char* title;
  std::vector<statement_name> covers;
  const char* defect;
  std::function<raw_filters(const std::string& filter)> make;
};

raw_filters with_payload(raw_fields payload) {
  return {.first_byte = unsubscribe_first_byte, .payload = std::move(payload)};
}

std::vector<wrong_unsubscribe> wrong_unsubscribes() {
  return {
      {"MQTT-3.10.1-1/flags-0000",
       "An UNSUBSCRIBE with the fixed-header flags 0000 is refused",
       {v5("MQTT-3.10.1-1"), v3("MQTT-3.10.1-1")},
       "accept-reserved-flags-of-unsubscribe",
       [](const std::string& filter) {
         raw_filters wrong = with_payload(raw_fields().utf8_string(filter));
         wrong.first_byte = 0xA0;
         return wrong;
       }},
      {"MQTT-3.10.1-1/flags-0011",
       "An UNSUBSCRIBE with the fixed-header flags 0011 is refused",
       {v5("MQTT-3.10.1-1"), v3("MQTT-3.10.1-1")},
       "accept-reserved-flags-of-unsubscribe",
       [](const std::string& filter) {
         raw_filters wrong = with_payload(raw_fields().utf8_string(filter));
         wrong.first_byte = 0xA3;
         return wrong;
       }},
      {"MQTT-3.10.3-2/no-filter",
       "An UNSUBSCRIBE without Topic Filter is refused",
       {v5("MQTT-3.10.3-2"), v5("PE-3.10.3-a"), v3("MQTT-3.10.3-2")},
       "accept-unsubscribe-without-filter",
       [](const std::string&) { return with_payload({}); }},
      {"MQTT-3.10.3-1/ill-formed",
       "An UNSUBSCRIBE with a filter that is no UTF-8 is refused",
       {v5("MQTT-3.10.3-1"), v3("MQTT-3.10.3-1")},
       "accept-ill-formed-unsubscribe-filter",
       [](const std::string& filter) {
         return with_payload(raw_fields().utf8_string(filter + "\xFF"));
       }},
      {"MQTT-3.10.3-1/second-ill-formed",
       "An UNSUBSCRIBE with a second filter that is no UTF-8 is refused",
       {v5("MQTT-3.10.3-1"), v3("MQTT-3.10.3-1")},
       "accept-ill-formed-unsubscribe-filter",
       [](const std::string& filter) {
         return with_payload(raw_fields().utf8_string(filter).utf8_string(filter + "\xED\xBF\xBF"));
       }},
      {"MQTT-3.10.3-1/length-past-end",
       "An UNSUBSCRIBE with a filter that is longer than the packet is refused",
       {v5("MQTT-3.10.3-1"), v5("PE-2.1.4-a"), v3("MQTT-3.10.3-1")},
       "accept-truncated-unsubscribe",
       [](const std::string& filter) {
         return with_payload(raw_fields().utf8_string(filter, 400));
       }},
      {"MQTT-4.7.3-2/unsubscribe",
       "An UNSUBSCRIBE with U+0000 in its filter is refused",
       {v5("MQTT-4.7.3-2"), v3("MQTT-4.7.3-2")},
       "accept-null-in-unsubscribe-filter",
       [](const std::string& filter) {
         return with_payload(raw_fields().utf8_string(filter + std::string("\0b", 2)));
       }},
      {"MQTT-2.2.1-3/unsubscribe",
       "An UNSUBSCRIBE with Packet Identifier 0 is refused",
       {v5("MQTT-2.2.1-3"), v5("PE-2.2.1-a"), v3("MQTT-2.3.1-1")},
       "accept-packet-identifier-0-in-unsubscribe",
       [](const std::string& filter) {
         raw_filters wrong = with_payload(raw_fields().utf8_string(filter));
         wrong.packet_identifier = 0;
         return wrong;
       }},
      {"PE-2.2.2.2-i/strange-property",
       "An UNSUBSCRIBE with a property of other packets is refused",
       {v5("PE-2.2.2.2-i")},
       "accept-strange-property-in-unsubscribe",
       [](const std::string& filter) {
         raw_filters wrong = with_payload(raw_fields().utf8_string(filter));
         wrong.properties.property(mqtt::subscription_identifier(1));
         return wrong;
       }},
  };
}

}  // namespace

void add_unsubscribe_error_cases(suite& to) {
  for (const wrong_unsubscribe& each : wrong_unsubscribes()) {
    to.add({.id = each.id,
            .title = each.title,
            .covers = each.covers,
            .defects = {each.defect},
            .body = [each](context& test) {
              expect_filters_refused(test, each.make(test.topic("t")), malformed);
            }});
  }
}

}  // namespace gauntlet::conformance
