// When no will may be published. MQTT 5.0 §3.1.2.5, §3.14.4

#include "conformance/cases/support/lasting_session.hpp"
#include "conformance/cases/will/will_cases.hpp"
#include "conformance/cases/will/will_stories.hpp"

namespace gauntlet::conformance {
namespace {

using namespace std::chrono_literals;
using mqtt::qos;

void not_published_after(context& test, byte_buffer disconnect) {
  client& watcher = watch(test);
  prove_will(test, watcher);
  client& device = test.connected("device", with_will(test));
  device.send_bytes(disconnect);
  device.drop();
  watcher.expect_quiet();
}

void not_published_at_connect(context& test) {
  client& watcher = watch(test);
  prove_will(test, watcher);
  test.connected("device", with_will(test)).ping();
  watcher.expect_quiet();
}

void published_once(context& test) {
  client& watcher = watch(test, qos::exactly_once);
  test.connected("device", with_will(will_of(test, qos::exactly_once))).drop();
  watcher.acknowledge(watcher.expect_publish(will_payload));
  watcher.expect_quiet();
}

// `leave` ends the first connection of a device that has a will; the second has none and breaks.
template <class Leave>
void forgotten(context& test, bool comes_first, Leave leave) {
  client& watcher = watch(test, qos::exactly_once);
  mqtt::connect packet = lasting_session(test);
  packet.will = will_of(test, qos::exactly_once);
  leave(test.connected("device", packet));
  if (comes_first) watcher.receive(will_payload);
  test.connected("device", lasting_session(test)).drop();
  if (!comes_first) prove_will(test, watcher);
  watcher.expect_quiet();
}

void none_without_will(context& test) {
  client& watcher = watch(test);
  prove_will(test, watcher);
  test.connected("control").drop();  // the client that had one
  test.connected("device").drop();
  watcher.expect_quiet();
}

void none_of_refused_client(context& test) {
  client& watcher = watch(test);
  prove_will(test, watcher);
  client& refused = test.open("refused");
  mqtt::connect packet = with_will(test);
  if (test.is_v5()) {
    packet.client_id = test.client_id("refused");
    packet.properties.add(mqtt::authentication_method("no-such-method"));
  } else {
    packet.clean_start = false;  // and no Client Identifier
  }
  refused.send_connect(packet);
  refused.expect_close_within(test.answer_limit());
  watcher.expect_quiet();
}

void none_at_session_end_after_disconnect(context& test) {
  client& watcher = watch(test);
  prove_will(test, watcher);
  mqtt::connect packet = lasting_session(test, true, 1);
  packet.will = will_of(test, qos::at_least_once, {mqtt::will_delay_interval(30)});
  test.connected("device", packet).disconnect();
  test.pause(2500ms, "until the session has expired, with which a will would be due");
  watcher.expect_quiet();
}

void add_disconnect_forms(suite& to) {
  struct form {
    const char* id;
    const char* title;
    byte_buffer bytes;
    bool of_3_1_1;
  };
  for (const form& each :
       {form{"MQTT-3.14.4-3/will-discarded",
             "No will is published after DISCONNECT",
             {0xE0, 0x00},
             true},
        form{"MQTT-3.14.4-3/explicit-code",
             "No will is published after DISCONNECT with an explicit code 0x00",
             {0xE0, 0x01, 0x00},
             false},
        form{"MQTT-3.14.4-3/explicit-properties",
             "No will is published after DISCONNECT 0x00 with an empty list of properties",
             {0xE0, 0x02, 0x00, 0x00},
             false}}) {
    test_case added{
        .id = each.id,
        .title = each.title,
        .covers = {v5("MQTT-3.14.4-3"), v5("MQTT-3.1.2-10")},
        .needs = {need::qos1},
        .defects = {"publish-will-after-disconnect"},
        .body = [bytes = each.bytes](context& test) { not_published_after(test, bytes); }};
    if (each.of_3_1_1) {
      added.covers.push_back(v3("MQTT-3.14.4-3"));
      added.covers.push_back(v3("MQTT-3.1.2-10"));
    } else {
      added.covers.push_back(v5("PR5-3.4.2.1-b"));
    }
    to.add(std::move(added));
  }
}

}  // namespace

void add_will_absence_cases(suite& to) {
  add_disconnect_forms(to);
  to.add({.id = "MQTT-3.1.2-8/not-at-connect",
          .title = "No will is published while the connection stands",
          .covers = {v5("MQTT-3.1.2-8"), v3("MQTT-3.1.2-8")},
          .needs = {need::qos1},
          .defects = {"publish-will-at-connect"},
          .body = not_published_at_connect});
  to.add({.id = "MQTT-3.1.2-10/once",
          .title = "A will is published once",
          .covers = {v5("MQTT-3.1.2-10"), v3("MQTT-3.1.2-10")},
          .needs = {need::qos2},
          .defects = {"publish-will-twice"},
          .body = published_once});
  to.add({.id = "MQTT-3.1.2-10/forgotten-after-publication",
          .title = "A published will is not that of the next connection",
          .covers = {v5("MQTT-3.1.2-10"), v3("MQTT-3.1.2-10"), v3("MQTT-3.1.2-12")},
          .needs = {need::qos2},
          .defects = {"keep-published-will"},
          .body = [](context& test) { forgotten(test, true, [](client& c) { c.drop(); }); }});
  to.add(
      {.id = "MQTT-3.1.2-10/forgotten-after-disconnect",
       .title = "A will that DISCONNECT removed is not that of the next connection",
       .covers = {v5("MQTT-3.1.2-10"), v3("MQTT-3.1.2-10"), v3("MQTT-3.1.2-12")},
       .needs = {need::qos2},
       .defects = {"publish-will-after-disconnect"},
       .body = [](context& test) { forgotten(test, false, [](client& c) { c.disconnect(); }); }});
  to.add({.id = "MQTT-3.1.2-12/no-will",
          .title = "A client that gives no will leaves none, whatever it gave before",
          .covers = {v5("MQTT-3.1.2-10"), v3("MQTT-3.1.2-12")},
          .needs = {need::qos1},
          .defects = {"keep-published-will"},
          .body = none_without_will});
  to.add({.id = "MQTT-3.1.2-8/refused-client",
          .title = "The will of a client that is refused is not published",
          .covers = {v5("MQTT-3.1.2-8"), v3("MQTT-3.1.2-8")},
          .needs = {need::qos1},
          .defects = {"publish-will-of-refused-connect"},
          .body = none_of_refused_client});
  to.add({.id = "MQTT-3.14.4-3/session-end",
          .title = "No will is published at the end of a session that DISCONNECT 0x00 left",
          .covers = {v5("MQTT-3.14.4-3"), v5("MQTT-3.1.2-10")},
          .needs = {need::qos1},
          .defects = {"publish-will-after-disconnect"},
          .body = none_at_session_end_after_disconnect});
}

}  // namespace gauntlet::conformance
