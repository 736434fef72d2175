#include "fuzz/model/player.hpp"

#include <utility>

#include "fuzz/model/player_run.hpp"
#include "harness/mqtt/packet_text.hpp"

namespace gauntlet::fuzz::model {

using namespace std::chrono_literals;

playing player::play(const sequence_plan& plan, bool with_script, const std::set<rule>& tolerated) {
  const sequence_plan whole = with_inspection(plan);
  run once(lane_, options_, options_.names + std::to_string(++plays_), whole, with_script,
           tolerated);
  once.play();
  once.tidy_up();
  return once.result();
}

sequence_plan with_inspection(const sequence_plan& plan) {
  constexpr std::uint32_t for_a_minute_s = 60;
  sequence_plan whole = plan;
  const auto count = static_cast<std::uint8_t>(plan.clients.size());
  for (std::uint8_t client = 0; client < count; ++client) {
    whole.operations.push_back({client, hold_operation{.hold = false}});
  }
  std::vector<bool> away(count, false);
  for (const operation& each : plan.operations) {
    if (std::holds_alternative<connect_operation>(each.what)) away[each.client] = false;
    if (std::holds_alternative<drop_operation>(each.what) ||
        std::holds_alternative<disconnect_operation>(each.what)) {
      away[each.client] = true;
    }
  }
  for (std::uint8_t client = 0; client < count; ++client) {
    if (!away[client]) continue;
    whole.operations.push_back(
        {client, connect_operation{.clean_start = false, .session_expiry_s = for_a_minute_s}});
  }
  whole.clients.push_back(plan.clients.empty() ? mqtt::protocol_version::v3_1_1
                                               : plan.clients.front());
  const auto inspector = count;
  subscribe_operation everything{.filter = static_cast<std::uint8_t>(filters().size() - 1)};
  everything.options.maximum_qos = mqtt::qos::exactly_once;
  whole.operations.push_back({inspector, connect_operation{}});
  whole.operations.push_back({inspector, everything});
  return whole;
}

player::run::run(lane& on, const player_options& options, std::string name_space,
                 const sequence_plan& plan, bool with_script, const std::set<rule>& tolerated)
    : lane_(on),
      loop_(on.network().loop()),
      options_(options),
      name_space_(std::move(name_space)),
      plan_(plan),
      with_script_(with_script),
      tolerated_(tolerated),
      model_(plan.clients),
      clients_(plan.clients.size()) {}

void player::run::play() {
  for (const operation& each : plan_.operations) {
    const bool needs_connection = !std::holds_alternative<connect_operation>(each.what) &&
                                  !std::holds_alternative<wait_operation>(each.what);
    if (needs_connection && !is_connected(each.client)) continue;
    if (const auto* hold = std::get_if<hold_operation>(&each.what)) {
      if (hold->hold == model_.holds(each.client)) continue;
    }
    pass_time(loop_.now());
    if (result_.found) return;
    result_.operations += 1;
    if (with_script_) result_.script.push_back(to_text(each, plan_));
    std::visit([&](const auto& what) { perform(each.client, what); }, each.what);
    if (!result_.found) settle();
    if (result_.found) return;
  }
}

void player::run::report(std::optional<violation> broken) {
  if (!broken || !judging_ || result_.found) return;
  if (tolerated_.contains(broken->broken)) {
    result_.passed_over.insert(broken->broken);
    return;
  }
  result_.found = std::move(broken);
  if (with_script_) result_.script.push_back("=> " + result_.found->sentence);
}

void player::run::note(std::uint8_t client, char direction, const mqtt::packet& packet) {
  if (!with_script_ || !judging_) return;
  const auto type = mqtt::type_of(packet);
  if (type == mqtt::packet_type::pingreq || type == mqtt::packet_type::pingresp) return;
  result_.script.push_back("    " + std::to_string(client) + " " + direction + " " +
                           mqtt::to_text(packet, model_.version(client)));
}

bool player::run::is_connected(std::uint8_t client) const {
  return clients_[client].link && clients_[client].link->is_open() && model_.is_connected(client);
}

bool player::run::await(const std::function<bool()>& done, duration limit) {
  if (done()) return true;
  loop_.run_until([&] { return done() || result_.found.has_value(); }, loop_.now() + limit);
  return done();
}

bool player::run::await_answer(std::uint8_t client, const std::function<bool()>& done,
                               rule missing) {
  if (await(done, options_.grace)) return true;
  report(violation{missing, model_.version(client),
                   "client " + std::to_string(client) +
                       " gets no answer: " + std::string(info_of(missing).name)});
  return false;
}

void player::run::barrier() {
  for (int round = 0; round < 1000 && !result_.found; ++round) {
    const std::uint64_t before = arrivals_;
    for (std::uint8_t i = 0; i < clients_.size(); ++i) {
      if (!is_connected(i)) continue;
      clients_[i].got.pings_unanswered += 1;
      send(i, mqtt::pingreq{});
    }
    for (std::uint8_t i = 0; i < clients_.size(); ++i) {
      const auto answered = [&] {
        return clients_[i].got.pings_unanswered == 0 || !is_connected(i);
      };
      if (!await_answer(i, answered, rule::pingresp_missing)) return;
    }
    if (arrivals_ == before) return;
  }
}

void player::run::settle() {
  barrier();
  const auto is_settled = [&] { return !model_.owed().has_value(); };
  while (!result_.found && !is_settled()) {
    // A broker of several threads may have the rest on the way; what is known to stay away has had
    // its patience before.
    const bool is_known = tolerated_.contains(model_.owed()->broken);
    if (await(is_settled, is_known ? options_.settle : options_.grace)) {
      barrier();
    } else if (auto broken = model_.owed(); tolerated_.contains(broken->broken)) {
      result_.passed_over.insert(broken->broken);
      model_.forgive();
    } else {
      report(std::move(broken));
    }
    if (!judging_) return;
  }
}

void player::run::pass_time(time_point until) {
  const deadline_margins& margins = options_.margins;
  for (auto next = model_.next_deadline(); next && *next - margins.before <= until;
       next = model_.next_deadline()) {
    // All deadlines whose margins touch are passed together.
    time_point last = *next;
    until = std::max(until, last + margins.after);
    model_.open_deadlines(last);
    for (auto more = model_.next_deadline_after(last); more && *more - margins.before <= until;
         more = model_.next_deadline_after(last)) {
      last = *more;
      until = std::max(until, last + margins.after);
      model_.open_deadlines(last);
    }
    await([] { return false; }, until - loop_.now());
    if (result_.found) return;
    model_.pass_deadlines(last);
    settle();
    if (result_.found) return;
  }
  if (until > loop_.now()) await([] { return false; }, until - loop_.now());
}

void player::run::send(std::uint8_t client, const mqtt::packet& packet) {
  note(client, '>', packet);
  clients_[client].link->send(packet);
}

void player::run::take_publish(std::uint8_t client, const mqtt::publish& packet) {
  result_.receipts += 1;
  mqtt::publish ours = packet;
  const std::string prefix = name_space_ + "/";
  if (!ours.topic_name.starts_with(prefix)) {
    report(violation{rule::unexpected_message, model_.version(client),
                     "client " + std::to_string(client) + " receives a message on " +
                         packet.topic_name + ", outside of all that it subscribed to"});
    return;
  }
  ours.topic_name.erase(0, prefix.size());
  auto [broken, answer] = model_.receive(client, ours, loop_.now());
  report(std::move(broken));
  if (answer) send(client, *answer);
}

void player::run::take(std::uint8_t client, const mqtt::packet& packet) {
  note(client, '<', packet);
  answers& got = clients_[client].got;
  if (std::holds_alternative<mqtt::pingresp>(packet)) {
    if (got.pings_unanswered > 0) got.pings_unanswered -= 1;
    return;
  }
  arrivals_ += 1;
  if (const auto* connack = std::get_if<mqtt::connack>(&packet)) {
    got.connack = *connack;
    if (connack->reason_code == mqtt::reason_code::success) {
      report(model_.accept(client, *connack));
    }
  } else if (const auto* publish = std::get_if<mqtt::publish>(&packet)) {
    take_publish(client, *publish);
  } else if (const auto* pubrel = std::get_if<mqtt::pubrel>(&packet)) {
    if (const auto answer = model_.receive_release(client, *pubrel)) send(client, *answer);
  } else if (const auto* suback = std::get_if<mqtt::suback>(&packet)) {
    got.suback = *suback;
  } else if (const auto* unsuback = std::get_if<mqtt::unsuback>(&packet)) {
    got.unsuback = *unsuback;
  } else if (const auto* puback = std::get_if<mqtt::puback>(&packet)) {
    got.puback[puback->packet_identifier] = puback->reason_code;
  } else if (const auto* pubrec = std::get_if<mqtt::pubrec>(&packet)) {
    got.pubrec[pubrec->packet_identifier] = pubrec->reason_code;
  } else if (const auto* pubcomp = std::get_if<mqtt::pubcomp>(&packet)) {
    got.pubcomp[pubcomp->packet_identifier] = pubcomp->reason_code;
  } else if (std::holds_alternative<mqtt::disconnect>(packet)) {
    report(violation{rule::connection_ended, model_.version(client),
                     "client " + std::to_string(client) + ", which did nothing wrong, is told " +
                         mqtt::to_text(packet, model_.version(client))});
  }
}

}  // namespace gauntlet::fuzz::model
