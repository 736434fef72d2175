#include "guarantees/steps.hpp"

#include <utility>

namespace gauntlet::guarantees {

pair make_pair(stage& on, const pair_settings& settings) {
  client& subscriber = on.join("sub", settings.subscriber);
  subscriber.subscribe(on.topic("#"), settings.qos);
  client& publisher = on.join("pub", settings.publisher);
  on.settle();
  pair made{
      .publisher = publisher,
      .subscriber = subscriber,
      .message = {.topic = on.topic("a"), .qos = settings.qos, .properties = settings.properties}};
  made.publish();
  on.settle();
  return made;
}

fault::rule on_packet(const std::string& name, const client& whose, mqtt::packet_type type,
                      history::direction towards, fault::action what, std::uint32_t times) {
  return {.name = name,
          .who = {.clients = whose.id(), .packets = {type}, .towards = towards, .times = times},
          .when = {},
          .what = std::move(what)};
}

fault::rule on_stream(const std::string& name, const client& whose, fault::action what) {
  return {.name = name, .who = {.clients = whose.id()}, .when = {}, .what = std::move(what)};
}

void add_both_versions(scenarios& to, const scenario& what) {
  for (const auto version : {mqtt::protocol_version::v5, mqtt::protocol_version::v3_1_1}) {
    scenario each = what;
    each.name = with_version(what.name, version);
    each.version = version;
    to.push_back(std::move(each));
  }
}

void add_v5(scenarios& to, scenario what) {
  what.version = mqtt::protocol_version::v5;
  what.name = with_version(what.name, what.version);
  to.push_back(std::move(what));
}

void add_both_qos(scenarios& to, const scenario& what,
                  const std::function<void(stage&, mqtt::qos)>& play) {
  for (const auto qos : {mqtt::qos::at_least_once, mqtt::qos::exactly_once}) {
    scenario each = what;
    each.name += "/qos" + std::to_string(static_cast<int>(qos));
    each.needs_qos2 = qos == mqtt::qos::exactly_once;
    each.play = [play, qos](stage& on) { play(on, qos); };
    add_both_versions(to, each);
  }
}

}  // namespace gauntlet::guarantees
