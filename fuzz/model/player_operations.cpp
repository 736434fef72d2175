// What the player does for each operation.

#include <utility>

#include "fuzz/model/player_run.hpp"
#include "harness/mqtt/property.hpp"

namespace gauntlet::fuzz::model {
namespace {

using namespace std::chrono_literals;

constexpr std::uint16_t keep_alive_s = 600;

bool is_v5(mqtt::protocol_version version) { return version == mqtt::protocol_version::v5; }

byte_buffer payload_of(const message& what) {
  if (what.empty) return {};
  const std::string text = "m" + std::to_string(what.number);
  return {text.begin(), text.end()};
}

bool is_failure(mqtt::reason_code code) { return static_cast<unsigned>(code) >= 0x80; }

}  // namespace

mqtt::connect player::run::connect_packet(std::uint8_t client,
                                          const connect_operation& what) const {
  const auto version = model_.version(client);
  mqtt::connect packet{.protocol_version = version,
                       .client_id = name_space_ + "c" + std::to_string(client),
                       .clean_start = what.clean_start,
                       .keep_alive_s = keep_alive_s};
  if (const auto login = lane_.login()) {
    packet.user_name = login->user_name;
    packet.password = byte_buffer(login->password.begin(), login->password.end());
  }
  if (is_v5(version)) {
    if (what.session_expiry_s != 0) {
      packet.properties.add(mqtt::session_expiry_interval(what.session_expiry_s));
    }
    if (what.receive_maximum != 0) {
      packet.properties.add(mqtt::receive_maximum(what.receive_maximum));
    }
  }
  if (what.will) {
    const message will{.number = model_.next_number()};
    packet.will = mqtt::will{.topic_name = name_space_ + "/" + will_topic(client),
                             .payload = payload_of(will),
                             .qos = what.will->qos,
                             .retain = what.will->retain};
    if (is_v5(version) && what.will->delay_s != 0) {
      packet.will->properties.add(mqtt::will_delay_interval(what.will->delay_s));
    }
  }
  return packet;
}

bool player::run::open_link(std::uint8_t client) {
  player_client& who = clients_[client];
  const auto where = lane_.endpoint_for(model_.version(client));
  if (!where) {
    report(violation{rule::connect_refused, model_.version(client), where.error().message});
    return false;
  }
  const auto name = "client " + std::to_string(client);
  connection::listener hears;
  hears.on_packet = [this, client](const mqtt::packet& packet) { take(client, packet); };
  hears.on_malformed = [this, client, name](const std::string& why) {
    report(violation{rule::malformed_packet, model_.version(client),
                     name + " is sent what cannot be read: " + why});
  };
  hears.on_end = [this, client, name](const net::channel_end& end) {
    if (!model_.is_connected(client)) return;
    report(
        violation{rule::connection_ended, model_.version(client),
                  name + ", which did nothing wrong, loses its connection: " +
                      (end.detail.empty() ? std::string(net::to_string(end.kind)) : end.detail)});
  };
  who.got = {};
  who.link = std::make_unique<connection>(model_.version(client), std::move(hears));
  who.link->open(lane_.network(), *where, lane_.dial());
  await([&] { return who.link->is_open() || who.link->has_ended(); }, options_.grace);
  if (who.link->is_open()) return true;
  report(violation{rule::connect_refused, model_.version(client),
                   name + " cannot open a connection: " + who.link->end().detail});
  return false;
}

void player::run::perform(std::uint8_t client, const connect_operation& what) {
  player_client& who = clients_[client];
  const bool takes_over = is_connected(client);
  if (takes_over) {
    who.former = std::move(who.link);
    who.former->hush();
  }
  const mqtt::connect packet = connect_packet(client, what);
  if (!open_link(client)) return;
  model_.begin_connect(client, what, loop_.now());
  send(client, packet);
  const auto answered = [&] { return who.got.connack.has_value() || who.link->has_ended(); };
  if (!await_answer(client, answered, rule::connack_missing)) return;
  if (!model_.is_connected(client)) {
    report(violation{rule::connect_refused, model_.version(client),
                     "client " + std::to_string(client) + " is not let in" +
                         (who.got.connack ? ": reason code " + std::to_string(static_cast<unsigned>(
                                                                   who.got.connack->reason_code))
                                          : "")});
    return;
  }
  if (takes_over) {
    await_answer(
        client, [&] { return who.former->has_ended(); }, rule::taken_over_connection_kept);
    who.former.reset();
  }
  if (!result_.found) resume_unfinished(client);
}

void player::run::resume_unfinished(std::uint8_t client) {
  for (const unfinished_publication& each : model_.take_unfinished(client)) {
    mqtt::publish packet = publish_packet(model_.message_of(each.number), each.packet_identifier);
    packet.dup = true;
    exchange(client, packet, each.number, false);
    if (result_.found) return;
  }
}

void player::run::perform(std::uint8_t client, const subscribe_operation& what) {
  player_client& who = clients_[client];
  model_.begin_subscribe(client, what);
  mqtt::subscribe packet{.packet_identifier = next_identifier(client)};
  mqtt::subscription asked{.topic_filter = name_space_ + "/" + filters()[what.filter]};
  asked.options.maximum_qos = what.options.maximum_qos;
  if (is_v5(model_.version(client))) {
    asked.options = what.options;
    if (what.identifier != 0) packet.properties.add(mqtt::subscription_identifier(what.identifier));
  }
  packet.subscriptions.push_back(std::move(asked));
  who.got.suback.reset();
  send(client, packet);
  if (!await_answer(
          client, [&] { return who.got.suback.has_value(); }, rule::suback_missing)) {
    return;
  }
  if (who.got.suback->packet_identifier == packet.packet_identifier &&
      who.got.suback->reason_codes.size() == 1) {
    report(model_.granted(client, what, who.got.suback->reason_codes.front()));
  } else {
    report(violation{
        rule::suback_missing, model_.version(client),
        "client " + std::to_string(client) + " gets a SUBACK that is not for its SUBSCRIBE"});
  }
}

void player::run::perform(std::uint8_t client, const unsubscribe_operation& what) {
  player_client& who = clients_[client];
  const bool existed = model_.unsubscribe(client, what);
  who.got.unsuback.reset();
  send(client, mqtt::unsubscribe{.packet_identifier = next_identifier(client),
                                 .topic_filters = {name_space_ + "/" + filters()[what.filter]}});
  if (!await_answer(
          client, [&] { return who.got.unsuback.has_value(); }, rule::unsuback_missing)) {
    return;
  }
  if (!is_v5(model_.version(client)) || who.got.unsuback->reason_codes.size() != 1) return;
  const auto code = who.got.unsuback->reason_codes.front();
  const auto right =
      existed ? mqtt::reason_code::success : mqtt::reason_code::no_subscription_existed;
  if (code == right) return;
  report(violation{rule::unsuback_code, model_.version(client),
                   "UNSUBACK tells client " + std::to_string(client) + " code " +
                       std::to_string(static_cast<unsigned>(code)) + " where " +
                       (existed ? "there was a subscription" : "there was no subscription")});
}

mqtt::publish player::run::publish_packet(const message& what, std::uint16_t identifier) const {
  mqtt::publish packet{.qos = what.qos,
                       .retain = what.retain,
                       .topic_name = name_space_ + "/" + what.topic,
                       .packet_identifier = identifier,
                       .payload = payload_of(what)};
  if (what.expiry_s != 0) packet.properties.add(mqtt::message_expiry_interval(what.expiry_s));
  return packet;
}

void player::run::perform(std::uint8_t client, const publish_operation& what) {
  const std::uint32_t number = model_.publish(client, what, loop_.now());
  result_.messages += 1;
  const auto identifier =
      what.qos == mqtt::qos::at_most_once ? std::uint16_t{0} : next_identifier(client);
  const message sent = model_.message_of(number);
  exchange(client, publish_packet(sent, identifier), number, sent.unfinished);
  if (sent.unfinished && !result_.found) model_.remember_unfinished(client, {number, identifier});
}

void player::run::exchange(std::uint8_t client, const mqtt::publish& packet, std::uint32_t number,
                           bool withhold) {
  answers& got = clients_[client].got;
  const auto identifier = packet.packet_identifier;
  for (auto* each : {&got.puback, &got.pubrec, &got.pubcomp}) each->erase(identifier);
  send(client, packet);
  if (packet.qos == mqtt::qos::at_most_once) return;
  const bool at_least_once = packet.qos == mqtt::qos::at_least_once;
  auto& first = at_least_once ? got.puback : got.pubrec;
  if (!await_answer(
          client, [&] { return first.contains(identifier); },
          at_least_once ? rule::puback_missing : rule::pubrec_missing)) {
    return;
  }
  if (is_failure(first[identifier])) {
    model_.refuse(number);
    report(violation{rule::publish_refused, model_.version(client),
                     "m" + std::to_string(number) + " is refused with reason code " +
                         std::to_string(static_cast<unsigned>(first[identifier]))});
    return;
  }
  if (at_least_once || withhold) return;
  if (packet.dup) model_.finish(number);
  send(client, mqtt::pubrel{.packet_identifier = identifier});
  await_answer(
      client, [&] { return got.pubcomp.contains(identifier); }, rule::pubcomp_missing);
}

void player::run::perform(std::uint8_t client, const hold_operation& what) {
  if (what.hold) {
    model_.hold(client);
    return;
  }
  for (const mqtt::packet& answer : model_.release(client)) send(client, answer);
}

void player::run::perform(std::uint8_t client, const drop_operation&) {
  model_.end_connection(client, true, std::nullopt, loop_.now());
  clients_[client].link->abort();
  await([] { return false; }, options_.settle);
}

void player::run::perform(std::uint8_t client, const disconnect_operation& what) {
  mqtt::disconnect packet;
  const bool v5 = is_v5(model_.version(client));
  std::optional<std::uint32_t> expiry_s;
  if (v5 && what.with_will) packet.reason_code = mqtt::reason_code::disconnect_with_will_message;
  // Where CONNECT said 0, another value is a protocol error (MQTT 5.0 §3.14.2.2.2).
  if (v5 && what.session_expiry_s && model_.asked_expiry_s(client) != 0) {
    expiry_s = *what.session_expiry_s;
    packet.properties.add(mqtt::session_expiry_interval(*expiry_s));
  }
  model_.end_connection(client, v5 && what.with_will, expiry_s, loop_.now());
  send(client, packet);
  connection& link = *clients_[client].link;
  link.hush();
  // The broker closes as soon as it has read this; one that leaves that to us gets some time.
  await([&] { return link.has_ended(); }, options_.settle);
  link.close();
}

void player::run::perform(std::uint8_t, const wait_operation& what) {
  pass_time(loop_.now() + std::chrono::seconds(what.seconds));
}

std::uint16_t player::run::next_identifier(std::uint8_t client) {
  auto& last = clients_[client].last_identifier;
  return last = static_cast<std::uint16_t>(last % 60'000 + 1);
}

// What is left behind would burden the broker: sessions, subscriptions, retained messages.
void player::run::tidy_up() {
  judging_ = false;
  const bool failed = result_.found.has_value();
  const auto found = std::exchange(result_.found, std::nullopt);
  const std::uint64_t receipts = result_.receipts;
  for (std::uint8_t client = 0; client < clients_.size(); ++client) {
    player_client& who = clients_[client];
    const bool outlives = model_.has_session(client) &&
                          (!is_connected(client) || model_.session_expiry_s(client) != 0);
    const bool is_last = client + 1U == clients_.size();
    if (!outlives && !(is_last && !model_.retained_topics().empty())) {
      if (is_connected(client)) {
        who.link->hush();
        send(client, mqtt::disconnect{});
        who.link->close();
      }
      continue;
    }
    who.former.reset();
    if (who.link) who.link->abort();
    if (!open_link(client)) continue;
    send(client, connect_packet(client, connect_operation{.clean_start = true}));
    await([&] { return who.got.connack.has_value(); }, failed ? options_.settle : options_.grace);
    if (is_last) {
      for (const std::string& topic : model_.retained_topics()) {
        send(client, mqtt::publish{.retain = true, .topic_name = name_space_ + "/" + topic});
      }
    }
    who.link->hush();
    send(client, mqtt::disconnect{});
    who.link->close();
  }
  result_.receipts = receipts;
  result_.found = found;
}

}  // namespace gauntlet::fuzz::model
