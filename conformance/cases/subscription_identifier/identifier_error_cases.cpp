// Identifiers that a client may not give. MQTT 5.0 §3.8.2.1.2, §3.3.4

#include "conformance/cases/subscription_identifier/subscription_identifier_cases.hpp"
#include "conformance/cases/support/raw_subscribe.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::raw_fields;
using mqtt::reason_code;

const refusal refused{{reason_code::protocol_error, reason_code::malformed_packet}};

void expect_properties_refused(context& test, const raw_fields& properties) {
  expect_filters_refused(
      test, {.properties = properties, .payload = filter_with_options(test.topic("t"), 0)},
      refused);
}

void zero(context& test) {
  expect_properties_refused(test, raw_fields().property_identifier(0x0B).variable_byte_integer(0));
}

void twice(context& test) {
  expect_properties_refused(test, raw_fields()
                                      .property(mqtt::subscription_identifier(1))
                                      .property(mqtt::subscription_identifier(2)));
}

void needlessly_long(context& test) {
  expect_properties_refused(test,
                            raw_fields().property_identifier(0x0B).variable_byte_integer(1, 2));
}

// A PUBLISH of a client with that identifier; the same without it is taken.
void in_publish(context& test, std::uint32_t identifier) {
  const auto publish = [&](client& c, const raw_fields& properties) {
    c.send_bytes(mqtt::raw_packet{
        .first_byte = 0x30,
        .body = raw_fields().utf8_string(test.topic("t")).properties(properties).append("x")}
                     .bytes());
  };
  client& watcher = test.connected("watcher");
  watcher.subscribe(test.topic("t"), mqtt::qos::at_most_once);
  expect_refused(
      test, {.control =
                 [&](client& c) {
                   publish(c, {});
                   watcher.receive("x");
                 },
             .commit =
                 [&](client& c) {
                   publish(
                       c, raw_fields().property_identifier(0x0B).variable_byte_integer(identifier));
                 },
             .manner = refused});
  watcher.expect_quiet();
}

}  // namespace

void add_identifier_error_cases(suite& to) {
  const std::vector<need> needs = {need::subscription_identifiers};
  to.add({.id = "PE-3.8.2.1.2-a/zero",
          .title = "A SUBSCRIBE with Subscription Identifier 0 is refused",
          .covers = {v5("PE-3.8.2.1.2-a")},
          .needs = needs,
          .defects = {"accept-subscription-identifier-0"},
          .body = zero});
  to.add({.id = "PE-3.8.2.1.2-b/twice",
          .title = "A SUBSCRIBE with two Subscription Identifiers is refused",
          .covers = {v5("PE-3.8.2.1.2-b")},
          .needs = needs,
          .defects = {"accept-subscription-identifier-twice-in-subscribe"},
          .body = twice});
  to.add({.id = "MQTT-1.5.5-1/subscription-identifier",
          .title = "A Subscription Identifier in a needlessly long form is refused",
          .covers = {v5("MQTT-1.5.5-1")},
          .needs = needs,
          .defects = {"accept-long-subscription-identifier"},
          .body = needlessly_long});
  to.add({.id = "MQTT-3.3.4-6/from-client",
          .title = "A PUBLISH of a client with a Subscription Identifier is refused",
          .covers = {v5("MQTT-3.3.4-6"), v5("PE-3.3.4-f")},
          .needs = needs,
          .defects = {"accept-subscription-identifier-from-client"},
          .body = [](context& test) { in_publish(test, 1); }});
}

}  // namespace gauntlet::conformance
