// The Session Expiry Interval: in CONNECT, CONNACK and DISCONNECT. MQTT 5.0 §3.1.2.11.2,
// §3.14.2.2.2

#include "conformance/cases/session/session_cases.hpp"
#include "conformance/cases/support/lasting_session.hpp"
#include "conformance/cases/support/message_path.hpp"

namespace gauntlet::conformance {
namespace {

using namespace std::chrono_literals;
using mqtt::qos;

mqtt::disconnect with_expiry(std::uint32_t expiry_s) {
  return {.properties = {mqtt::session_expiry_interval(expiry_s)}};
}

// Session Present as told to "device" now.
void expect_session(context& test, bool is_there) {
  test.connecting("device", lasting_session(test)).expect_session_present(is_there);
}

// So that a broker that keeps no sessions is not praised for having none.
void prove_sessions(context& test) {
  test.connected("control", lasting_session(test)).disconnect();
  test.connecting("control", lasting_session(test)).expect_session_present(true);
}

void ends_when_expired(context& test) {
  client& device = test.connected("device", lasting_session(test, true, 1));
  device.subscribe(test.topic("t"), qos::at_least_once);
  device.drop();
  test.pause(3s, "until the Session Expiry Interval of 1 s has passed");
  client& publisher = test.connected("publisher");
  publisher.publish(test.topic("t"), "too late");
  client& again = test.connecting("device", lasting_session(test));
  again.expect_session_present(false);
  again.expect_no_publish();
  prove_sessions(test);
}

void lasts_until_expired(context& test) {
  client& device = test.connected("device", lasting_session(test, true, 6));
  device.drop();
  test.pause(4s, "within the Session Expiry Interval of 6 s");
  expect_session(test, true);
}

void begins_anew_with_each_connection(context& test) {
  test.connected("device", lasting_session(test, true, 3)).drop();
  test.pause(2s, "within the Session Expiry Interval of 3 s");
  client& again = test.connecting("device", lasting_session(test, false, 60));
  again.expect_session_present(true);
  test.pause(2s, "past the first interval, while connected");
  again.drop();
  expect_session(test, true);
}

void ends_at_zero(context& test) {
  test.connected("device", lasting_session(test, true, 0)).drop();
  expect_session(test, false);
  prove_sessions(test);
}

// A broker may lower the interval, and says so.
void never_expires(context& test) {
  client& device = test.connecting("device", lasting_session(test, true, 0xFFFF'FFFF));
  const auto answer = device.expect_connack();
  const auto granted = answer.properties.find<mqtt::property_id::session_expiry_interval>();
  device.drop();
  if (granted && *granted < 10) return test.skip("it grants no more than some seconds");
  test.pause(1s, "without a client");
  expect_session(test, true);
}

void outlives_its_interval_while_connected(context& test) {
  client& device =
      test.connected("device", test.is_v5() ? lasting_session(test, true, 1) : mqtt::connect{});
  device.subscribe(test.topic("t"), qos::at_least_once);
  for (int i = 0; i < 3; ++i) {
    test.pause(1s, "while the client is connected");
    device.ping();
  }
  test.connected("publisher").publish(test.topic("t"), "x");
  device.expect_publish("x");
}

void shortened_by_disconnect(context& test) {
  test.connected("device", lasting_session(test, true, 60)).disconnect(with_expiry(0));
  expect_session(test, false);
  prove_sessions(test);
}

void lengthened_by_disconnect(context& test) {
  test.connected("device", lasting_session(test, true, 1)).disconnect(with_expiry(60));
  test.pause(3s, "past the Session Expiry Interval of 1 s in CONNECT");
  expect_session(test, true);
}

void shortened_to_a_second(context& test) {
  test.connected("device", lasting_session(test, true, 60)).disconnect(with_expiry(1));
  test.pause(3s, "until the Session Expiry Interval of 1 s in DISCONNECT has passed");
  expect_session(test, false);
  prove_sessions(test);
}

void left_by_disconnect(context& test) {
  test.connected("device", lasting_session(test, true, 60)).disconnect();
  expect_session(test, true);
}

// What CONNACK says is what holds; if it says nothing, what CONNECT said.
void as_announced(context& test) {
  client& device = test.connecting("device", lasting_session(test, true, 60));
  const auto answer = device.expect_connack();
  const auto announced = answer.properties.find<mqtt::property_id::session_expiry_interval>();
  device.drop();
  test.pause(4s, "past the interval that the broker grants");
  expect_session(test, announced.value_or(60) > 4);
}

// A broker without limit has nothing to announce.
void granted_unchanged(context& test) {
  client& device = test.connecting("device", lasting_session(test, true, 7));
  const auto answer = device.expect_connack();
  const auto announced = answer.properties.find<mqtt::property_id::session_expiry_interval>();
  device.drop();
  test.pause(announced.value_or(7) >= 7 ? 4s : 0s, "within the Session Expiry Interval of 7 s");
  expect_session(test, true);
}

}  // namespace

void add_session_expiry_cases(suite& to) {
  const auto add = [&](std::string id, std::string title, std::vector<statement_name> covers,
                       std::vector<caught_defect> defects, std::function<void(context&)> body) {
    to.add({.id = std::move(id),
            .title = std::move(title),
            .covers = std::move(covers),
            .needs = {need::qos1},
            .defects = std::move(defects),
            .body = std::move(body)});
  };
  add("MQTT-4.1.0-2/expired", "A session ends when its Session Expiry Interval has passed",
      {v5("MQTT-4.1.0-2"), v5("MQTT-3.2.2-3")}, {"claim-session-present"}, ends_when_expired);
  add("MQTT-3.1.2-23/not-expired",
      "A session is there until its Session Expiry Interval has passed", {v5("MQTT-3.1.2-23")},
      {"end-session-early", "forget-session-at-disconnect"}, lasts_until_expired);
  add("MQTT-3.1.2-23/anew", "The Session Expiry Interval counts from the end of each connection",
      {v5("MQTT-3.1.2-23"), v5("MQTT-4.1.0-2")}, {"forget-session-at-disconnect"},
      begins_anew_with_each_connection);
  add("PR5-3.1.2.11.2-a/zero", "A session with Session Expiry Interval 0 ends with the connection",
      {v5("PR5-3.1.2.11.2-a"), v5("MQTT-3.2.2-3")}, {"keep-session-that-ends"}, ends_at_zero);
  add("PR5-3.1.2.11.2-b/never", "A session with Session Expiry Interval 0xFFFFFFFF does not expire",
      {v5("PR5-3.1.2.11.2-b")}, {"end-session-that-never-expires"}, never_expires);
  add("MQTT-4.1.0-1/while-connected", "A session does not end while its client is connected",
      {v5("MQTT-4.1.0-1"), v3("MQTT-4.1.0-2")}, {"discard-session-while-connected"},
      outlives_its_interval_while_connected);
  add("PR5-3.14.2.2.2-a/to-zero", "Session Expiry Interval 0 in DISCONNECT ends the session",
      {v5("PR5-3.14.2.2.2-a")}, {"ignore-session-expiry-of-disconnect"}, shortened_by_disconnect);
  add("PR5-3.14.2.2.2-a/shorter", "A shorter Session Expiry Interval in DISCONNECT counts",
      {v5("PR5-3.14.2.2.2-a"), v5("MQTT-4.1.0-2")}, {"ignore-session-expiry-of-disconnect"},
      shortened_to_a_second);
  add("PR5-3.14.2.2.2-a/longer", "A longer Session Expiry Interval in DISCONNECT counts",
      {v5("PR5-3.14.2.2.2-a"), v5("MQTT-3.1.2-23")},
      {"ignore-session-expiry-of-disconnect", "forget-session-at-disconnect"},
      lengthened_by_disconnect);
  add("PR5-3.14.2.2.2-a/absent",
      "DISCONNECT without Session Expiry Interval leaves that of CONNECT",
      {v5("PR5-3.14.2.2.2-a"), v5("MQTT-3.1.2-23")}, {"reset-session-expiry-at-disconnect"},
      left_by_disconnect);
  to.add({.id = "PR5-3.2.2.3.2-a/as-announced",
          .title = "The Session Expiry Interval in CONNACK is the one that holds",
          .covers = {v5("PR5-3.2.2.3.2-a")},
          .needs = {need::session_expiry_limit},
          .defects = {"ignore-announced-session-expiry", "omit-session-expiry-interval"},
          .body = as_announced});
  add("PR5-3.2.2.3.2-a/as-asked",
      "Without Session Expiry Interval in CONNACK that of CONNECT holds", {v5("PR5-3.2.2.3.2-a")},
      {"end-session-early"}, granted_unchanged);
}

}  // namespace gauntlet::conformance
