// CONNECT packets with properties that may not be there, not twice, or not with that value.
// MQTT 5.0 §2.2.2, §3.1.2.11

#include <fmt/format.h>

#include "conformance/cases/connect/connect_cases.hpp"
#include "conformance/cases/support/message_path.hpp"
#include "conformance/cases/support/publish_errors.hpp"
#include "conformance/cases/support/raw_connect.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::raw_fields;
using mqtt::reason_code;

const refusal as_protocol_error{{reason_code::protocol_error, reason_code::malformed_packet}};
const refusal as_malformed{{reason_code::malformed_packet, reason_code::protocol_error}};

connect_change with_properties(raw_fields properties) {
  return [properties](auto&, raw_connect& p) { p.properties = properties; };
}

raw_fields twice(const mqtt::property& item) { return fields_of({item, item}); }

struct repeatable {
  std::string_view name;
  const char* statement;
  const char* defect;
  mqtt::property item;
};

void add_twice(suite& to) {
  const repeatable all[] = {
      {"Session Expiry Interval", "PE-3.1.2.11.2-a", "accept-session-expiry-interval-twice",
       mqtt::session_expiry_interval(5)},
      {"Receive Maximum", "PE-3.1.2.11.3-a", "accept-receive-maximum-twice",
       mqtt::receive_maximum(10)},
      {"Maximum Packet Size", "PE-3.1.2.11.4-a", "accept-maximum-packet-size-twice",
       mqtt::maximum_packet_size(10'000)},
      {"Topic Alias Maximum", "PE-3.1.2.11.5-a", "accept-topic-alias-maximum-twice",
       mqtt::topic_alias_maximum(5)},
      {"Request Response Information", "PE-3.1.2.11.6-a",
       "accept-request-response-information-twice", mqtt::request_response_information(1)},
      {"Request Problem Information", "PE-3.1.2.11.7-a", "accept-request-problem-information-twice",
       mqtt::request_problem_information(1)},
  };
  for (const repeatable& each : all) {
    test_case added{.id = fmt::format("{}/twice", each.statement),
                    .title = fmt::format("A CONNECT with {} twice is refused", each.name),
                    .covers = {v5(each.statement)},
                    .defects = {each.defect}};
    to.add(refused_connect(std::move(added), as_protocol_error, with_properties(twice(each.item)),
                           with_properties(fields_of({each.item}))));
  }
  to.add(refused_connect(
      {.id = "PE-3.1.2.11.2-a/twice-with-different-values",
       .title = "A CONNECT with two different Session Expiry Intervals is refused",
       .covers = {v5("PE-3.1.2.11.2-a")},
       .defects = {"accept-session-expiry-interval-twice"}},
      as_protocol_error,
      with_properties(
          fields_of({mqtt::session_expiry_interval(5), mqtt::session_expiry_interval(0)})),
      with_properties(fields_of({mqtt::session_expiry_interval(5)}))));
}

void add_values(suite& to) {
  struct value {
    const char* id;
    std::string_view title;
    const char* statement;
    const char* defect;
    mqtt::property wrong;
    mqtt::property right;
  };
  for (const value& each :
       {value{"PE-3.1.2.11.3-b/zero", "A CONNECT with Receive Maximum 0 is refused",
              "PE-3.1.2.11.3-b", "accept-receive-maximum-0", mqtt::receive_maximum(0),
              mqtt::receive_maximum(1)},
        value{"PE-3.1.2.11.4-b/zero", "A CONNECT with Maximum Packet Size 0 is refused",
              "PE-3.1.2.11.4-b", "accept-maximum-packet-size-0", mqtt::maximum_packet_size(0),
              mqtt::maximum_packet_size(10'000)},
        value{"PE-3.1.2.11.6-b/two", "A CONNECT with Request Response Information 2 is refused",
              "PE-3.1.2.11.6-b", "accept-request-response-information-2",
              mqtt::request_response_information(2), mqtt::request_response_information(1)},
        value{"PE-3.1.2.11.6-b/255", "A CONNECT with Request Response Information 255 is refused",
              "PE-3.1.2.11.6-b", "accept-request-response-information-2",
              mqtt::request_response_information(255), mqtt::request_response_information(0)},
        value{"PE-3.1.2.11.7-b/two", "A CONNECT with Request Problem Information 2 is refused",
              "PE-3.1.2.11.7-b", "accept-request-problem-information-2",
              mqtt::request_problem_information(2), mqtt::request_problem_information(1)},
        value{"PE-3.1.2.11.7-b/255", "A CONNECT with Request Problem Information 255 is refused",
              "PE-3.1.2.11.7-b", "accept-request-problem-information-2",
              mqtt::request_problem_information(255), mqtt::request_problem_information(0)}}) {
    to.add(refused_connect({.id = each.id,
                            .title = std::string(each.title),
                            .covers = {v5(each.statement)},
                            .defects = {each.defect}},
                           as_protocol_error, with_properties(fields_of({each.wrong})),
                           with_properties(fields_of({each.right}))));
  }
}

void add_strange(suite& to) {
  struct stranger {
    std::string_view word;
    mqtt::property item;
  };
  for (const stranger& each :
       {stranger{"payload-format-indicator", mqtt::payload_format_indicator(1)},
        stranger{"message-expiry-interval", mqtt::message_expiry_interval(5)},
        stranger{"subscription-identifier", mqtt::subscription_identifier(1)},
        stranger{"assigned-client-identifier", mqtt::assigned_client_identifier("a")},
        stranger{"will-delay-interval", mqtt::will_delay_interval(1)},
        stranger{"topic-alias", mqtt::topic_alias(1)},
        stranger{"reason-string", mqtt::reason_string("r")},
        stranger{"maximum-qos", mqtt::maximum_qos(1)}}) {
    to.add(refused_connect(
        {.id = fmt::format("PE-2.2.2.2-a/{}", each.word),
         .title = fmt::format("A CONNECT with the property {:#04x}, of other packets, is refused",
                              static_cast<unsigned>(each.item.id)),
         .covers = {v5("PE-2.2.2.2-a")},
         .defects = {"accept-strange-property-in-connect"}},
        as_malformed, with_properties(fields_of({each.item}))));
  }
}

void add_shape(suite& to) {
  to.add(refused_connect(
      {.id = "PE-3.1.2.11.10-a/data-without-method",
       .title = "A CONNECT with Authentication Data and no Authentication Method is refused",
       .covers = {v5("PE-3.1.2.11.10-a")},
       .defects = {"accept-authentication-data-without-method"}},
      as_protocol_error, with_properties(fields_of({mqtt::authentication_data({'n'})}))));
  for (const std::uint32_t identifier : {0x00U, 0x04U, 0x2BU, 0x7FU, 0x80U}) {
    to.add(refused_connect(
        {.id = fmt::format("PE-2.2.2.2-l/connect-{:02x}", identifier),
         .title =
             fmt::format("A CONNECT with the undefined property {:#04x} is refused", identifier),
         .covers = {v5("PE-2.2.2.2-l")},
         .defects = {"accept-undefined-property"}},
        as_malformed, with_properties(raw_fields().property_identifier(identifier).byte(1))));
  }
  to.add(
      refused_connect({.id = "PE-2.2.2.1-a/connect-length-beyond-packet",
                       .title = "A CONNECT whose Property Length runs past the packet is refused",
                       .covers = {v5("PE-2.2.2.1-a"), v5("MQTT-3.1.4-1")},
                       .defects = {"accept-property-length-beyond-packet"}},
                      as_malformed, [](auto&, raw_connect& p) { p.property_length = 127; }));
  to.add(refused_connect(
      {.id = "PE-2.2.2.2-m/connect-short-integer",
       .title = "A CONNECT whose properties end within a Four Byte Integer is refused",
       .covers = {v5("PE-2.2.2.2-m"), v5("PE-2.2.2.1-a")},
       .defects = {"accept-property-beyond-length"}},
      as_malformed, with_properties(raw_fields().property_identifier(0x11).append("\1\2\3")),
      with_properties(fields_of({mqtt::session_expiry_interval(5)}))));
  to.add(refused_connect(
      {.id = "PE-2.2.2.2-m/connect-pair-without-value",
       .title = "A CONNECT whose properties end within a User Property is refused",
       .covers = {v5("PE-2.2.2.2-m")},
       .defects = {"accept-property-beyond-length"}},
      as_malformed, with_properties(raw_fields().property_identifier(0x26).utf8_string("name")),
      with_properties(fields_of({mqtt::user_property("name", "value")}))));
}

// The same properties, in and out of the order of their identifiers, are taken.
void any_order_is_taken(context& test) {
  const mqtt::property_list ordered{mqtt::session_expiry_interval(0), mqtt::receive_maximum(20),
                                    mqtt::topic_alias_maximum(3), mqtt::user_property("a", "1")};
  const mqtt::property_list mixed{mqtt::user_property("a", "1"), mqtt::topic_alias_maximum(3),
                                  mqtt::session_expiry_interval(0), mqtt::user_property("b", "2"),
                                  mqtt::receive_maximum(20)};
  test.connected("ordered", {.properties = ordered});
  client& other = test.connecting("mixed", {.properties = mixed});
  other.expect_connack();
  prove_delivery(test, other);
}

}  // namespace

void add_connect_property_cases(suite& to) {
  add_twice(to);
  add_values(to);
  add_strange(to);
  add_shape(to);
  to.add({.id = "PR5-2.2.2.2-a/connect",
          .title = "The order of the properties of CONNECT has no meaning",
          .covers = {v5("PR5-2.2.2.2-a")},
          .needs = {need::qos1},
          .defects = {"refuse-properties-out-of-order"},
          .body = any_order_is_taken});
}

}  // namespace gauntlet::conformance
