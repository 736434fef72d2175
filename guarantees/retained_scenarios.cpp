// Retained messages written, overwritten and deleted while connections break, and what a new
// subscription reads then. Message expiry and shared subscriptions around a cut.

#include "guarantees/steps.hpp"

namespace gauntlet::guarantees {
namespace {

using namespace std::chrono_literals;
using history::direction;
using mqtt::packet_type;
using mqtt::qos;

void read(stage& on, const std::string& role) {
  client& reader = on.join(role);
  reader.subscribe(on.topic("state"), qos::at_least_once);
  on.settle();
  on.rest(1200ms);
}

// A value is overwritten, the answer to that gets lost with the connection, and it is sent again.
void overwritten_around_cut(stage& on, qos of) {
  client& writer = on.join("writer");
  const message_plan value{.topic = on.topic("state"), .qos = of, .retain = true};
  writer.publish(value);
  on.settle();
  on.inject(
      on_packet("cut", writer, of == qos::exactly_once ? packet_type::pubrec : packet_type::puback,
                direction::to_client,
                fault::cut{.when = fault::cut::moment::before, .at_broker = fault::ending::fin}));
  writer.publish(value);
  on.await_strike("cut");
  on.settle();
  read(on, "reader");
}

// The subscriber is away while the value changes, and asks again when it is back.
void changed_while_away(stage& on) {
  client& writer = on.join("writer");
  const message_plan value{.topic = on.topic("state"), .retain = true};
  writer.publish(value);
  client& reader = on.join("reader");
  on.settle();
  reader.subscribe(on.topic("state"), qos::at_least_once);
  on.settle();
  on.rest(200ms);  // its acknowledgement has arrived
  reader.leave(departure::reset);
  on.rest(100ms);
  for (int i = 0; i < 3; ++i) writer.publish(value);
  on.settle();
  reader.come();
  on.settle();
  reader.subscribe_again();
  on.settle();
  on.rest(1200ms);
}

// A deletion whose answer gets lost: the value must not come back.
void deleted_around_cut(stage& on) {
  client& writer = on.join("writer");
  message_plan value{.topic = on.topic("state"), .retain = true};
  writer.publish(value);
  on.settle();
  on.inject(
      on_packet("cut", writer, packet_type::puback, direction::to_client,
                fault::cut{.when = fault::cut::moment::before, .at_broker = fault::ending::fin}));
  value.empty = true;
  writer.publish(value);
  on.await_strike("cut");
  on.settle();
  read(on, "reader");
}

// The connection of the reader breaks before the retained message reaches it.
void cut_while_read(stage& on) {
  client& writer = on.join("writer");
  writer.publish({.topic = on.topic("state"), .retain = true});
  client& reader = on.join("reader");
  on.settle();
  on.rest(200ms);
  on.inject(
      on_packet("cut", reader, packet_type::publish, direction::to_client,
                fault::cut{.when = fault::cut::moment::before, .at_broker = fault::ending::fin}));
  reader.subscribe(on.topic("state"), qos::at_least_once);
  on.await_strike("cut");
  on.settle();
  on.rest(1200ms);
}

// Messages with little time left wait for a subscriber that stays away too long.
void expired_while_away(stage& on) {
  const pair two = make_pair(on, {.qos = qos::at_least_once});
  two.subscriber.leave(departure::reset);
  on.rest(100ms);
  message_plan hasty = two.message;
  hasty.expiry_s = 1;
  for (int i = 0; i < 3; ++i) two.publisher.publish(hasty);
  message_plan patient = two.message;
  patient.expiry_s = 60;
  for (int i = 0; i < 3; ++i) two.publisher.publish(patient);
  on.settle();
  on.rest(4s);
  two.subscriber.come();
  on.settle();
}

// One of three members of a group loses its connection with messages that it has not acknowledged.
void member_cut(stage& on, qos of) {
  for (int i = 0; i < 3; ++i) {
    on.join("m" + std::to_string(i)).subscribe("$share/team/" + on.topic("#"), of);
  }
  client& publisher = on.join("pub");
  on.settle();
  // Whichever member gets the third message.
  const packet_type answer = of == qos::exactly_once ? packet_type::pubrec : packet_type::puback;
  on.inject(
      {.name = "cut",
       .who = {.clients = "*-m?",
               .packets = {answer},
               .towards = direction::to_broker,
               .counted = fault::selection::scope::all,
               .nth = 3,
               .times = 1},
       .when = {},
       .what = fault::cut{.when = fault::cut::moment::before, .at_broker = fault::ending::fin}});
  for (int i = 0; i < 12; ++i) publisher.publish({.topic = on.topic("a"), .qos = of});
  on.await_strike("cut");
  on.settle();
  for (int i = 0; i < 6; ++i) publisher.publish({.topic = on.topic("a"), .qos = of});
  on.settle();
}

}  // namespace

void add_retained(scenarios& to) {
  add_both_qos(
      to,
      {.name = "retained/overwritten-around-cut",
       .title = "A retained message is overwritten, and the answer lost with the connection",
       .needs_retain = true},
      overwritten_around_cut);
  add_both_versions(to, {.name = "retained/changed-while-away",
                         .title = "A retained message changes while its subscriber is away",
                         .needs_retain = true,
                         .play = changed_while_away});
  add_both_versions(to, {.name = "retained/deleted-around-cut",
                         .title = "A retained message is deleted, and the answer lost",
                         .needs_retain = true,
                         .play = deleted_around_cut});
  add_both_versions(to, {.name = "retained/cut-while-read",
                         .title = "The connection breaks before the retained message is read",
                         .needs_retain = true,
                         .play = cut_while_read});
}

void add_expiry_and_groups(scenarios& to) {
  add_v5(to, {.name = "expiry/while-away",
              .title = "Messages that expire and messages that do not wait for a subscriber",
              .play = expired_while_away});
  for (const qos of : {qos::at_least_once, qos::exactly_once}) {
    add_v5(to, {.name = "shared/member-cut/qos" + std::to_string(static_cast<int>(of)),
                .title = "A member of a group loses its connection before it has acknowledged",
                .needs_qos2 = of == qos::exactly_once,
                .needs_shared = true,
                .play = [of](stage& on) { member_cut(on, of); }});
  }
}

}  // namespace gauntlet::guarantees
