// What follows when a broker refuses a CONNECT: the answer, the close, and nothing else.
// MQTT 5.0 §3.1.4, §3.2.2.2

#include "conformance/cases/connect/connect_cases.hpp"
#include "conformance/cases/support/lasting_session.hpp"
#include "conformance/cases/support/message_path.hpp"
#include "conformance/cases/support/raw_connect.hpp"
#include "harness/mqtt/codec.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;
using mqtt::reason_code;

constexpr auto v5_only = caught_defect::in::v5_only;
constexpr auto v3_only = caught_defect::in::v3_1_1_only;
const refusal unknown_method{{reason_code::bad_authentication_method, reason_code::not_authorized}};

// A CONNECT that keeps the rules of its form and has to be refused: in 5.0 for its Authentication
// Method, in 3.1.1 for having no Client Identifier and no CleanSession.
mqtt::connect to_be_refused(const context& test, std::string_view name) {
  if (!test.is_v5()) return {.clean_start = false};
  return {.client_id = test.client_id(name),
          .properties = {mqtt::authentication_method("no-such-method")}};
}

client& refused(context& test) {
  test.connected("control").ping();
  client& c = test.open("refused");
  c.send_connect(to_be_refused(test, "refused"));
  return c;
}

// A CONNECT that is refused and, in one piece with it, this packet.
client& send_behind(context& test, const mqtt::packet& packet) {
  client& c = test.open("refused");
  byte_buffer bytes;
  const mqtt::connect first = c.prepared(to_be_refused(test, "refused"));
  if (!mqtt::encode(first, c.version(), bytes).has_value() ||
      !mqtt::encode(packet, c.version(), bytes).has_value()) {
    test.leave_undecided("a packet of the test's own cannot be written");
  }
  c.send_bytes(bytes);
  return c;
}

void connection_ends(context& test) {
  client& c = refused(test);
  c.expect_close_within(test.answer_limit(), test.is_v5() ? unknown_method : refusal{});
  test.expect_served();
}

// At most one CONNACK; after it nothing but the end of the connection.
void no_disconnect_comes(context& test, bool is_malformed) {
  client& control = test.open("control");
  control.send_bytes(right_connect(test, control).bytes());
  control.take_connack();
  client& c = test.open("refused");
  if (is_malformed) {
    raw_connect packet = right_connect(test, c);
    packet.flags |= 0x01U;
    c.send_bytes(packet.bytes());
  } else {
    c.send_connect(to_be_refused(test, "refused"));
  }
  script::arrival what = c.next(test.answer_limit());
  const auto* const answer = script::packet_of<mqtt::connack>(what);
  if (answer != nullptr && mqtt::is_error(answer->reason_code)) what = c.next(test.answer_limit());
  if (test.over() || script::is_close(what)) return;
  deviate(test, c, "at most CONNACK, and the end of the connection",
          script::to_text(what, c.version()));
}

// Whatever the broker would like to say has to fit; none has to come.
void connack_fits_the_limit(context& test, std::uint32_t limit) {
  test.connected("control").ping();
  client& c = test.open("refused");
  mqtt::connect packet = to_be_refused(test, "refused");
  packet.properties.add(mqtt::maximum_packet_size(limit));
  c.send_connect(packet);
  const script::arrival what = c.next(test.answer_limit());
  if (test.over() || script::is_close(what)) return;
  const auto* const came = std::get_if<script::arrived_packet>(&what);
  if (came == nullptr || came->bytes.size() > limit) {
    return deviate(test, c, "no packet above the Maximum Packet Size",
                   script::to_text(what, c.version()));
  }
  c.expect_bare_close();
}

// Also for a client whose session is stored.
void session_present_is_0(context& test) {
  test.connected("refused", lasting_session(test)).disconnect();
  client& c = test.open("refused");
  mqtt::connect packet = to_be_refused(test, "refused");
  packet.clean_start = false;
  c.send_connect(packet);
  c.expect_close_within(test.answer_limit(), test.is_v5() ? unknown_method : refusal{});
}

void message_is_not_published(context& test) {
  client& watcher = test.connected("watcher");
  watcher.subscribe(test.topic("t"), qos::at_least_once);
  test.connected("control").publish(test.topic("t"), "control");
  watcher.receive("control");
  client& c = send_behind(test, publish_of(test.topic("t"), "x"));
  c.expect_close_within(test.answer_limit());
  watcher.expect_quiet();
}

void message_is_not_retained(context& test) {
  client& control = test.connected("control");
  control.publish(test.topic("control"), "kept", qos::at_least_once, true);
  mqtt::publish packet = publish_of(test.topic("t"), "x", qos::at_least_once, 1);
  packet.retain = true;
  test.will_clear_retained(packet.topic_name);
  send_behind(test, packet).expect_close_within(test.answer_limit());
  client& late = test.connected("late");
  late.subscribe(test.topic("control"), qos::at_least_once);
  late.receive("kept");
  late.subscribe(test.topic("t"), qos::at_least_once);
  late.expect_no_publish();
}

void packet_is_not_answered(context& test, const mqtt::packet& packet) {
  client& control = test.connected("control");
  control.send(packet);
  control.ping();
  send_behind(test, packet).expect_close_within(test.answer_limit());
}

void add_what_is_not_done(suite& to) {
  const auto add = [&](std::string word, std::string title, std::vector<need> needs,
                       std::function<void(context&)> body) {
    to.add({.id = "MQTT-3.1.4-6/" + std::move(word),
            .title = std::move(title),
            .covers = {v5("MQTT-3.1.4-6"), v3("MQTT-3.1.4-5")},
            .needs = std::move(needs),
            .defects = {"process-packets-of-refused-client"},
            .body = std::move(body)});
  };
  add("publish", "A message of a client that is refused is not published", {need::qos1},
      message_is_not_published);
  add("retained", "A message of a client that is refused is not retained",
      {need::qos1, need::retained}, message_is_not_retained);
  add("subscribe", "A SUBSCRIBE of a client that is refused is not answered", {},
      [](context& test) {
        packet_is_not_answered(test, mqtt::subscribe{.packet_identifier = 1,
                                                     .subscriptions = {{test.topic("t"), {}}}});
      });
  add("ping", "A PINGREQ of a client that is refused is not answered", {},
      [](context& test) { packet_is_not_answered(test, mqtt::pingreq{}); });
}

}  // namespace

void add_refused_connect_cases(suite& to) {
  to.add({.id = "MQTT-3.2.2-7/closed",
          .title = "The connection of a client that is refused ends",
          .covers = {v5("MQTT-3.2.2-7"), v5("MQTT-3.1.4-2"), v5("MQTT-4.13.2-1"),
                     v3("MQTT-3.2.2-5"), v3("PR3-3.1.4-b")},
          .defects = {"keep-connection-after-refusing-connack",
                      {"accept-unknown-authentication-method", v5_only},
                      {"accept-empty-client-identifier-without-clean-session", v3_only}},
          .body = connection_ends});
  to.add({.id = "MQTT-4.12.0-1/unknown-method",
          .title = "A client with an unknown Authentication Method is refused",
          .covers = {v5("MQTT-4.12.0-1")},
          .defects = {"accept-unknown-authentication-method",
                      "keep-connection-after-refusing-connack"},
          .body = connection_ends});
  to.add({.id = "MQTT-3.2.2-8/defined-code",
          .title = "A CONNACK that refuses has a code that the standard defines",
          .covers = {v5("MQTT-3.2.2-8"), v3("MQTT-3.2.2-6")},
          .defects = {"send-undefined-connack-code"},
          .body = connection_ends});
  to.add({.id = "MQTT-3.2.2-6/session-present",
          .title = "A CONNACK that refuses has Session Present 0",
          .covers = {v5("MQTT-3.2.2-6"), v3("MQTT-3.2.2-4")},
          .defects = {"send-session-present-with-error"},
          .body = session_present_is_0});
  to.add({.id = "MQTT-3.14.0-1/refused",
          .title = "A client that is refused gets no DISCONNECT",
          .covers = {v5("MQTT-3.14.0-1")},
          .defects = {"send-disconnect-before-connack"},
          .body = [](context& test) { no_disconnect_comes(test, false); }});
  to.add({.id = "MQTT-3.14.0-1/malformed",
          .title = "A client with a malformed CONNECT gets no DISCONNECT",
          .covers = {v5("MQTT-3.14.0-1"), v5("MQTT-3.1.4-1")},
          .defects = {"send-disconnect-before-connack"},
          .body = [](context& test) { no_disconnect_comes(test, true); }});
  for (const std::uint32_t limit : {5U, 24U}) {
    to.add({.id = "MQTT-3.2.2-19/limit-" + std::to_string(limit),
            .title = "A CONNACK that refuses fits a Maximum Packet Size of " +
                     std::to_string(limit) + " bytes",
            .covers = {v5("MQTT-3.2.2-19"), v5("MQTT-3.2.2-20"), v5("PE-3.1.2.11.4-c")},
            .defects = {"exceed-maximum-packet-size-with-reason-string"},
            .body = [limit](context& test) { connack_fits_the_limit(test, limit); }});
  }
  add_what_is_not_done(to);
}

}  // namespace gauntlet::conformance
