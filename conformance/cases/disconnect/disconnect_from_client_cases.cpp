// DISCONNECT from the client: its forms, and those that are wrong. MQTT 5.0 §3.14

#include <fmt/format.h>

#include "conformance/cases/disconnect/disconnect_cases.hpp"
#include "conformance/cases/support/lasting_session.hpp"
#include "conformance/cases/support/message_path.hpp"
#include "conformance/cases/support/publish_errors.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;
using mqtt::raw_fields;
using mqtt::reason_code;

const refusal as_error{{reason_code::protocol_error, reason_code::malformed_packet}};

byte_buffer raw_disconnect(std::uint8_t code, const raw_fields& properties,
                           std::uint8_t first_byte = 0xE0) {
  return mqtt::raw_packet{.first_byte = first_byte,
                          .body = raw_fields().byte(code).properties(properties)}
      .bytes();
}

mqtt::connect with_will(const context& test, std::optional<std::uint32_t> expiry_s) {
  mqtt::connect packet{.will = mqtt::will{.topic_name = test.topic("will"),
                                          .payload = {'g', 'o', 'n', 'e'},
                                          .qos = qos::at_least_once}};
  if (expiry_s) packet.properties.add(mqtt::session_expiry_interval(*expiry_s));
  return packet;
}

// Waits for the end of the connection; whether a DISCONNECT with an error came before it.
bool is_told_before_close(context& test, client& device) {
  bool told = false;
  for (;;) {
    const script::arrival what = device.next(test.answer_limit());
    if (test.over() || script::is_close(what)) return told;
    const auto* const farewell = script::packet_of<mqtt::disconnect>(what);
    if (farewell == nullptr) {
      deviate(test, device, "the end of the connection", script::to_text(what, device.version()));
      return told;
    }
    told = mqtt::is_error(farewell->reason_code);
  }
}

// A DISCONNECT that is wrong is none: the connection ends, and the will is published, though that
// is said in no words. The control is the same without the error, which discards the will.
void expect_disconnect_refused(context& test, const byte_buffer& right, const byte_buffer& wrong,
                               std::optional<std::uint32_t> expiry_s) {
  client& watcher = test.connected("watcher");
  watcher.subscribe(test.topic("will"), qos::at_least_once);
  test.connected("broken", with_will(test, std::nullopt)).drop();
  watcher.receive("gone");
  client& control = test.connected("control", with_will(test, expiry_s));
  control.send_bytes(right);
  control.drop();
  watcher.expect_quiet();

  client& device = test.connected("device", with_will(test, expiry_s));
  device.send_bytes(wrong);
  const bool is_refused = is_told_before_close(test, device) || !test.is_v5();
  script::arrival what = watcher.next(test.answer_limit());
  if (is_refused && std::holds_alternative<script::arrived_nothing>(what)) {
    return test.call_variant("the connection ended for the error, but the will was not published");
  }
  watcher.set_aside(std::move(what));
  watcher.expect_publish("gone");
}

void connection_ends(context& test, const byte_buffer& disconnect) {
  client& other = test.connected("other");
  client& c = test.connected("c");
  prove_delivery(test, c, qos::at_most_once);
  c.send_bytes(disconnect);
  c.expect_close();
  other.ping();
}

// Nothing that comes after DISCONNECT counts.
void nothing_counts_afterwards(context& test) {
  client& watcher = test.connected("watcher");
  watcher.subscribe(test.topic("t"), qos::at_most_once);
  client& c = test.connected("c");
  c.publish(test.topic("t"), "before", qos::at_most_once);
  byte_buffer bytes{0xE0, 0x00};
  const byte_buffer late = raw_publish(test, test.topic("t"), "after");
  bytes.insert(bytes.end(), late.begin(), late.end());
  c.send_bytes(bytes);
  watcher.expect_publish("before");
  watcher.expect_quiet();
}

// Given only to the connection that CONNECT did not give a Session Expiry Interval.
void expiry_after_zero(context& test, std::optional<std::uint32_t> in_connect) {
  client& watcher = test.connected("watcher");
  watcher.subscribe(test.topic("will"), qos::at_least_once);
  client& device = test.connected("device", with_will(test, in_connect));
  device.send(mqtt::disconnect{.properties = {mqtt::session_expiry_interval(60)}});
  device.expect_close(as_error);
  watcher.expect_publish("gone");
  test.connecting("device", lasting_session(test)).expect_session_present(false);
}

test_case refused(std::string id, std::string title, std::vector<statement_name> covers,
                  const char* defect, byte_buffer wrong, byte_buffer right = {0xE0, 0x00},
                  std::optional<std::uint32_t> expiry_s = std::nullopt) {
  return {.id = std::move(id),
          .title = std::move(title),
          .covers = std::move(covers),
          .needs = {need::qos1},
          .defects = {defect},
          .body = [=](context& test) { expect_disconnect_refused(test, right, wrong, expiry_s); }};
}

void add_flags_and_size(suite& to) {
  for (const unsigned flags : {1U, 2U, 4U, 8U}) {
    to.add(refused(
        fmt::format("MQTT-3.14.1-1/flags-{}", flags),
        fmt::format("A DISCONNECT with the flags {:04b} ends the connection for an error", flags),
        {v5("MQTT-3.14.1-1"), v5("MQTT-2.1.3-1"), v3("MQTT-3.14.1-1"), v3("MQTT-2.2.2-2")},
        "accept-reserved-flags-of-disconnect", {static_cast<std::uint8_t>(0xE0U | flags), 0x00}));
  }
  test_case surplus =
      refused("PE-2.1.4-a/disconnect", "A DISCONNECT with bytes behind its properties is an error",
              {v5("PE-2.1.4-a")}, "accept-surplus-in-disconnect", {0xE0, 0x03, 0x00, 0x00, 0x00});
  surplus.level = requirement_level::should;
  to.add(std::move(surplus));
  test_case not_empty =
      refused("PR3-3.4.1-a/disconnect", "A DISCONNECT of 3.1.1 that is not empty is an error",
              {v3("PR3-3.4.1-a")}, "accept-surplus-in-disconnect", {0xE0, 0x01, 0x00});
  to.add(std::move(not_empty));
}

// What follows is implied by the tables, not said in words.
void add_codes(suite& to) {
  for (const unsigned code : {0x01U, 0x55U, 0x8BU, 0x8EU}) {
    test_case added = refused(
        fmt::format("PE-3.14.2.1-a/code-{:02x}", code),
        fmt::format("A DISCONNECT with code {:#04x}, which no client may give, is an error", code),
        {v5("PE-3.14.2.1-a"), v5("MQTT-3.14.2-1")}, "accept-reason-code-of-disconnect",
        {0xE0, 0x01, static_cast<std::uint8_t>(code)});
    added.level = requirement_level::should;
    to.add(std::move(added));
  }
}

void add_properties(suite& to) {
  const mqtt::property expiry = mqtt::session_expiry_interval(60);
  const mqtt::property reason = mqtt::reason_string("r");
  to.add(refused(
      "PE-3.14.2.2.2-a/twice", "A DISCONNECT with Session Expiry Interval twice is an error",
      {v5("PE-3.14.2.2.2-a")}, "accept-session-expiry-interval-twice-in-disconnect",
      raw_disconnect(0, fields_of({expiry, expiry})), raw_disconnect(0, fields_of({expiry})), 60));
  to.add(refused("PE-3.14.2.2.3-a/twice", "A DISCONNECT with Reason String twice is an error",
                 {v5("PE-3.14.2.2.3-a")}, "accept-reason-string-twice-in-disconnect",
                 raw_disconnect(0, fields_of({reason, reason})),
                 raw_disconnect(0, fields_of({reason}))));
  struct stranger {
    const char* word;
    mqtt::property item;
  };
  for (const stranger& each :
       {stranger{"subscription-identifier", mqtt::subscription_identifier(1)},
        stranger{"authentication-method", mqtt::authentication_method("m")},
        stranger{"receive-maximum", mqtt::receive_maximum(1)},
        stranger{"topic-alias", mqtt::topic_alias(1)}}) {
    to.add(refused(fmt::format("PE-2.2.2.2-j/{}", each.word),
                   fmt::format("A DISCONNECT with the property {:#04x} is an error",
                               static_cast<unsigned>(each.item.id)),
                   {v5("PE-2.2.2.2-j")}, "accept-strange-property-in-disconnect",
                   raw_disconnect(0, fields_of({each.item}))));
  }
  to.add(refused("PE-2.2.2.2-l/disconnect", "A DISCONNECT with an undefined property is an error",
                 {v5("PE-2.2.2.2-l")}, "accept-undefined-property",
                 raw_disconnect(0, raw_fields().property_identifier(0x7F).byte(1))));
  to.add(refused("PE-1.5.4-a/disconnect",
                 "A DISCONNECT with an ill-formed Reason String is an error",
                 {v5("PE-1.5.4-a"), v5("MQTT-1.5.4-1")}, "accept-ill-formed-reason-string",
                 raw_disconnect(0, raw_fields().property_identifier(0x1F).utf8_string("x\xC3(")),
                 raw_disconnect(0, fields_of({reason}))));
  to.add(refused(
      "PE-1.5.4-b/disconnect", "A DISCONNECT with U+0000 in its Reason String is an error",
      {v5("PE-1.5.4-b"), v5("MQTT-1.5.4-2")}, "accept-null-in-reason-string",
      raw_disconnect(
          0, raw_fields().property_identifier(0x1F).utf8_string(std::string_view("x\0y", 3))),
      raw_disconnect(0, fields_of({reason}))));
  for (const bool with_zero : {true, false}) {
    to.add({.id = std::string("PE-3.14.2.2.2-b/") + (with_zero ? "zero" : "none"),
            .title = std::string("A Session Expiry Interval in DISCONNECT after ") +
                     (with_zero ? "0" : "none") + " in CONNECT is an error",
            .covers = {v5("PE-3.14.2.2.2-b")},
            .needs = {need::qos1},
            .defects = {"accept-session-expiry-after-zero"},
            .body = [with_zero](context& test) {
              expiry_after_zero(test, with_zero ? std::optional<std::uint32_t>(0) : std::nullopt);
            }});
  }
}

}  // namespace

void add_disconnect_from_client_cases(suite& to) {
  to.add({.id = "PR5-3.14.4-a/closed",
          .title = "The broker closes its side after DISCONNECT",
          .covers = {v5("PR5-3.14.4-a"), v3("PR3-3.14.4-a")},
          .defects = {"ignore-disconnect"},
          .level = requirement_level::should,
          .body = [](context& test) {
            connection_ends(test, {0xE0, 0x00});
          }});
  to.add({.id = "PR5-3.14.4-a/closed-after-error",
          .title = "The broker closes its side after DISCONNECT with an error",
          .covers = {v5("PR5-3.14.4-a"), v5("MQTT-4.13.2-1")},
          .defects = {"ignore-disconnect"},
          .level = requirement_level::should,
          .body = [](context& test) {
            connection_ends(test, {0xE0, 0x01, 0x80});
          }});
  to.add({.id = "PR5-3.14.4-a/nothing-afterwards",
          .title = "A message that comes behind DISCONNECT is not published",
          .covers = {v5("PR5-3.14.4-a"), v3("PR3-3.14.4-a")},
          .defects = {"ignore-disconnect"},
          .level = requirement_level::should,
          .body = nothing_counts_afterwards});
  add_flags_and_size(to);
  add_codes(to);
  add_properties(to);
}

}  // namespace gauntlet::conformance
