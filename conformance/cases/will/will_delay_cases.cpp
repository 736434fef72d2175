// The Will Delay Interval against the end of the session and the return of the client.
// MQTT 5.0 §3.1.3.2.2

#include <fmt/format.h>

#include "conformance/cases/support/lasting_session.hpp"
#include "conformance/cases/will/will_cases.hpp"
#include "conformance/cases/will/will_stories.hpp"

namespace gauntlet::conformance {
namespace {

using namespace std::chrono_literals;
using mqtt::qos;
using mqtt::reason_code;

mqtt::connect delayed(const context& test, std::uint32_t delay_s, std::uint32_t expiry_s = 60) {
  mqtt::connect packet = lasting_session(test, true, expiry_s);
  packet.will = will_of(test, qos::at_least_once, {mqtt::will_delay_interval(delay_s)});
  return packet;
}

// Five seconds of delay, so that a will at twice the delay comes too late.
void comes_after_the_delay(context& test) {
  client& watcher = watch(test);
  test.connected("device", delayed(test, 5)).drop();
  test.pause(4s, "within the Will Delay Interval of 5 s");
  watcher.expect_quiet();
  watcher.expect_publish(will_payload);
}

void waits_after_disconnect_with_will(context& test) {
  client& watcher = watch(test);
  test.connected("device", delayed(test, 2))
      .disconnect({.reason_code = reason_code::disconnect_with_will_message});
  test.pause(1s, "within the Will Delay Interval of 2 s");
  watcher.expect_quiet();
  watcher.expect_publish(will_payload);
}

void comes_at_once(context& test, std::uint32_t delay_s, std::uint32_t expiry_s) {
  client& watcher = watch(test);
  test.connected("device", delayed(test, delay_s, expiry_s)).drop();
  watcher.expect_publish(will_payload);
}

void comes_when_disconnect_ends_the_session(context& test) {
  client& watcher = watch(test);
  test.connected("device", delayed(test, 60))
      .disconnect({.reason_code = reason_code::disconnect_with_will_message,
                   .properties = {mqtt::session_expiry_interval(0)}});
  watcher.expect_publish(will_payload);
}

void return_of_the_client_cancels(context& test) {
  client& watcher = watch(test);
  prove_will(test, watcher);
  test.connected("device", delayed(test, 2)).drop();
  test.connected("device", lasting_session(test)).ping();
  test.pause(2500ms, "until the Will Delay Interval of 2 s has passed");
  watcher.expect_quiet();
}

void return_with_a_will_cancels(context& test) {
  client& watcher = watch(test);
  prove_will(test, watcher);
  test.connected("device", delayed(test, 2)).drop();
  mqtt::connect again = delayed(test, 30);
  again.clean_start = false;
  test.connected("device", again).ping();
  test.pause(2500ms, "until the Will Delay Interval of 2 s has passed");
  watcher.expect_quiet();
}

void clean_start_ends_the_session(context& test) {
  client& watcher = watch(test);
  test.connected("device", delayed(test, 30)).drop();
  test.connected("device");
  watcher.expect_publish(will_payload);
}

void takeover(context& test, bool clean_start, std::uint32_t delay_s) {
  const bool is_sent = clean_start || delay_s == 0;
  client& watcher = watch(test);
  if (!is_sent) prove_will(test, watcher);
  client& device = test.connected("device", delayed(test, delay_s));
  test.connected("device", lasting_session(test, clean_start)).ping();
  device.expect_close();
  if (is_sent) {
    watcher.expect_publish(will_payload);
  } else {
    watcher.expect_quiet();
  }
}

void add_takeovers(suite& to) {
  for (const bool clean_start : {false, true}) {
    for (const std::uint32_t delay_s : {0U, 10U}) {
      const bool is_sent = clean_start || delay_s == 0;
      const char* const defect = delay_s == 0  ? "lose-will-at-takeover"
                                 : clean_start ? "lose-will-at-clean-start"
                                               : "ignore-will-delay-interval";
      to.add({.id = fmt::format("PR5-3.1.3.2.2-b/clean-start-{:d}-delay-{}", clean_start, delay_s),
              .title = fmt::format("At a takeover with Clean Start {:d} a will with delay {} is {}",
                                   clean_start, delay_s, is_sent ? "sent" : "not sent"),
              .covers = {v5("PR5-3.1.3.2.2-b"), v5("PR5-3.1.4-c"), v5("MQTT-3.1.2-8")},
              .needs = {need::qos1},
              .defects = {defect},
              .body = [=](context& test) { takeover(test, clean_start, delay_s); }});
    }
  }
}

test_case delay_test(std::string id, std::string title, std::vector<caught_defect> defects,
                     std::function<void(context&)> body) {
  return {.id = std::move(id),
          .title = std::move(title),
          .covers = {v5("PR5-3.1.3.2.2-a"), v5("MQTT-3.1.2-8")},
          .needs = {need::qos1},
          .defects = std::move(defects),
          .body = std::move(body)};
}

}  // namespace

void add_will_delay_cases(suite& to) {
  to.add(delay_test("PR5-3.1.3.2.2-a/after-the-delay",
                    "A will comes when its delay has passed, and not before",
                    {"ignore-will-delay-interval", "double-will-delay-interval", "lose-will"},
                    comes_after_the_delay));
  to.add(delay_test("PR5-3.1.3.2.2-a/disconnect-with-will",
                    "After DISCONNECT 0x04 too, a will comes when its delay has passed",
                    {"ignore-will-delay-interval", "lose-will-at-disconnect-with-will"},
                    waits_after_disconnect_with_will));
  to.add(delay_test("PR5-3.1.3.2.2-a/session-expires",
                    "A will whose delay is longer than the session comes when the session expires",
                    {"lose-will-at-session-end"},
                    [](context& test) { comes_at_once(test, 60, 1); }));
  to.add(delay_test("PR5-3.1.3.2.2-a/session-without-expiry",
                    "A will with a delay comes at once where the session ends with the connection",
                    {"lose-will-at-session-end"},
                    [](context& test) { comes_at_once(test, 60, 0); }));
  to.add(delay_test("PR5-3.1.3.2.2-a/zero", "A will with delay 0 comes at once", {"lose-will"},
                    [](context& test) { comes_at_once(test, 0, 60); }));
  to.add(delay_test("PR5-3.1.3.2.2-a/session-ended-by-disconnect",
                    "A will comes at once where DISCONNECT 0x04 ends the session",
                    {"lose-will-at-session-end", "ignore-session-expiry-of-disconnect"},
                    comes_when_disconnect_ends_the_session));
  test_case clean = delay_test("PR5-3.1.3.2.2-a/clean-start",
                               "A will that waits comes when Clean Start 1 ends the session",
                               {"lose-will-at-clean-start"}, clean_start_ends_the_session);
  clean.level = requirement_level::should;  // that the client is back could cancel it as well
  to.add(std::move(clean));
  to.add({.id = "MQTT-3.1.3-9/client-returns",
          .title = "A will that waits is not sent if the client resumes its session in time",
          .covers = {v5("MQTT-3.1.3-9"), v5("MQTT-3.1.2-8")},
          .needs = {need::qos1},
          .defects = {"publish-will-after-resume"},
          .body = return_of_the_client_cancels});
  to.add({.id = "MQTT-3.1.3-9/client-returns-with-will",
          .title = "A will that waits is not sent if the client resumes its session with another",
          .covers = {v5("MQTT-3.1.3-9"), v5("MQTT-3.1.2-8")},
          .needs = {need::qos1},
          .defects = {"publish-will-after-resume", "ignore-will-delay-interval"},
          .body = return_with_a_will_cancels});
  add_takeovers(to);
}

}  // namespace gauntlet::conformance
