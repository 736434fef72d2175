// Sessions that are taken over, begun anew, ended or outlived, and subscriptions made while the
// link breaks.

#include "guarantees/steps.hpp"

namespace gauntlet::guarantees {
namespace {

using namespace std::chrono_literals;
using history::direction;
using mqtt::packet_type;
using mqtt::qos;

// A SUBSCRIBE whose answer never comes; the subscriber asks again on a new connection.
void subscribe_cut(stage& on, packet_type type, direction towards) {
  client& subscriber = on.join("sub");
  client& publisher = on.join("pub");
  on.inject(
      on_packet("cut", subscriber, type, towards,
                fault::cut{.when = fault::cut::moment::before, .at_broker = fault::ending::fin}));
  subscriber.subscribe(on.topic("#"), qos::at_least_once);
  on.await_strike("cut");
  on.settle();
  for (int i = 0; i < 3; ++i) publisher.publish({.topic = on.topic("a")});
  on.settle();
}

// The link is dead while the SUBSCRIBE is on its way.
void subscribe_partition(stage& on) {
  client& subscriber = on.join("sub");
  client& publisher = on.join("pub");
  on.inject(
      on_packet("dead", subscriber, packet_type::suback, direction::to_client, fault::half_open{}));
  subscriber.subscribe(on.topic("#"), qos::exactly_once);
  on.await_strike("dead");
  for (int i = 0; i < 3; ++i) publisher.publish({.topic = on.topic("a"), .qos = qos::exactly_once});
  on.rest(200ms);
  on.end("dead");
  subscriber.take_over();
  on.settle();
  publisher.publish({.topic = on.topic("a"), .qos = qos::exactly_once});
}

// Clean Start 1 ends the session: nothing that waited comes, and no subscription is left.
void begun_anew(stage& on) {
  const pair two = make_pair(on, {.qos = qos::at_least_once});
  two.subscriber.leave(departure::reset);
  on.rest(100ms);
  two.publish(5);
  on.settle();
  two.subscriber.settings().returns_clean = true;
  two.subscriber.come();
  on.settle();
  two.publish(3);
  on.settle();
  two.subscriber.settings().returns_clean = false;
}

// Messages flow while a second connection of the same client takes over.
void taken_over(stage& on, qos of) {
  const pair two = make_pair(on, {.qos = of});
  two.publish(10);
  two.subscriber.take_over();
  two.publish(10);
  on.await([&] { return two.subscriber.is_open(); }, "the takeover");
  two.publisher.take_over();
  on.await([&] { return two.publisher.is_open(); }, "the publisher's takeover");
  two.publish(5);
  on.settle();
}

// The session has expired: a new one, without what the old one had.
void outlived(stage& on) {
  const pair two = make_pair(on, {.qos = qos::at_least_once, .subscriber = {.expiry_s = 1}});
  two.subscriber.leave(departure::reset);
  two.publish(3);
  on.rest(8s);
  two.subscriber.come();
  on.settle();
  two.publish(3);
}

// The session has not expired, though it was not long before.
void in_time(stage& on) {
  const pair two = make_pair(on, {.qos = qos::at_least_once, .subscriber = {.expiry_s = 6}});
  two.subscriber.leave(departure::reset);
  on.rest(100ms);
  two.publish(3);
  on.rest(3s);
  two.subscriber.come();
  on.settle();
  two.publish(3);
}

// After UNSUBSCRIBE nothing waits.
void unsubscribed(stage& on) {
  const pair two = make_pair(on, {.qos = qos::at_least_once});
  client& publisher = two.publisher;
  two.subscriber.unsubscribe(on.topic("#"));
  on.settle();
  two.subscriber.leave(departure::disconnect);
  on.rest(100ms);
  for (int i = 0; i < 5; ++i) publisher.publish({.topic = on.topic("b")});
  on.settle();
  two.subscriber.come();
  on.settle();
}

// A device that loses its connection again and again while messages come.
void flapping(stage& on, qos of) {
  const pair two = make_pair(on, {.qos = of, .subscriber = {.back_after = 20ms}});
  for (int i = 0; i < 8; ++i) {
    two.publish(3);
    on.rest(30ms);
    two.subscriber.leave(i % 2 == 0 ? departure::reset : departure::close);
    two.publish(2);
    two.subscriber.come();
    on.await([&] { return two.subscriber.is_open(); }, "the return");
  }
  on.settle();
}

// Twenty devices lose their connections at once and come back at once.
void storm(stage& on) {
  client& publisher = on.join("pub");
  std::vector<client*> all;
  for (int i = 0; i < 20; ++i) {
    client& each = on.add("s" + std::to_string(i), {.back_after = 10ms});
    each.subscribe(on.topic("#"), i % 2 == 0 ? qos::at_least_once : qos::exactly_once);
    each.come();
    all.push_back(&each);
  }
  on.settle();
  const message_plan message{.topic = on.topic("a"), .qos = qos::exactly_once};
  for (int i = 0; i < 5; ++i) publisher.publish(message);
  for (client* each : all) each->leave(departure::reset);
  for (int i = 0; i < 5; ++i) publisher.publish(message);
  for (client* each : all) each->come();
  on.settle();
}

void add_subscribing(scenarios& to) {
  add_both_versions(to, {.name = "subscribe/cut-before-subscribe",
                         .title = "The connection is cut before SUBSCRIBE, which is repeated",
                         .play = [](stage& on) {
                           subscribe_cut(on, packet_type::subscribe, direction::to_broker);
                         }});
  add_both_versions(to, {.name = "subscribe/cut-before-suback",
                         .title = "The connection is cut before SUBACK, and SUBSCRIBE repeated",
                         .play = [](stage& on) {
                           subscribe_cut(on, packet_type::suback, direction::to_client);
                         }});
  add_both_versions(to, {.name = "subscribe/partition",
                         .title = "The link goes dead before SUBACK while messages come",
                         .needs_qos2 = true,
                         .play = subscribe_partition});
}

}  // namespace

void add_sessions(scenarios& to) {
  add_subscribing(to);
  add_both_versions(to, {.name = "session/begun-anew",
                         .title = "A subscriber with waiting messages returns with a clean start",
                         .play = begun_anew});
  add_both_qos(to,
               {.name = "session/taken-over",
                .title = "Subscriber and publisher take over their own connections under load"},
               taken_over);
  add_v5(to, {.name = "session/outlived",
              .title = "A subscriber returns long after its Session Expiry Interval",
              .play = outlived});
  add_v5(to, {.name = "session/in-time",
              .title = "A subscriber returns within its Session Expiry Interval",
              .play = in_time});
  add_both_versions(to, {.name = "session/unsubscribed",
                         .title = "Nothing waits for a subscriber that has unsubscribed and left",
                         .play = unsubscribed});
  add_both_qos(to,
               {.name = "session/flapping",
                .title = "A subscriber's connection breaks eight times while messages come"},
               flapping);
  add_both_versions(to, {.name = "session/reconnect-storm",
                         .title = "Twenty subscribers lose their connections and return at once",
                         .needs_qos2 = true,
                         .play = storm});
}

}  // namespace gauntlet::guarantees
