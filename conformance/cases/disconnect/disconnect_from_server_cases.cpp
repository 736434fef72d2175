// DISCONNECT from the broker: when, of what form, and what follows. MQTT 5.0 §3.14, §4.13

#include <algorithm>

#include <fmt/format.h>

#include "conformance/cases/disconnect/disconnect_cases.hpp"
#include "conformance/cases/support/message_path.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::property_id;
using mqtt::qos;
using mqtt::reason_code;

// A second CONNECT: a breach that no broker may let pass [MQTT-3.1.0-2].
void break_a_rule(client& c) { c.send_connect({.client_id = "second"}); }

// The connection ends, and a DISCONNECT before that has to be right in form; none has to come.
void farewell_is_legal(context& test) {
  client& c = test.connected("c");
  prove_delivery(test, c, qos::at_most_once);
  break_a_rule(c);
  c.expect_close();
}

void farewell_names_the_error(context& test, const byte_buffer& breach,
                              const std::vector<reason_code>& codes) {
  client& c = test.connected("c");
  prove_delivery(test, c, qos::at_most_once);
  c.send_bytes(breach);
  c.expect<mqtt::disconnect>("DISCONNECT with the code of the error", {},
                             [&](const mqtt::disconnect& came) {
                               return std::ranges::find(codes, came.reason_code) != codes.end();
                             });
  c.expect_bare_close();
}

// Also while messages for this client come in.
void nothing_follows(context& test) {
  client& publisher = test.connected("publisher");
  client& c = test.connected("c");
  c.subscribe(test.topic("t"), qos::at_most_once);
  publisher.publish(test.topic("t"), "before", qos::at_most_once);
  c.receive("before");
  break_a_rule(c);
  publisher.publish(test.topic("t"), "after", qos::at_most_once);
  bool was_told = false;
  while (!test.over()) {
    const script::arrival what = c.next(test.answer_limit());
    if (script::is_close(what)) return;
    if (test.over()) return;
    if (script::packet_of<mqtt::disconnect>(what) != nullptr && !was_told) {
      was_told = true;
    } else if (was_told || script::packet_of<mqtt::publish>(what) == nullptr) {
      return deviate(test, c, "the end of the connection", script::to_text(what, c.version()));
    }
  }
}

// No client of 3.1.1 is sent a DISCONNECT, which it does not know.
void nothing_comes_in_3_1_1(context& test, bool by_takeover) {
  client& c = test.connected("c");
  prove_delivery(test, c, qos::at_most_once);
  if (by_takeover) {
    test.connected("c").ping();
  } else {
    break_a_rule(c);
  }
  c.expect_bare_close();
}

// A limit that the broker's CONNACK just fits: no DISCONNECT may be larger.
void fits_the_limit(context& test) {
  client& ordinary = test.connecting("ordinary");
  const script::arrival answer = ordinary.next(test.answer_limit());
  const auto* const connack = std::get_if<script::arrived_packet>(&answer);
  if (test.over() || connack == nullptr) return test.leave_undecided("no CONNACK came");
  const auto limit = static_cast<std::uint32_t>(connack->bytes.size());

  client& c = test.connected("c", {.properties = {mqtt::maximum_packet_size(limit)}});
  prove_delivery(test, test.connected("other"), qos::at_most_once);
  c.ping();
  break_a_rule(c);
  while (!test.over()) {
    const script::arrival what = c.next(test.answer_limit());
    if (script::is_close(what)) return;
    const auto* const came = std::get_if<script::arrived_packet>(&what);
    if (!test.over() && (came == nullptr || came->bytes.size() > limit)) {
      return deviate(test, c, "no packet above the Maximum Packet Size",
                     script::to_text(what, c.version()));
    }
  }
}

void others_stay(context& test) {
  client& watcher = test.connected("watcher");
  watcher.subscribe(test.topic("t"), qos::at_least_once);
  client& publisher = test.connected("publisher");
  client& c = test.connected("c");
  break_a_rule(c);
  c.expect_close();
  publisher.send(publish_of(test.topic("t"), "x", qos::at_least_once, 1));
  watcher.expect_publish("x");
}

void add_forms(suite& to) {
  const auto add = [&](std::string id, std::string title, std::vector<statement_name> covers,
                       std::vector<caught_defect> defects) {
    to.add({.id = std::move(id),
            .title = std::move(title),
            .covers = std::move(covers),
            .defects = std::move(defects),
            .body = farewell_is_legal});
  };
  add("MQTT-3.14.2-1/server", "A DISCONNECT of the broker has a code that a server may give",
      {v5("MQTT-3.14.2-1")}, {"send-undefined-disconnect-code"});
  add("MQTT-3.14.2-2/server", "A DISCONNECT of the broker has no Session Expiry Interval",
      {v5("MQTT-3.14.2-2")}, {"send-session-expiry-in-disconnect"});
  add("MQTT-3.14.1-1/server", "A DISCONNECT of the broker has no flags in its fixed header",
      {v5("MQTT-3.14.1-1"), v5("MQTT-2.1.3-1")}, {"send-reserved-flags-in-disconnect"});
  add("PE-3.14.2.2.5-a/server", "A DISCONNECT of the broker has Server Reference at most once",
      {v5("PE-3.14.2.2.5-a")}, {"send-server-reference-twice-in-disconnect"});
  add("PE-2.2.2.2-n/disconnect", "A DISCONNECT of the broker has only properties that belong there",
      {v5("PE-2.2.2.2-n")}, {"send-strange-property-in-disconnect"});
  add("MQTT-1.5.4-1/disconnect", "The Reason String in a DISCONNECT of the broker is valid text",
      {v5("MQTT-1.5.4-1"), v5("MQTT-1.5.4-2")},
      {"send-ill-formed-reason-string", "send-null-in-reason-string"});
  add("MQTT-3.14.4-2/closed", "The broker closes the connection after its DISCONNECT",
      {v5("MQTT-3.14.4-2"), v5("MQTT-4.13.2-1"), v5("MQTT-4.13.1-1")},
      {"keep-connection-after-disconnect", "ignore-protocol-error"});
}

void add_codes(suite& to) {
  struct error {
    const char* word;
    const char* text;
    byte_buffer bytes;
    std::vector<reason_code> codes;
  };
  for (const error& each : {error{"packet-of-servers",
                                  "a packet that only a server may send",
                                  {0xD0, 0x00},
                                  {reason_code::protocol_error, reason_code::malformed_packet}},
                            error{"packet-type-0",
                                  "a packet of type 0",
                                  {0x00, 0x00},
                                  {reason_code::malformed_packet, reason_code::protocol_error}},
                            error{"qos-3",
                                  "a message with QoS 3",
                                  {0x36, 0x07, 0x00, 0x01, 't', 0x00, 0x01, 0x00, 'x'},
                                  {reason_code::malformed_packet, reason_code::protocol_error}}}) {
    to.add({.id = fmt::format("PE-4.13.1-a/{}", each.word),
            .title = fmt::format("A client that sends {} is told so by DISCONNECT", each.text),
            .covers = {v5("PE-4.13.1-a")},
            .defects = {"omit-disconnect-at-error", "send-unspecific-disconnect"},
            .level = requirement_level::should,
            .body = [each](context& test) {
              farewell_names_the_error(test, each.bytes, each.codes);
            }});
  }
}

}  // namespace

void add_disconnect_from_server_cases(suite& to) {
  add_forms(to);
  add_codes(to);
  to.add({.id = "MQTT-3.14.4-1/nothing-follows",
          .title = "The broker sends nothing after its DISCONNECT",
          .covers = {v5("MQTT-3.14.4-1")},
          .defects = {"send-packet-after-disconnect", "keep-connection-after-disconnect"},
          .body = nothing_follows});
  to.add({.id = "MQTT-3.14.2-3/fits",
          .title = "A DISCONNECT of the broker fits the client's Maximum Packet Size",
          .covers = {v5("MQTT-3.14.2-3"), v5("MQTT-3.14.2-4"), v5("PE-3.1.2.11.4-c")},
          .defects = {"exceed-maximum-packet-size-with-reason-string"},
          .body = fits_the_limit});
  to.add({.id = "PR3-2.2.1-a/error",
          .title = "A client of 3.1.1 that breaks a rule is sent no DISCONNECT",
          .covers = {v3("PR3-2.2.1-a"), v3("MQTT-4.8.0-1")},
          .defects = {"send-disconnect-to-3-1-1", "ignore-protocol-error"},
          .body = [](context& test) { nothing_comes_in_3_1_1(test, false); }});
  to.add({.id = "PR3-2.2.1-a/takeover",
          .title = "A client of 3.1.1 that is taken over is sent no DISCONNECT",
          .covers = {v3("PR3-2.2.1-a"), v3("MQTT-3.1.4-2")},
          .defects = {"send-disconnect-to-3-1-1", "leave-existing-client-connected"},
          .body = [](context& test) { nothing_comes_in_3_1_1(test, true); }});
  to.add({.id = "PE-4.13.1-b/others",
          .title = "A client that breaks a rule disturbs no other",
          .covers = {v5("PE-4.13.1-b"), v3("PR3-4.8-a")},
          .needs = {need::qos1},
          .defects = {"close-all-connections-at-error"},
          .body = others_stay});
}

}  // namespace gauntlet::conformance
