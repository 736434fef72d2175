// When a will is published: at every end of the connection but that by DISCONNECT 0x00.
// MQTT 5.0 §3.1.2.5, §3.14

#include "conformance/cases/support/lasting_session.hpp"
#include "conformance/cases/will/will_cases.hpp"
#include "conformance/cases/will/will_stories.hpp"

namespace gauntlet::conformance {
namespace {

using namespace std::chrono_literals;
using mqtt::qos;
using mqtt::reason_code;

// How a connection ends.
using ending = void (*)(context&, client& device);

void by_close(context&, client& device) { device.drop(); }
void by_reset(context&, client& device) { device.drop_with_reset(); }

void by_takeover(context& test, client& device) {
  test.connected("device");
  device.expect_close();
}

void by_malformed_packet(context&, client& device) {
  device.send_bytes(byte_buffer{0x00, 0x00});
  device.expect_close();
}

void by_qos_3(context&, client& device) {
  device.send_bytes(byte_buffer{0x36, 0x05, 0x00, 0x01, 't', 0x00, 0x01});
  device.expect_close();
}

void by_cut_packet(context&, client& device) {
  device.send_bytes(byte_buffer{0x30, 0x20, 0x00});
  device.drop();
}

void published_at(context& test, ending end) {
  client& watcher = watch(test);
  end(test, test.connected("device", with_will(test)));
  watcher.expect_publish(will_payload);
}

// The session outlives the connection, so that its end does not hurry the will.
void published_soon(context& test) {
  client& watcher = watch(test);
  mqtt::connect packet = lasting_session(test);
  packet.will = will_of(test);
  test.connected("device", packet).drop();
  watcher.expect_publish(will_payload);
}

void published_at_silence(context& test) {
  client& watcher = watch(test);
  mqtt::connect packet = with_will(test);
  packet.keep_alive_s = 1;
  client& device = test.connected("device", packet);
  test.pause(1500ms, "until one and a half times the Keep Alive of 1 s has passed");
  device.expect_close_within(test.answer_limit());
  watcher.expect_publish(will_payload);
}

void published_at_disconnect_with(context& test, reason_code code) {
  client& watcher = watch(test);
  test.connected("device", with_will(test)).disconnect({.reason_code = code});
  watcher.expect_publish(will_payload);
}

void reaches_a_session_that_waits(context& test) {
  client& watcher = test.connected("watcher", lasting_session(test));
  watcher.subscribe(test.topic("will"), qos::at_least_once);
  watcher.disconnect();
  client& online = test.connected("online");
  online.subscribe(test.topic("will"), qos::at_least_once);
  test.connected("device", with_will(test)).drop();
  online.expect_publish(will_payload);
  client& again = test.connecting("watcher", lasting_session(test));
  again.expect_session_present(true);
  again.expect_publish(will_payload);
}

void replaced_by_that_of_the_next_connect(context& test) {
  client& watcher = watch(test);
  test.connected("device", with_will(test)).disconnect();
  mqtt::will other = will_of(test);
  other.payload = {'n', 'e', 'x', 't'};
  test.connected("device", with_will(other)).drop();
  watcher.expect_publish("next");
}

struct end_of_connection {
  const char* id;
  const char* title;
  const char* defect;
  ending end;
};

constexpr end_of_connection ends[] = {
    {"MQTT-3.1.2-8/connection-broken",
     "The will is published when the client closes without DISCONNECT", "lose-will", by_close},
    {"MQTT-3.1.2-8/connection-reset", "The will is published when the connection is reset",
     "lose-will", by_reset},
    {"MQTT-3.1.2-8/takeover", "The will is published when the client connects again",
     "lose-will-at-takeover", by_takeover},
    {"MQTT-3.1.2-8/malformed-packet",
     "The will is published when the client sends a malformed packet", "lose-will-at-error",
     by_malformed_packet},
    {"MQTT-3.1.2-8/protocol-error",
     "The will is published when the client sends a message with QoS 3", "lose-will-at-error",
     by_qos_3},
    {"MQTT-3.1.2-8/cut-packet", "The will is published when the connection ends within a packet",
     "lose-will", by_cut_packet},
};

void add_ends(suite& to) {
  for (const end_of_connection& each : ends) {
    test_case added{.id = each.id,
                    .title = each.title,
                    .covers = {v5("MQTT-3.1.2-8"), v5("MQTT-3.1.2-7"), v5("PR5-3.1.2.5-a"),
                               v3("MQTT-3.1.2-8"), v3("PR3-3.1.2.5-a")},
                    .needs = {need::qos1},
                    .defects = {each.defect},
                    .body = [end = each.end](context& test) { published_at(test, end); }};
    if (each.end == by_takeover) {
      added.covers.push_back(v5("PR5-3.1.4-c"));
      added.covers.push_back(v3("MQTT-3.1.4-2"));
    }
    to.add(std::move(added));
  }
  to.add({.id = "MQTT-3.1.2-8/keep-alive",
          .title = "The will is published when the client is cut off for its silence",
          .covers = {v5("MQTT-3.1.2-8"), v5("MQTT-3.1.2-22"), v5("PR5-3.1.2.5-a"),
                     v3("MQTT-3.1.2-8"), v3("MQTT-3.1.2-24"), v3("PR3-3.1.2.5-a")},
          .needs = {need::qos1},
          .defects = {"lose-will-at-keep-alive-timeout"},
          .body = published_at_silence});
}

void add_disconnects(suite& to) {
  struct farewell {
    const char* id;
    const char* title;
    const char* defect;
    reason_code code;
  };
  for (const farewell& each :
       {farewell{"PR5-3.14-a/with-will", "DISCONNECT 0x04 has the will published",
                 "lose-will-at-disconnect-with-will", reason_code::disconnect_with_will_message},
        farewell{"PR5-3.14-a/unspecified-error", "DISCONNECT 0x80 has the will published",
                 "lose-will", reason_code::unspecified_error},
        farewell{"PR5-3.14-a/malformed-packet", "DISCONNECT 0x81 has the will published",
                 "lose-will", reason_code::malformed_packet},
        farewell{"PR5-3.14-a/protocol-error", "DISCONNECT 0x82 has the will published", "lose-will",
                 reason_code::protocol_error},
        farewell{"PR5-3.14-a/implementation-error", "DISCONNECT 0x83 has the will published",
                 "lose-will", reason_code::implementation_specific_error}}) {
    to.add(
        {.id = each.id,
         .title = each.title,
         .covers = {v5("PR5-3.14-a"), v5("MQTT-3.1.2-8"), v5("MQTT-4.13.2-1")},
         .needs = {need::qos1},
         .defects = {each.defect},
         .body = [code = each.code](context& test) { published_at_disconnect_with(test, code); }});
  }
}

}  // namespace

void add_will_publication_cases(suite& to) {
  add_ends(to);
  add_disconnects(to);
  to.add({.id = "PR5-3.1.2.5-b/prompt",
          .title = "The will is published within five seconds after the connection breaks",
          .covers = {v5("PR5-3.1.2.5-b"), v3("PR3-3.1.2.5-b")},
          .needs = {need::qos1},
          .defects = {"publish-will-late"},
          .level = requirement_level::should,
          .body = published_soon});
  to.add(
      {.id = "MQTT-3.1.2-8/offline-subscriber",
       .title = "The will waits in the session of a subscriber that is away",
       .covers = {v5("MQTT-3.1.2-8"), v5("MQTT-3.1.2-5"), v3("MQTT-3.1.2-8"), v3("MQTT-3.1.2-5")},
       .needs = {need::qos1},
       .defects = {"lose-will", "forget-session-at-disconnect"},
       .body = reaches_a_session_that_waits});
  to.add({.id = "MQTT-3.1.2-7/replaced",
          .title = "A later CONNECT brings its own will",
          .covers = {v5("MQTT-3.1.2-7"), v3("MQTT-3.1.2-8")},
          .needs = {need::qos1},
          .defects = {"lose-will"},
          .body = replaced_by_that_of_the_next_connect});
}

}  // namespace gauntlet::conformance
