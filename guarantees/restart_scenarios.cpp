// The broker is stopped or killed and started again, with something of every kind in it.

#include "guarantees/steps.hpp"

namespace gauntlet::guarantees {
namespace {

using namespace std::chrono_literals;
using history::broker_event;
using history::direction;
using mqtt::packet_type;
using mqtt::qos;

// Messages wait for a subscriber that is away.
void queued(stage& on, qos of, broker_event::kind how) {
  const pair two = make_pair(on, {.qos = of});
  two.subscriber.leave(departure::reset);
  on.rest(100ms);
  two.publish(5);
  on.settle();
  if (!on.end_broker(how)) return;
  on.settle();
  two.subscriber.come();
  on.settle();
  two.publish(3);
}

// Connected sessions go on where they were.
void resumed(stage& on, broker_event::kind how) {
  const pair two = make_pair(on, {.qos = qos::at_least_once});
  two.publish(5);
  on.settle();
  on.rest(100ms);
  if (!on.end_broker(how)) return;
  on.settle();
  two.publish(3);
}

// Messages are on their way to the broker, which has received and not released them.
void half_inbound(stage& on, broker_event::kind how) {
  const pair two = make_pair(on, {.qos = qos::exactly_once});
  on.inject(on_packet("withheld", two.publisher, packet_type::pubrel, direction::to_broker,
                      fault::drop{}, 3));
  two.publish(3);
  on.await_strike("withheld", 3);
  if (!on.end_broker(how)) return;
  on.settle();
  two.publish();
}

// Messages are on their way to the subscriber, which has not acknowledged them.
void half_outbound(stage& on, qos of, broker_event::kind how) {
  const pair two = make_pair(on, {.qos = of});
  on.inject(on_packet("withheld", two.subscriber,
                      of == qos::exactly_once ? packet_type::pubcomp : packet_type::puback,
                      direction::to_broker, fault::drop{}, 3));
  two.publish(3);
  on.await_strike("withheld");  // some brokers send one message at a time
  on.rest(200ms);
  on.end("withheld");
  if (!on.end_broker(how)) return;
  on.settle();
  two.publish();
}

void retained(stage& on, broker_event::kind how) {
  client& writer = on.join("writer");
  for (int i = 0; i < 3; ++i) {
    writer.publish({.topic = on.topic("state"), .retain = true});
    on.settle();
  }
  if (!on.end_broker(how)) return;
  on.settle();
  client& reader = on.join("reader");
  reader.subscribe(on.topic("state"), qos::at_least_once);
  on.settle();
  on.rest(1200ms);
}

// Messages flow in both QoS when it happens.
void under_load(stage& on, broker_event::kind how) {
  const pair two = make_pair(on, {.qos = qos::exactly_once});
  const message_plan other{.topic = on.topic("b"), .qos = qos::at_least_once};
  for (int i = 0; i < 8; ++i) {
    two.publish();
    two.publisher.publish(other);
  }
  if (!on.end_broker(how)) return;
  for (int i = 0; i < 5; ++i) two.publisher.publish(other);
  on.settle();
}

void add_ending(scenarios& to, broker_event::kind how) {
  const std::string name = how == broker_event::kind::stop ? "stopped/" : "killed/";
  const std::string title =
      how == broker_event::kind::stop ? "The broker is stopped and started " : "kill -9 and start ";
  const auto with = [&](scenario what) {
    what.name = name + what.name;
    what.title = title + what.title;
    what.ends_broker = how;
    return what;
  };
  add_both_qos(to, with({.name = "queued", .title = "with messages that wait for a subscriber"}),
               [how](stage& on, qos of) { queued(on, of, how); });
  add_both_versions(to, with({.name = "resumed",
                              .title = "under connected sessions, which go on",
                              .play = [how](stage& on) { resumed(on, how); }}));
  add_both_versions(to, with({.name = "half-inbound",
                              .title = "between PUBREC and PUBREL of a publisher",
                              .needs_qos2 = true,
                              .play = [how](stage& on) { half_inbound(on, how); }}));
  add_both_qos(to,
               with({.name = "half-outbound",
                     .title = "with messages that a subscriber has not acknowledged"}),
               [how](stage& on, qos of) { half_outbound(on, of, how); });
  add_both_versions(to, with({.name = "retained",
                              .title = "with a retained message",
                              .needs_retain = true,
                              .play = [how](stage& on) { retained(on, how); }}));
  add_both_versions(to, with({.name = "under-load",
                              .title = "while messages flow",
                              .needs_qos2 = true,
                              .play = [how](stage& on) { under_load(on, how); }}));
}

}  // namespace

void add_restarts(scenarios& to) {
  add_ending(to, broker_event::kind::stop);
  add_ending(to, broker_event::kind::kill);
}

}  // namespace gauntlet::guarantees
