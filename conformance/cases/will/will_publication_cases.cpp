// Wills. MQTT 5.0 §3.1.2.5, §3.14

#include "conformance/cases/will/will_cases.hpp"
#include "conformance/suite/context.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

mqtt::connect with_will(const context& test) {
  return {.will = mqtt::will{.topic_name = test.topic("will"),
                             .payload = {'g', 'o', 'n', 'e'},
                             .qos = qos::at_least_once}};
}

void published_when_the_connection_breaks(context& test) {
  client& watcher = test.connected("watcher");
  watcher.subscribe(test.topic("will"), qos::at_least_once);
  test.connected("device", with_will(test)).drop();
  watcher.expect_publish("gone");
}

void not_published_after_disconnect(context& test) {
  client& watcher = test.connected("watcher");
  watcher.subscribe(test.topic("will"), qos::at_least_once);
  // Control: the same will is published for a connection that breaks.
  test.connected("control", with_will(test)).drop();
  watcher.receive("gone");
  test.connected("device", with_will(test)).disconnect();
  watcher.expect_quiet();
}

}  // namespace

void add_will_publication_cases(suite& to) {
  to.add({.id = "MQTT-3.1.2-8/connection-broken",
          .title = "The will is published when the connection breaks",
          .covers = {v5("MQTT-3.1.2-8"), v3("MQTT-3.1.2-8")},
          .needs = {need::qos1},
          .defects = {"lose-will"},
          .body = published_when_the_connection_breaks});
  to.add({.id = "MQTT-3.14.4-3/will-discarded",
          .title = "No will is published after DISCONNECT with code 0x00",
          .covers = {v5("MQTT-3.14.4-3"), v3("MQTT-3.14.4-3")},
          .needs = {need::qos1},
          .defects = {"publish-will-after-disconnect"},
          .body = not_published_after_disconnect});
}

}  // namespace gauntlet::conformance
