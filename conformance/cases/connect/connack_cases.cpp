// CONNACK: that it comes, first and once, and its flags. MQTT 5.0 §3.2

#include "conformance/cases/connect/connect_cases.hpp"
#include "conformance/cases/support/lasting_session.hpp"
#include "conformance/cases/support/message_path.hpp"
#include "conformance/suite/context.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;
using mqtt::reason_code;

constexpr auto v5_only = caught_defect::in::v5_only;
constexpr auto v3_only = caught_defect::in::v3_1_1_only;

void connect_is_answered(context& test) {
  client& c = test.connecting("c");
  c.expect_connack();
  prove_delivery(test, c, qos::at_most_once);
}

void accepted_clean_start_has_no_session(context& test) {
  client& c = test.connecting("c");
  c.expect_session_present(false);
  prove_delivery(test, c, qos::at_most_once);
}

// Session Present 0 and no other flag; a CONNACK with reserved bits is malformed.
void flags_are_right(context& test) {
  test.connected("device", lasting_session(test)).disconnect();
  client& again = test.connecting("device", lasting_session(test));
  again.expect_session_present(true);
  prove_delivery(test, again, qos::at_most_once);
}

// The first thing that comes is CONNACK, then the messages that waited.
void comes_before_waiting_messages(context& test) {
  message_path path = open_path(test, qos::at_least_once);
  path.to->disconnect();
  path.publish("while away", qos::at_least_once);
  client& again = test.connecting("subscriber again", [&] {
    mqtt::connect packet = lasting_session(test);
    packet.client_id = test.client_id(path.to->name());
    return packet;
  }());
  const script::arrival first = again.next(test.answer_limit());
  if (test.over()) return;
  if (script::packet_of<mqtt::connack>(first) == nullptr) {
    return deviate(test, again, "CONNACK as the first packet",
                   script::to_text(first, test.version()));
  }
  again.expect_publish("while away");
}

void comes_once(context& test) {
  client& c = test.connecting("c");
  c.expect_connack();
  c.expect_quiet();
  prove_delivery(test, c, qos::at_most_once);
}

}  // namespace

void add_connack_cases(suite& to) {
  to.add({.id = "MQTT-3.1.4-5/accepted",
          .title = "A CONNECT that breaks no rule is answered with CONNACK 0x00",
          .covers = {v5("MQTT-3.1.4-5"), v3("MQTT-3.1.4-4"), v3("MQTT-7.0.0-2")},
          .defects = {"omit-connack",
                      "send-truncated-connack",
                      {"omit-property-length-of-connack", v5_only},
                      {"send-properties-in-connack-of-3-1-1", v3_only}},
          .body = connect_is_answered});
  to.add({.id = "MQTT-3.2.2-2/fresh-client",
          .title = "Session Present is 0 for a new client with Clean Start 1",
          .covers = {v5("MQTT-3.2.2-2"), v3("MQTT-3.2.2-1")},
          .defects = {"claim-session-present"},
          .body = accepted_clean_start_has_no_session});
  to.add({.id = "MQTT-3.2.2-1/reserved-flags",
          .title = "The reserved flags of CONNACK are 0",
          .covers = {v5("MQTT-3.2.2-1"), v5("MQTT-2.1.3-1"), v3("PR3-3.2.2.1-a"),
                     v3("MQTT-2.2.2-1"), v3("PR3-7.1.1-a")},
          .defects = {"send-reserved-acknowledge-flags",
                      "send-reserved-flags-in-connack",
                      {"send-long-remaining-length", v5_only}},
          .body = [](context& test) {
            client& c = test.connecting("c");
            c.expect_connack();
            prove_delivery(test, c, qos::at_most_once);
          }});
  to.add(
      {.id = "MQTT-3.2.2-1/session-present-alone",
       .title = "Session Present is the only flag of the CONNACK to a client that comes back",
       .covers = {v5("MQTT-3.2.2-1"), v5("MQTT-3.2.2-3"), v3("PR3-3.2.2.1-a"), v3("MQTT-3.2.2-2")},
       .defects = {"deny-session-present"},
       .body = flags_are_right});
  to.add({.id = "MQTT-3.2.0-1/before-waiting-messages",
          .title = "CONNACK comes before the messages that waited in the session",
          .covers = {v5("MQTT-3.2.0-1"), v3("MQTT-3.2.0-1")},
          .needs = {need::qos1},
          .defects = {"send-publish-before-connack"},
          .body = comes_before_waiting_messages});
  to.add({.id = "MQTT-3.2.0-2/once",
          .title = "CONNACK comes once",
          .covers = {v5("MQTT-3.2.0-2"), v5("MQTT-4.12.0-6"), v3("PR3-2.2.1-a")},
          .defects = {{"send-connack-twice", v5_only},
                      {"send-unasked-auth", v5_only},
                      {"send-auth-to-3-1-1", v3_only}},
          .body = comes_once});
}

}  // namespace gauntlet::conformance
