// Keep Alive. MQTT 5.0 §3.1.2.10

#include "conformance/cases/keep_alive/keep_alive_cases.hpp"
#include "conformance/suite/context.hpp"

namespace gauntlet::conformance {
namespace {

using namespace std::chrono_literals;

void silent_client_is_ended(context& test) {
  client& silent = test.connected("silent", {.keep_alive_s = 2});
  client& lively = test.connected("lively", {.keep_alive_s = 2});
  test.pause(1500ms, "within the Keep Alive");
  lively.ping();
  test.pause(1500ms, "until 3 s of silence, one and a half times the Keep Alive of 2 s");
  lively.ping();
  silent.expect_close_within(2500ms, {{mqtt::reason_code::keep_alive_timeout}});
  lively.send(mqtt::pingreq{});
  lively.expect<mqtt::pingresp>("PINGRESP to the client that was not silent");
}

}  // namespace

void add_keep_alive_timeout_cases(suite& to) {
  to.add({.id = "MQTT-3.1.2-22/silent-client",
          .title = "A client that is silent for one and a half Keep Alives is cut off",
          .covers = {v5("MQTT-3.1.2-22"), v3("MQTT-3.1.2-24")},
          .defects = {"ignore-keep-alive"},
          .body = silent_client_is_ended});
}

}  // namespace gauntlet::conformance
