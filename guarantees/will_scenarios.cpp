// Wills: published when the connection breaks, not when it ends in order, late when delayed, not at
// all when the device is back in time.

#include "guarantees/steps.hpp"

namespace gauntlet::guarantees {
namespace {

using namespace std::chrono_literals;
using mqtt::qos;

constexpr duration missing_after = 31s;

struct mortals {
  client& watcher;
  client& mortal;
};

mortals set_up(stage& on, std::uint32_t delay_s, client_settings settings = {}) {
  client& watcher = on.join("watcher");
  watcher.subscribe(on.topic("will"), qos::at_least_once);
  on.settle();
  const std::string text = "will of " + on.topic("mortal");
  settings.will = mqtt::will{.topic_name = on.topic("will"),
                             .payload = {text.begin(), text.end()},
                             .qos = qos::at_least_once};
  if (on.is_v5()) {
    if (delay_s > 0) settings.will->properties.add(mqtt::will_delay_interval(delay_s));
    settings.will->properties.add(mqtt::content_type("text/will"));
  }
  client& mortal = on.join("mortal", std::move(settings));
  // What its later connections have is another matter.
  mortal.settings().will.reset();
  on.settle();
  return {watcher, mortal};
}

void await_will(stage& on, const mortals& two) {
  const std::string topic = on.topic("will");
  // A will that never comes is proven only after half a minute.
  static_cast<void>(
      on.await_quietly([&] { return two.watcher.received_on(topic) > 0; }, missing_after));
}

void published_after(stage& on, departure how) {
  const mortals two = set_up(on, 0);
  two.mortal.leave(how);
  await_will(on, two);
  on.rest(300ms);
}

void not_published_after_disconnect(stage& on) {
  const mortals two = set_up(on, 0);
  two.mortal.leave(departure::disconnect);
  on.rest(2500ms);
}

// Nothing tells the broker; the Keep Alive of a second does.
void published_after_silence(stage& on) {
  const mortals two = set_up(on, 0, {.keep_alive_s = 1});
  on.inject(on_stream("partition", two.mortal, fault::partition{}));
  await_will(on, two);
  on.rest(300ms);
}

void taken_over(stage& on) {
  const mortals two = set_up(on, 0);
  two.mortal.take_over();
  await_will(on, two);
  on.rest(300ms);
}

void delayed(stage& on) {
  const mortals two = set_up(on, 2);
  two.mortal.leave(departure::reset);
  await_will(on, two);
  on.rest(300ms);
}

void back_in_time(stage& on) {
  const mortals two = set_up(on, 3);
  two.mortal.leave(departure::reset);
  on.rest(500ms);
  two.mortal.come();
  on.settle();
  on.rest(5s);
}

void session_ends_first(stage& on) {
  const mortals two = set_up(on, 60, {.expiry_s = 1});
  two.mortal.leave(departure::reset);
  await_will(on, two);
  on.rest(300ms);
}

}  // namespace

void add_wills(scenarios& to) {
  add_both_versions(to, {.name = "will/reset",
                         .title = "The connection is reset: the will is published",
                         .play = [](stage& on) { published_after(on, departure::reset); }});
  add_both_versions(to, {.name = "will/closed",
                         .title = "The connection is closed without DISCONNECT",
                         .play = [](stage& on) { published_after(on, departure::close); }});
  add_both_versions(to, {.name = "will/disconnected",
                         .title = "DISCONNECT takes the will away",
                         .play = not_published_after_disconnect});
  add_both_versions(to, {.name = "will/silent",
                         .title = "The link goes dead without a word: the Keep Alive tells",
                         .play = published_after_silence});
  add_both_versions(to, {.name = "will/taken-over",
                         .title = "The connection is taken over: the will is published",
                         .play = taken_over});
  add_v5(to, {.name = "will/disconnect-with-will",
              .title = "DISCONNECT 0x04 publishes the will",
              .play = [](stage& on) { published_after(on, departure::disconnect_with_will); }});
  add_v5(to,
         {.name = "will/delayed", .title = "A will with a delay of two seconds", .play = delayed});
  add_v5(to, {.name = "will/back-in-time",
              .title = "The device is back before its delayed will is due",
              .play = back_in_time});
  add_v5(to, {.name = "will/session-ends-first",
              .title = "The session ends before the delay of the will",
              .play = session_ends_first});
}

}  // namespace gauntlet::guarantees
