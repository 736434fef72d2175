#include "harness/fault/link.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "harness/fault/flow.hpp"
#include "harness/fault/rule_state.hpp"
#include "harness/mqtt/codec.hpp"

namespace gauntlet::fault {
namespace {

using history::direction;
using history::side;

constexpr std::size_t place_of(side who) { return static_cast<std::size_t>(who); }
constexpr side other(side who) { return who == side::client ? side::broker : side::client; }
constexpr direction direction_from(side who) {
  return who == side::client ? direction::to_broker : direction::to_client;
}

}  // namespace

link::link(injector& faults, link_end& client, link_end& broker)
    : faults_(faults), ends_{&client, &broker} {
  flows_[0] = std::make_unique<flow>(*this, direction::to_broker);
  flows_[1] = std::make_unique<flow>(*this, direction::to_client);
  faults_.join(*this);
}

link::~link() {
  for (auto& each : flows_) each->close();
  faults_.leave(*this);
}

flow& link::towards(side who) {
  return *flows_[static_cast<std::size_t>(direction_from(other(who)))];
}

std::string link::name() const {
  return client_id_.empty() ? fmt::format("connection {}", number_)
                            : fmt::format("{}#{}", client_id_, connect_);
}

void link::open() {
  opened_ = true;
  number_ = faults_.next_connection();
  if (faults_.observer() != nullptr) faults_.observer()->on_open(number_, faults_.loop().now());
  collect_rules();
}

void link::from(side who, byte_view bytes) {
  if (states_[place_of(who)] != end_state::over) towards(other(who)).take(bytes);
}

void link::drained(side who) { towards(who).pump(); }

void link::pause(side who, bool paused) { towards(who).pause(paused); }

std::size_t link::backlog_to(side who) const {
  const auto& into = flows_[static_cast<std::size_t>(direction_from(other(who)))];
  const bool open = states_[place_of(who)] == end_state::open;
  return into->waiting_bytes() + (open ? ends_[place_of(who)]->backlog_bytes() : 0);
}

bool link::is_over() const {
  return states_[0] == end_state::over && states_[1] == end_state::over;
}

// --- ends
// ----------------------------------------------------------------------------------------------

void link::tell_end(side who, bool by_link, ending how, history::fault_index fault) {
  if (!opened_ || faults_.observer() == nullptr) return;
  faults_.observer()->on_end({.connection = number_,
                              .side = who,
                              .by_link = by_link,
                              .reset = how == ending::reset,
                              .silent = how == ending::silent,
                              .at = faults_.loop().now(),
                              .fault = fault});
}

void link::ended(side who, bool reset) {
  end_state& state = states_[place_of(who)];
  const bool was_silent = state == end_state::silent;
  if (state == end_state::over) return;
  state = end_state::over;
  // What was kept from them may have let this side give up.
  blame(holding());
  tell_end(who, false, reset ? ending::reset : ending::fin, 0);
  towards(who).close();
  // The other side was ended already, or is to hear nothing of this.
  if (was_silent || states_[place_of(other(who))] != end_state::open) return;
  towards(other(who)).take_end(reset);
}

// The flow has passed everything that came before the end of its sender.
void link::end_in_order(side who, bool reset) {
  if (states_[place_of(who)] != end_state::open) return;
  end(who, reset ? ending::reset : ending::fin, 0);
}

void link::end(side who, ending how, history::fault_index fault) {
  end_state& state = states_[place_of(who)];
  if (state == end_state::over) return;
  if (fault != 0) ended_by_ = fault;
  const bool was_silent = state == end_state::silent;
  if (how == ending::silent) {
    state = end_state::silent;
    if (!was_silent) tell_end(who, true, how, fault);
    return;
  }
  state = end_state::over;
  tell_end(who, true, how, fault);
  if (how == ending::reset) {
    end_of(who).abort();
  } else {
    end_of(who).close();
  }
}

void link::cut(const planned_end& how, history::fault_index fault) {
  const auto left = [&](ending end) {
    return end == ending::silent ? fault : history::fault_index{0};
  };
  towards(side::broker).close(left(how.at_client));
  towards(side::client).close(left(how.at_broker));
  end(side::broker, how.at_broker, fault);
  end(side::client, how.at_client, fault);
}

history::fault_index link::blamed() const {
  if (ended_by_ != 0) return ended_by_;
  return spoiled_by_ != 0 ? spoiled_by_ : holding();
}

void link::blame(history::fault_index fault) {
  if (spoiled_by_ == 0) spoiled_by_ = fault;
}

history::fault_index link::holding() const {
  for (const auto& each : flows_) {
    if (const history::fault_index fault = each->held_by(); fault != 0) return fault;
  }
  return 0;
}

void link::heal() {
  for (const side who : {side::client, side::broker}) {
    if (states_[place_of(who)] == end_state::silent) end(who, ending::reset, 0);
  }
  for (auto& each : flows_) each->release();
}

// --- rules
// ---------------------------------------------------------------------------------------------

void link::take_connect(byte_view packet) {
  if (known_) return;
  std::string client_id;
  const auto read = mqtt::decode(packet, version_, mqtt::sender::client);
  if (read) {
    if (const auto* request = std::get_if<mqtt::connect>(&*read)) {
      version_ = request->protocol_version;
      client_id = request->client_id;
      to_be_assigned_ = client_id.empty();
    }
  }
  is_known_as(std::move(client_id));
}

// The broker may name a client that has no name. [MQTT-3.2.2-16]
void link::take_connack(byte_view packet) {
  if (!std::exchange(to_be_assigned_, false)) return;
  const auto read = mqtt::decode(packet, version_, mqtt::sender::server);
  if (!read) return;
  const auto* answer = std::get_if<mqtt::connack>(&*read);
  if (answer == nullptr) return;
  if (const auto name = answer->properties.find<mqtt::property_id::assigned_client_identifier>()) {
    is_known_as(std::string(*name));
  }
}

void link::is_known_as(std::string client_id) {
  known_ = true;
  client_id_ = std::move(client_id);
  connect_ = faults_.next_connect(client_id_);
  draw_anew();
  collect_rules();
}

stream_key link::draws_of(const rule& what) const {
  return stream_key(faults_.seed()).with("fault").with(client_id_).with(connect_).with(what.name);
}

// Before a client is known its draws cannot be its own.
void link::draw_anew() {
  for (rule_here& each : rules_) each.draws = seeded_stream(draws_of(each.rule->what));
  for (std::size_t i = 0; i < flows_.size(); ++i) {
    for (flow::shape& each : flows_[i]->shapes()) {
      each.effect = start_stream_fault(
          each.rule->what.what,
          {.at = each.since, .draws = seeded_stream(draws_of(each.rule->what).with(i))});
    }
  }
}

void link::rules_changed() { collect_rules(); }

// Keeps what is counted and begun for the rules that stay.
void link::collect_rules() {
  if (!opened_) return;
  std::vector<rule_here> now_here;
  std::array<std::vector<flow::shape>, 2> shapes;
  for (const auto& state : faults_.states()) {
    const rule& what = state->what;
    // Who the client is shows with its CONNECT; rules about everybody hold from the beginning.
    if (!state->active || (!known_ && !is_about_all(what.who))) continue;
    if (known_ && !selects_connection(what.who, client_id_, connect_)) continue;
    const stream_key own = draws_of(what);
    const auto same = [&](const auto& each) { return each.rule == state; };
    if (acts_on_packets(what.what)) {
      const auto before = std::find_if(rules_.begin(), rules_.end(), same);
      if (before != rules_.end()) {
        now_here.push_back(std::move(*before));
      } else {
        now_here.push_back({.rule = state, .draws = seeded_stream(own), .on_connection = {}});
      }
      continue;
    }
    for (std::size_t i = 0; i < flows_.size(); ++i) {
      if (what.who.towards && static_cast<std::size_t>(*what.who.towards) != i) continue;
      auto& there = flows_[i]->shapes();
      const auto before = std::find_if(there.begin(), there.end(), same);
      if (before != there.end()) {
        shapes[i].push_back(std::move(*before));
        continue;
      }
      auto effect = start_stream_fault(
          what.what, {.at = faults_.loop().now(), .draws = seeded_stream(own.with(i))});
      if (effect == nullptr) continue;
      shapes[i].push_back(
          {.effect = std::move(effect), .rule = state, .since = faults_.loop().now()});
      faults_.tell(history::fault_seen::moment::strikes, *state, number_, name());
    }
  }
  rules_.swap(now_here);
  for (const rule_here& gone : now_here) {
    if (gone.rule == nullptr) continue;
    for (auto& each : flows_) each->let_go(gone.rule->number);
  }
  for (std::size_t i = 0; i < flows_.size(); ++i) {
    flows_[i]->shapes() = std::move(shapes[i]);
    flows_[i]->reshaped();
  }
}

packet_plan link::plan_for(const packet_facts& packet) {
  packet_plan plan;
  // A rule may end others that come behind it, but not itself: these are kept by shared pointers.
  for (rule_here& each : rules_) {
    rule_state& rule = *each.rule;
    const selection& who = rule.what.who;
    if (!selects_packet(who, packet)) continue;
    tally* counted = &rule.all;
    if (who.counted == selection::scope::connection) counted = &each.on_connection;
    if (who.counted == selection::scope::client) counted = &rule.by_client[client_id_];
    if (!picks(who, *counted, each.draws)) continue;
    plan.fault = rule.number;
    apply_to_packet(rule.what.what, packet, each.draws, plan);
    strike(rule, packet);
  }
  return plan;
}

void link::strike(rule_state& fault, const packet_facts& packet) {
  faults_.tell(
      history::fault_seen::moment::strikes, fault, number_,
      fmt::format("{} of {} {}", short_text(packet), name(),
                  packet.towards == direction::to_broker ? "to the broker" : "to the client"));
}

void link::passed(mqtt::packet_type type, direction where) {
  for (auto& each : flows_) each->packet_passed(type, where);
}

}  // namespace gauntlet::fault
