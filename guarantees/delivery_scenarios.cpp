// Messages while acknowledgements are withheld, lost or doubled, while links are dead without a
// word, and while a subscriber is away.

#include "guarantees/steps.hpp"

namespace gauntlet::guarantees {
namespace {

using namespace std::chrono_literals;
using history::direction;
using mqtt::packet_type;

packet_type first_answer(mqtt::qos qos) {
  return qos == mqtt::qos::exactly_once ? packet_type::pubrec : packet_type::puback;
}

// The subscriber gets messages and its acknowledgements go nowhere; then the connection breaks.
void withheld_by_subscriber(stage& on, mqtt::qos qos) {
  const pair two = make_pair(on, {.qos = qos});
  on.inject(on_packet("withheld", two.subscriber, first_answer(qos), direction::to_broker,
                      fault::drop{}, 0));
  two.publish(5);
  on.await_strike("withheld");  // some brokers send one message at a time
  on.rest(200ms);
  on.end("withheld");
  two.subscriber.leave(departure::reset);
  two.publish(2);
  two.subscriber.come();
}

// The broker acknowledges and the publisher never hears of it; it sends again on a new connection.
void acknowledgement_lost(stage& on, mqtt::qos qos) {
  const pair two = make_pair(on, {.qos = qos});
  on.inject(
      on_packet("lost", two.publisher, first_answer(qos), direction::to_client, fault::drop{}, 3));
  two.publish(3);
  on.await_strike("lost", 3);
  two.publisher.leave(departure::reset);
  two.publisher.come();
  on.settle();
  two.publish();
}

// The network hands a packet over twice.
void doubled(stage& on, const mqtt::qos qos, packet_type type) {
  const pair two = make_pair(on, {.qos = qos});
  on.inject(on_packet("doubled", two.publisher, type, direction::to_broker,
                      fault::duplicate{.copies = 1, .set_dup = type == packet_type::publish}, 3));
  two.publish(3);
  on.await_strike("doubled", 3);
  on.settle();
}

// The publisher's answers come twice.
void doubled_answer(stage& on, packet_type type) {
  const pair two = make_pair(on, {.qos = mqtt::qos::exactly_once});
  on.inject(on_packet("doubled", two.subscriber, type, direction::to_broker,
                      fault::duplicate{.copies = 1}, 3));
  two.publish(3);
  on.await_strike("doubled", 3);
  on.settle();
}

// One side's link goes dead without a word; it connects anew over the dead connection.
void dead_link(stage& on, mqtt::qos qos, bool of_publisher) {
  const pair two = make_pair(on, {.qos = qos});
  client& victim = of_publisher ? two.publisher : two.subscriber;
  on.inject(on_stream("partition", victim, fault::partition{}));
  two.publish(5);
  on.rest(300ms);
  on.end("partition");
  victim.take_over();
  on.await([&] { return victim.is_open(); }, "the takeover");
  on.settle();
  two.publish();
}

// Away in order, with messages that wait.
void offline(stage& on, mqtt::qos qos) {
  const pair two = make_pair(on, {.qos = qos, .properties = true});
  two.subscriber.leave(departure::disconnect);
  on.rest(100ms);
  two.publish(20);
  on.settle();
  two.subscriber.come();
  two.publish(3);
}

// Twenty messages wait for a subscriber that takes one at a time and loses its connection between.
void one_at_a_time(stage& on, mqtt::qos qos) {
  const pair two = make_pair(on, {.qos = qos, .subscriber = {.receive_maximum = 1}});
  two.subscriber.leave(departure::reset);
  on.rest(100ms);
  two.publish(20);
  on.settle();
  on.inject({.name = "cut",
             .who = {.clients = two.subscriber.id(),
                     .packets = {packet_type::publish},
                     .towards = direction::to_client,
                     .every = 7,
                     .times = 2},
             .when = {},
             .what = fault::cut{.at_broker = fault::ending::fin}});
  two.subscriber.come();
  on.await_strike("cut", 2);
  on.settle();
}

// What is sent again after a cut is cut as well.
void cut_again(stage& on, mqtt::qos qos) {
  const pair two = make_pair(on, {.qos = qos});
  on.inject(on_packet(
      "cut", two.subscriber, first_answer(qos), direction::to_broker,
      fault::cut{.when = fault::cut::moment::before, .at_broker = fault::ending::fin}, 3));
  two.publish(3);
  on.await_strike("cut", 3);
  on.settle();
  two.publish();
}

// Every packet arrives byte by byte.
void byte_by_byte(stage& on, mqtt::qos qos) {
  client& subscriber = on.join("sub");
  on.inject({.name = "sliced",
             .who = {},
             .when = {},
             .what = fault::slicer{.average_bytes = 1, .variation_bytes = 0, .gap = 100us}});
  subscriber.subscribe(on.topic("#"), qos);
  client& publisher = on.join("pub");
  on.settle();
  for (int i = 0; i < 5; ++i) publisher.publish({.topic = on.topic("a"), .qos = qos});
  on.settle();
}

// The connection breaks in the middle of a message.
void torn_message(stage& on, mqtt::qos qos) {
  const pair two = make_pair(on, {.qos = qos});
  on.inject(
      on_packet("torn", two.publisher, packet_type::publish, direction::to_broker,
                fault::cut{.when = fault::cut::moment::mid, .at_broker = fault::ending::fin}));
  two.publish(3);
  on.await_strike("torn");
  on.settle();
  two.publish();
}

// Messages of both QoS at once: where QoS 2 waits for its PUBREL, QoS 1 goes on.
void mixed_burst(stage& on) {
  client& subscriber = on.join("sub");
  subscriber.subscribe(on.topic("#"), mqtt::qos::exactly_once);
  client& publisher = on.join("pub");
  on.settle();
  for (int i = 0; i < 30; ++i) {
    publisher.publish({.topic = on.topic("a"), .qos = mqtt::qos::exactly_once});
    publisher.publish({.topic = on.topic("b"), .qos = mqtt::qos::at_least_once});
  }
  on.settle();
}

void add_doubled(scenarios& to) {
  add_both_qos(
      to, {.name = "doubled/publish", .title = "A PUBLISH reaches the broker twice, with DUP 1"},
      [](stage& on, mqtt::qos qos) { doubled(on, qos, packet_type::publish); });
  add_both_versions(
      to, {.name = "doubled/pubrel",
           .title = "A PUBREL reaches the broker twice",
           .needs_qos2 = true,
           .play = [](stage& on) { doubled(on, mqtt::qos::exactly_once, packet_type::pubrel); }});
  add_both_versions(to, {.name = "doubled/pubrec",
                         .title = "A subscriber's PUBREC reaches the broker twice",
                         .needs_qos2 = true,
                         .play = [](stage& on) { doubled_answer(on, packet_type::pubrec); }});
}

}  // namespace

void add_delivery(scenarios& to) {
  add_both_qos(to,
               {.name = "acknowledgements/withheld-by-subscriber",
                .title = "A subscriber's acknowledgements get lost, then its connection"},
               withheld_by_subscriber);
  add_both_qos(to,
               {.name = "acknowledgements/lost-to-publisher",
                .title = "The broker's acknowledgements get lost, and the publisher sends again"},
               acknowledgement_lost);
  add_doubled(to);
  add_both_qos(to,
               {.name = "dead-link/subscriber",
                .title = "A subscriber's link goes dead, and it takes over its own connection"},
               [](stage& on, mqtt::qos qos) { dead_link(on, qos, false); });
  add_both_qos(to,
               {.name = "dead-link/publisher",
                .title = "A publisher's link goes dead, and it takes over its own connection"},
               [](stage& on, mqtt::qos qos) { dead_link(on, qos, true); });
  add_both_qos(to,
               {.name = "offline/disconnected",
                .title = "Twenty messages wait for a subscriber that has disconnected"},
               offline);
  add_both_qos(to,
               {.name = "offline/one-at-a-time",
                .title = "Twenty messages wait, and are taken one by one over three connections"},
               one_at_a_time);
  add_both_qos(
      to,
      {.name = "cut/again", .title = "What is sent again after a cut is cut again, three times"},
      cut_again);
  add_both_versions(to, {.name = "burst/mixed-qos",
                         .title = "Thirty messages of QoS 1 and thirty of QoS 2 at once, no fault",
                         .needs_qos2 = true,
                         .play = mixed_burst});
  add_both_qos(to, {.name = "bytes/one-by-one", .title = "Every packet arrives byte by byte"},
               byte_by_byte);
  add_both_qos(
      to,
      {.name = "bytes/torn-message", .title = "The connection breaks in the middle of a PUBLISH"},
      torn_message);
}

}  // namespace gauntlet::guarantees
