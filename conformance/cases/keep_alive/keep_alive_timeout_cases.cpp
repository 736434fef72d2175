// Keep Alive, and the Server Keep Alive in its place. MQTT 5.0 §3.1.2.10, §3.2.2.3.14

#include "conformance/cases/keep_alive/keep_alive_cases.hpp"
#include "conformance/cases/support/message_path.hpp"

namespace gauntlet::conformance {
namespace {

using namespace std::chrono_literals;
using mqtt::property_id;
using mqtt::qos;
using mqtt::reason_code;

constexpr auto v5_only = caught_defect::in::v5_only;
// On top of one and a half Keep Alives, since timers may be coarse.
constexpr auto tolerance = 6s;

void silent_client_is_ended(context& test) {
  client& silent = test.connected("silent", {.keep_alive_s = 2});
  client& lively = test.connected("lively", {.keep_alive_s = 2});
  test.pause(1500ms, "within the Keep Alive");
  lively.ping();
  test.pause(1500ms, "until 3 s of silence, one and a half times the Keep Alive of 2 s");
  lively.ping();
  silent.expect_close_within(tolerance, {{reason_code::keep_alive_timeout}});
  lively.send(mqtt::pingreq{});
  lively.expect<mqtt::pingresp>("PINGRESP to the client that was not silent");
}

// What the broker sends does not count, only what comes from the client.
void receiving_client_is_ended(context& test) {
  client& silent = test.connected("silent", {.keep_alive_s = 1});
  silent.subscribe(test.topic("t"), qos::at_most_once);
  client& publisher = test.connected("publisher");
  for (const std::string_view payload : {"1", "2", "3"}) {
    publisher.publish(test.topic("t"), payload, qos::at_most_once);
    test.pause(500ms, "between messages to the silent client");
  }
  silent.take("1");
  silent.expect_close_within(tolerance);
  prove_delivery(test, publisher);
}

void client_may_be_silent_for_its_keep_alive(context& test) {
  client& c = test.connecting("c", {.keep_alive_s = 6});
  const auto answer = c.expect_connack();
  const auto own = answer.properties.find<property_id::server_keep_alive>();
  if (own && *own != 0 && *own < 6) return test.skip("its Server Keep Alive is shorter");
  prove_delivery(test, c, qos::at_most_once);
  test.pause(5s, "within the Keep Alive of 6 s");
  c.send(mqtt::pingreq{});
  c.expect<mqtt::pingresp>("PINGRESP, since no Keep Alive has passed");
}

// Any packet keeps the connection, not PINGREQ alone.
void publishing_client_stays(context& test) {
  client& watcher = test.connected("watcher");
  watcher.subscribe(test.topic("t"), qos::at_most_once);
  client& c = test.connected("c", {.keep_alive_s = 2});
  for (const std::string_view payload : {"1", "2", "3"}) {
    test.pause(1500ms, "within the Keep Alive of 2 s");
    c.publish(test.topic("t"), payload, qos::at_most_once);
    watcher.expect_publish(payload);
  }
}

void zero_is_no_limit(context& test) {
  client& c = test.connecting("c", {.keep_alive_s = 0});
  const auto answer = c.expect_connack();
  if (answer.properties.contains(property_id::server_keep_alive)) {
    return test.skip("it announces a Server Keep Alive");
  }
  prove_delivery(test, c, qos::at_most_once);
  test.pause(31s, "with a Keep Alive of 0");
  c.send(mqtt::pingreq{});
  c.expect<mqtt::pingresp>("PINGRESP, since there is no Keep Alive");
}

// The client is silent for longer than the broker's own Keep Alive, as far as it was told of one.
void own_keep_alive_is_kept(context& test, std::uint16_t asked_s) {
  client& c = test.connecting("c", {.keep_alive_s = asked_s});
  const auto answer = c.expect_connack();
  const auto announced = answer.properties.find<property_id::server_keep_alive>();
  if (announced) {
    test.pause(std::chrono::seconds(*announced), "within the Server Keep Alive");
    c.ping();
    c.expect_close_within(std::chrono::milliseconds(1500 * *announced) + tolerance,
                          {{reason_code::keep_alive_timeout}});
    return;
  }
  test.pause(8s, "within the Keep Alive of the client, which no other has replaced");
  c.send(mqtt::pingreq{});
  c.expect<mqtt::pingresp>("PINGRESP, since there is no Server Keep Alive");
}

}  // namespace

void add_keep_alive_timeout_cases(suite& to) {
  to.add({.id = "MQTT-3.1.2-22/silent-client",
          .title = "A client that is silent for one and a half Keep Alives is cut off",
          .covers = {v5("MQTT-3.1.2-22"), v3("MQTT-3.1.2-24")},
          .defects = {"ignore-keep-alive"},
          .body = silent_client_is_ended});
  to.add({.id = "MQTT-3.1.2-22/receiving-client",
          .title = "A client that only receives is cut off for its silence",
          .covers = {v5("MQTT-3.1.2-22"), v3("MQTT-3.1.2-24")},
          .needs = {need::qos1},
          .defects = {"ignore-keep-alive"},
          .body = receiving_client_is_ended});
  to.add({.id = "MQTT-3.2.2-22/own-value",
          .title = "A client may be silent for its Keep Alive if CONNACK names no other",
          .covers = {v5("MQTT-3.2.2-22"), v5("MQTT-3.1.2-22")},
          .defects = {"end-keep-alive-early"},
          .body = client_may_be_silent_for_its_keep_alive});
  to.add({.id = "MQTT-3.1.2-22/publishing-client",
          .title = "A client that publishes within its Keep Alive stays without PINGREQ",
          .covers = {v5("MQTT-3.1.2-22"), v3("MQTT-3.1.2-24")},
          .defects = {{"end-keep-alive-early", v5_only}, {"lose-qos0-delivery"}},
          .body = publishing_client_stays});
  to.add({.id = "PR5-3.1.2.10-a/zero",
          .title = "A client with Keep Alive 0 may be silent for half a minute",
          .covers = {v5("PR5-3.1.2.10-a")},
          .defects = {"limit-keep-alive-0"},
          .limit = std::chrono::seconds(45),
          .body = zero_is_no_limit});
  for (const std::uint16_t asked_s : {std::uint16_t{60}, std::uint16_t{0}}) {
    to.add({.id = "PR5-3.2.2.3.14-a/instead-of-" + std::to_string(asked_s),
            .title = "The Server Keep Alive holds in place of a Keep Alive of " +
                     std::to_string(asked_s),
            .covers = {v5("PR5-3.2.2.3.14-a"), v5("MQTT-3.2.2-22")},
            .needs = {need::server_keep_alive},
            .defects = {"omit-server-keep-alive", "ignore-server-keep-alive"},
            .body = [asked_s](context& test) { own_keep_alive_is_kept(test, asked_s); }});
  }
}

}  // namespace gauntlet::conformance
