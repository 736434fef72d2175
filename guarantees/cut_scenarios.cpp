// A connection is cut once at each packet of an exchange. The broker sees the end in order, so that
// what passed before it has arrived; the device sees a reset and cannot know.

#include <algorithm>
#include <string>
#include <utility>

#include "guarantees/scenario.hpp"

namespace gauntlet::guarantees {
namespace {

using history::direction;
using mqtt::packet_type;
using moment = fault::cut::moment;

/// Whose exchange with the broker is cut.
enum class exchange_of : std::uint8_t { publisher, subscriber };

struct cut_point {
  exchange_of whose = exchange_of::publisher;
  mqtt::qos qos = mqtt::qos::at_least_once;
  packet_type packet = packet_type::publish;
  direction towards = direction::to_broker;
  moment when = moment::before;
  bool resumed = true;
};

std::string lower(std::string_view text) {
  std::string made(text);
  std::ranges::transform(made, made.begin(), [](unsigned char c) { return std::tolower(c); });
  return made;
}

void play(stage& on, const cut_point& at) {
  const bool of_publisher = at.whose == exchange_of::publisher;
  client& subscriber =
      on.join("sub", {.returns_clean = !of_publisher && !at.resumed,
                      .back_after = std::chrono::milliseconds(of_publisher ? 100 : 300)});
  subscriber.subscribe(on.topic("#"), at.qos);
  client& publisher = on.join("pub", {.returns_clean = of_publisher && !at.resumed});
  const message_plan message{.topic = on.topic("a"), .qos = at.qos};
  on.settle();
  publisher.publish(message);
  on.settle();

  client& victim = of_publisher ? publisher : subscriber;
  on.inject({.name = "cut",
             .who = {.clients = victim.id(),
                     .packets = {at.packet},
                     .towards = at.towards,
                     .nth = 2,
                     .times = 1},
             .when = {},
             .what = fault::cut{.when = at.when, .at_broker = fault::ending::fin}});
  for (int i = 0; i < 3; ++i) publisher.publish(message);
  if (!on.await_strike("cut")) return;
  on.await([&] { return !victim.is_open(); }, "the connection is lost");
  publisher.publish(message);
  on.settle();
  publisher.publish(message);
}

struct step {
  packet_type packet;
  bool from_sender;  ///< of the message, who may be the broker
};

std::vector<step> steps_of(mqtt::qos qos) {
  if (qos == mqtt::qos::at_least_once) {
    return {{packet_type::publish, true}, {packet_type::puback, false}};
  }
  return {{packet_type::publish, true},
          {packet_type::pubrec, false},
          {packet_type::pubrel, true},
          {packet_type::pubcomp, false}};
}

scenario scenario_of(const cut_point& at, mqtt::protocol_version version) {
  const bool of_publisher = at.whose == exchange_of::publisher;
  const std::string who = of_publisher ? "publisher" : "subscriber";
  const std::string when = at.when == moment::before ? "before" : "after";
  const std::string packet(mqtt::packet_type_name(at.packet));
  const std::string session = at.resumed ? "resumed" : "clean";
  const std::string qos = std::to_string(static_cast<int>(at.qos));
  return {
      .name = with_version(
          "cut/" + who + "/qos" + qos + "/" + when + "-" + lower(packet) + "/" + session, version),
      .title = "QoS " + qos + ": the " + who + "'s connection is cut " + when + " " + packet +
               (at.towards == direction::to_broker ? " to the broker" : " from the broker") +
               (at.resumed ? ", and its session resumed" : ", and it returns with a new session"),
      .version = version,
      .needs_qos2 = at.qos == mqtt::qos::exactly_once,
      .play = [at](stage& on) { play(on, at); }};
}

}  // namespace

void add_cuts(scenarios& to) {
  for (const auto version : {mqtt::protocol_version::v5, mqtt::protocol_version::v3_1_1}) {
    for (const auto whose : {exchange_of::publisher, exchange_of::subscriber}) {
      for (const auto qos : {mqtt::qos::at_least_once, mqtt::qos::exactly_once}) {
        for (const step& each : steps_of(qos)) {
          const bool to_broker = each.from_sender == (whose == exchange_of::publisher);
          for (const auto when : {moment::before, moment::after}) {
            for (const bool resumed : {true, false}) {
              const cut_point at{.whose = whose,
                                 .qos = qos,
                                 .packet = each.packet,
                                 .towards = to_broker ? direction::to_broker : direction::to_client,
                                 .when = when,
                                 .resumed = resumed};
              to.push_back(scenario_of(at, version));
            }
          }
        }
      }
    }
  }
}

}  // namespace gauntlet::guarantees
