#include "fuzz/model/broker_model.hpp"

#include <algorithm>
#include <utility>

#include "harness/mqtt/topic.hpp"

namespace gauntlet::fuzz::model {
namespace {

constexpr std::uint32_t never_s = 0xFFFFFFFF;

bool is_v5(mqtt::protocol_version version) { return version == mqtt::protocol_version::v5; }

std::string client_name(std::uint8_t client) { return "client " + std::to_string(client); }

}  // namespace

std::string will_topic(std::uint8_t client) { return "w/" + std::to_string(client); }

broker_model::broker_model(const std::vector<mqtt::protocol_version>& clients) {
  for (const auto version : clients) {
    client_state fresh;
    fresh.version = version;
    clients_.push_back(std::move(fresh));
  }
}

broker_model::retained_topic& broker_model::retained_at(const std::string& topic) {
  for (auto& each : retained_) {
    if (each.topic == topic) return each;
  }
  retained_.push_back({topic, {0}, 0});
  return retained_.back();
}

void broker_model::route(const message& what, bool certain, rule lost) {
  for (std::uint8_t i = 0; i < clients_.size(); ++i) {
    client_state& to = at(i);
    if (!to.state.exists) continue;
    to.state.route(what, i, to.connected ? to.connections : 0, certain, lost);
  }
}

void broker_model::store(const message& what, bool certain) {
  if (!what.retain) return;
  auto& [topic, possible, last_write] = retained_at(what.topic);
  last_write = what.number;
  // An empty one removes what is retained and is not stored itself (MQTT 5.0 §3.3.1.3).
  const std::uint32_t now = what.empty ? 0 : what.number;
  if (certain) possible.clear();
  if (std::find(possible.begin(), possible.end(), now) == possible.end()) possible.push_back(now);
}

void broker_model::make_certain(const message& what) {
  for (client_state& each : clients_) each.state.make_certain(what);
}

void broker_model::publish_will(std::uint32_t number, bool certain, rule lost) {
  messages_[number - 1].was_called_for = true;
  const message& what = message_of(number);
  route(what, certain, lost);
  store(what, certain && lost == rule::count_);
}

void broker_model::begin_connect(std::uint8_t client, const connect_operation& how,
                                 time_point now) {
  client_state& who = at(client);
  who.may_be_gone = false;
  if (who.connected) {
    // A session without expiry ends with its connection, and a connection that is taken over ends;
    // but CONNECT without Clean Start continues the session that there is: MQTT 5.0 §3.1.2.11.2
    // and §3.1.2.4 leave open which comes first.
    const bool ends_or_not = who.expiry_s == 0 && !how.clean_start && is_v5(who.version);
    if (ends_or_not) {
      who.connected = false;
      who.state.lose_connection();
      who.may_be_gone = true;
      if (who.will) publish_will(who.will_message, false);
      who.will.reset();
    } else {
      end(who, true, ending::taken_over, now);
    }
  }
  const auto waiting = std::find_if(wills_.begin(), wills_.end(),
                                    [&](const auto& each) { return each.client == client; });
  if (how.clean_start) {
    who.state.discard();
    who.unfinished.clear();
  }
  if (waiting != wills_.end()) {
    // A new connection to the session calls the will off [MQTT-3.1.3-9]. Clean Start ends the
    // session, with which the will comes; but [MQTT-3.1.2-8] also speaks of any new connection for
    // the Client Identifier: no must.
    const std::uint32_t number = waiting->number;
    wills_.erase(waiting);
    if (how.clean_start) publish_will(number, true, rule::lost_will_at_new_connection);
  }
  who.session_end.reset();
  who.asked = how;
}

std::optional<violation> broker_model::accept(std::uint8_t client, const mqtt::connack& answer) {
  client_state& who = at(client);
  const auto complain = [&](rule broken, const std::string& text) {
    return violation{broken, who.version, "CONNACK tells " + client_name(client) + " " + text};
  };
  const bool expected = who.state.exists;
  std::optional<violation> broken;
  if (who.asked.clean_start && answer.session_present) {
    broken =
        complain(rule::session_present_after_clean_start, "Session Present 1 after a clean start");
  } else if (expected && !answer.session_present && !who.may_be_gone) {
    broken = complain(rule::session_lost, "Session Present 0, and its session has not ended");
  } else if (!expected && !who.asked.clean_start && answer.session_present) {
    broken =
        complain(rule::session_present_without_session, "Session Present 1, and it has no session");
  }
  if (!answer.session_present) {
    who.state.discard();
    who.unfinished.clear();
  }
  who.connected = true;
  who.holds = false;
  who.connections += 1;
  who.began_clean = who.asked.clean_start;
  who.may_be_gone = false;
  who.receive_maximum =
      who.asked.receive_maximum != 0 && is_v5(who.version) ? who.asked.receive_maximum : 65'535;
  if (is_v5(who.version)) {
    const auto granted = answer.properties.find<mqtt::property_id::session_expiry_interval>();
    who.expiry_s = granted.value_or(who.asked.session_expiry_s);
  } else {
    who.expiry_s = who.asked.clean_start ? 0 : never_s;
  }
  who.will = who.asked.will;
  if (who.will) {
    message will{.number = static_cast<std::uint32_t>(messages_.size() + 1),
                 .publisher = client,
                 .topic = will_topic(client),
                 .qos = who.will->qos,
                 .retain = who.will->retain,
                 .is_will = true};
    who.will_message = will.number;
    messages_.push_back(std::move(will));
  }
  who.state.exists = true;
  who.state.resume();
  return broken;
}

void broker_model::end_connection(std::uint8_t client, bool with_will,
                                  std::optional<std::uint32_t> session_expiry_s, time_point now) {
  client_state& who = at(client);
  if (session_expiry_s && is_v5(who.version)) who.expiry_s = *session_expiry_s;
  end(who, with_will, ending::alone, now);
}

void broker_model::end(client_state& who, bool with_will, ending how, time_point now) {
  who.connected = false;
  who.holds = false;
  who.state.lose_connection();
  if (who.expiry_s == 0) {
    who.state.discard();
    who.unfinished.clear();
  } else if (who.expiry_s != never_s) {
    who.session_end = now + std::chrono::seconds(who.expiry_s);
  }
  const auto will = std::exchange(who.will, std::nullopt);
  if (!will || !with_will) return;
  // The will comes after its delay, or when the session ends if that is earlier [MQTT-3.1.2-8]. One
  // without delay comes when its connection is taken over (MQTT 5.0 §3.1.4, a comment).
  const std::uint32_t delay_s = is_v5(who.version) ? std::min(will->delay_s, who.expiry_s) : 0;
  if (delay_s == 0) {
    publish_will(who.will_message, true,
                 how == ending::taken_over ? rule::lost_will_at_new_connection : rule::count_);
  } else {
    const auto client = static_cast<std::uint8_t>(&who - clients_.data());
    wills_.push_back({client, who.will_message, now + std::chrono::seconds(delay_s), false});
  }
}

void broker_model::begin_subscribe(std::uint8_t client, const subscribe_operation& what) {
  client_state& who = at(client);
  model_subscription asked{what.filter, what.options, what.identifier};
  if (!is_v5(who.version)) {
    asked.options = {.maximum_qos = what.options.maximum_qos};
    asked.identifier = 0;
  }
  const bool is_new = who.state.find(what.filter) == nullptr;
  who.state.put(asked, client);
  for (const message& each : messages_) {
    if (!each.may_be_late()) continue;
    if (!mqtt::matches(filters()[what.filter], each.topic)) continue;
    who.state.route_late(each, client, who.connections);
  }
  const auto handling = asked.options.retain_handling;
  if (handling == mqtt::retain_handling::do_not_send) return;
  if (handling == mqtt::retain_handling::send_if_new && !is_new) return;
  for (const retained_topic& each : retained_) {
    if (!mqtt::matches(filters()[what.filter], each.topic)) continue;
    for (const std::uint32_t number : each.possible) {
      if (number == 0) continue;
      const message& kept = message_of(number);
      // Whether No Local holds for retained messages too, the standard does not say. One at QoS 0
      // may be dropped at any time (§3.3.1.3).
      const bool open =
          each.possible.size() > 1 || (asked.options.no_local && kept.publisher == client);
      const duty owed = open                                  ? duty::may
                        : kept.qos == mqtt::qos::at_most_once ? duty::should
                                                              : duty::must;
      who.state.route_retained(kept, asked, owed, who.connections);
    }
  }
}

std::optional<violation> broker_model::granted(std::uint8_t client, const subscribe_operation& what,
                                               mqtt::reason_code code) {
  client_state& who = at(client);
  const auto value = static_cast<unsigned>(code);
  if (value == static_cast<unsigned>(what.options.maximum_qos)) return std::nullopt;
  if (value < static_cast<unsigned>(what.options.maximum_qos)) {
    who.state.grant(what.filter, static_cast<mqtt::qos>(value));
    return std::nullopt;
  }
  if (value < 0x80) {
    return violation{rule::wrong_qos, who.version,
                     "SUBACK grants " + client_name(client) + " QoS " + std::to_string(value) +
                         ", more than it asked for"};
  }
  who.state.remove(what.filter);
  return violation{rule::subscribe_refused, who.version,
                   "SUBACK refuses " + client_name(client) + " the filter " +
                       filters()[what.filter] + " with code " + std::to_string(value)};
}

bool broker_model::unsubscribe(std::uint8_t client, const unsubscribe_operation& what) {
  client_state& who = at(client);
  const bool existed = who.state.find(what.filter) != nullptr;
  if (existed) who.state.remove(what.filter);
  return existed;
}

std::uint32_t broker_model::publish(std::uint8_t client, const publish_operation& what,
                                    time_point now) {
  message fresh{.number = static_cast<std::uint32_t>(messages_.size() + 1),
                .publisher = client,
                .topic = topics()[what.topic],
                .qos = what.qos,
                .retain = what.retain,
                .empty = what.empty,
                .unfinished = what.unfinished && what.qos == mqtt::qos::exactly_once,
                .expiry_s = is_v5(at(client).version) ? what.expiry_s : 0,
                .published = now};
  messages_.push_back(fresh);
  // A QoS 2 message may be passed on from PUBLISH on, and must be after PUBREL (§4.3.3).
  route(fresh, !fresh.unfinished);
  store(fresh, !fresh.unfinished);
  return fresh.number;
}

void broker_model::finish(std::uint32_t number) {
  const message& what = message_of(number);
  // Brokers pass it on at PUBLISH or at PUBREL (MQTT 5.0 §4.3.3, 3.1.1 §4.3.3).
  for (std::uint8_t i = 0; i < clients_.size(); ++i) {
    client_state& to = at(i);
    if (to.state.exists) to.state.route_at_release(what, i, to.connected ? to.connections : 0);
  }
  if (!what.retain) return;
  auto& [topic, possible, last_write] = retained_at(what.topic);
  const std::uint32_t now = what.empty ? 0 : number;
  // Something retained since the PUBLISH may have replaced it, or be replaced by it; and one that
  // expired meanwhile may or may not be stored.
  if (last_write == number && !what.has_expired) possible.clear();
  last_write = std::max(last_write, number);
  if (std::find(possible.begin(), possible.end(), now) == possible.end()) possible.push_back(now);
}

void broker_model::refuse(std::uint32_t number) {
  const message& what = message_of(number);
  for (client_state& each : clients_) each.state.leave_open(number);
  for (retained_topic& each : retained_) {
    if (each.topic == what.topic && what.retain) each.possible.push_back(0);
  }
}

std::vector<mqtt::packet> broker_model::release(std::uint8_t client) {
  at(client).holds = false;
  return at(client).state.release(at(client).connections);
}

std::pair<std::optional<violation>, std::optional<mqtt::packet>> broker_model::receive(
    std::uint8_t client, const mqtt::publish& packet, time_point now) {
  client_state& who = at(client);
  const auto alien = [&](const std::string& text) {
    return std::pair(
        std::optional(violation{rule::changed_message, who.version,
                                client_name(client) + " receives " + text + " on " +
                                    packet.topic_name + ", which nobody has published there"}),
        std::optional<mqtt::packet>());
  };
  const std::string payload(packet.payload.begin(), packet.payload.end());
  std::uint32_t number = 0;
  if (payload.empty()) {
    number = who.state.find_empty(messages_, packet).value_or(0);
    if (number == 0) return alien("an empty message");
  } else {
    const bool is_ours = payload.size() < 8 && payload[0] == 'm' &&
                         payload.find_first_not_of("0123456789", 1) == std::string::npos;
    if (is_ours && payload.size() > 1)
      number = static_cast<std::uint32_t>(std::stoul(payload.substr(1)));
    if (number == 0 || number > messages_.size() || message_of(number).topic != packet.topic_name) {
      return alien("'" + payload.substr(0, 20) + "'");
    }
  }
  receipt_context context{.client = client,
                          .version = who.version,
                          .connection = who.connections,
                          .receive_maximum = who.receive_maximum,
                          .holds = who.holds,
                          .now = now};
  for (const retained_topic& each : retained_) {
    if (each.topic != packet.topic_name) continue;
    context.is_retained_now =
        std::find(each.possible.begin(), each.possible.end(), number) != each.possible.end();
  }
  auto broken = who.state.take(packet, message_of(number), context);
  messages_[number - 1].was_received = true;
  if (who.holds) return {std::move(broken), std::nullopt};
  return {std::move(broken), who.state.answer(packet.packet_identifier)};
}

std::optional<mqtt::packet> broker_model::receive_release(std::uint8_t client,
                                                          const mqtt::pubrel& packet) {
  client_state& who = at(client);
  return who.state.complete(packet.packet_identifier, who.version);
}

void broker_model::forgive() {
  for (std::uint8_t i = 0; i < clients_.size(); ++i) {
    client_state& each = at(i);
    if (!each.connected || each.holds || !each.state.owed(messages_, i, each.version)) continue;
    each.state.forgive(each.version);
    return;
  }
}

std::optional<violation> broker_model::owed() const {
  for (std::uint8_t i = 0; i < clients_.size(); ++i) {
    const client_state& each = at(i);
    if (!each.connected || each.holds) continue;
    if (auto missing = each.state.owed(messages_, i, each.version)) return missing;
  }
  return std::nullopt;
}

std::optional<time_point> broker_model::next_deadline() const {
  return next_deadline_after(time_point::min());
}

std::optional<time_point> broker_model::next_deadline_after(time_point moment) const {
  std::optional<time_point> next;
  const auto consider = [&](time_point due) {
    if (due > moment) next = next ? std::min(*next, due) : due;
  };
  for (const waiting_will& each : wills_) consider(each.due);
  for (const client_state& each : clients_) {
    if (!each.connected && each.session_end) consider(*each.session_end);
  }
  for (const message& each : messages_) {
    if (each.expiry_s != 0 && !each.has_expired) {
      consider(each.published + std::chrono::seconds(each.expiry_s));
    }
  }
  return next;
}

void broker_model::open_deadlines(time_point until) {
  for (waiting_will& each : wills_) {
    if (each.open || each.due > until) continue;
    each.open = true;
    publish_will(each.number, false);
  }
}

void broker_model::pass_deadlines(time_point until) {
  for (client_state& each : clients_) {
    if (each.connected || !each.session_end || *each.session_end > until) continue;
    each.session_end.reset();
    each.state.discard();
    each.unfinished.clear();
  }
  for (const waiting_will& each : wills_) {
    if (!each.open || each.due > until) continue;
    make_certain(message_of(each.number));
    store(message_of(each.number), true);
  }
  std::erase_if(wills_, [&](const auto& each) { return each.open && each.due <= until; });
  for (message& each : messages_) {
    if (each.expiry_s == 0 || each.has_expired) continue;
    if (each.published + std::chrono::seconds(each.expiry_s) > until) continue;
    each.has_expired = true;
    if (each.unfinished) {
      for (client_state& client : clients_) client.state.leave_open(each.number);
    } else {
      for (client_state& client : clients_) client.state.expire(each);
    }
    for (retained_topic& kept : retained_) {
      for (std::uint32_t& number : kept.possible) {
        if (number != each.number) continue;
        // Of one whose exchange was finished late, the broker may count from either packet.
        if (each.unfinished) {
          kept.possible.push_back(0);
        } else {
          number = 0;
        }
        break;
      }
    }
  }
}

std::vector<unfinished_publication> broker_model::take_unfinished(std::uint8_t client) {
  return std::exchange(at(client).unfinished, {});
}

void broker_model::remember_unfinished(std::uint8_t client, unfinished_publication which) {
  at(client).unfinished.push_back(which);
}

std::vector<std::string> broker_model::retained_topics() const {
  std::vector<std::string> found;
  for (const retained_topic& each : retained_) {
    for (const std::uint32_t number : each.possible) {
      if (number == 0) continue;
      found.push_back(each.topic);
      break;
    }
  }
  return found;
}

}  // namespace gauntlet::fuzz::model
