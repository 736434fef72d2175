#include "harness/history/evidence_maker.hpp"

#include <algorithm>
#include <utility>

#include "harness/mqtt/property.hpp"
#include "harness/mqtt/topic.hpp"

namespace gauntlet::history {
namespace {

using mqtt::property_id;

message_content content_of(const mqtt::publish_view& message) {
  message_content content{.payload_digest = digest_of({}, message.payload),
                          .payload_size = static_cast<std::uint32_t>(message.payload.size())};
  byte_buffer kept;
  mqtt::property_reader reader(message.properties);
  while (const auto next = reader.next()) {
    switch (next->id) {
      case property_id::message_expiry_interval:
      case property_id::topic_alias:
      case property_id::subscription_identifier:
      case property_id::will_delay_interval:
        break;
      default:
        static_cast<void>(mqtt::encode_property(*next, kept));
    }
  }
  if (!kept.empty()) content.properties_digest = digest_of({}, kept);
  return content;
}

std::uint32_t expiry_of_session(const mqtt::connect& packet) {
  if (packet.protocol_version == mqtt::protocol_version::v3_1_1) {
    return packet.clean_start ? 0 : UINT32_MAX;
  }
  return packet.properties.find<property_id::session_expiry_interval>().value_or(0);
}

}  // namespace

std::uint32_t evidence_maker::topic_index(std::string_view name) {
  const auto [at, fresh] =
      topic_indices_.emplace(name, static_cast<std::uint32_t>(made.topics.size()));
  if (fresh) made.topics.emplace_back(name);
  return at->second;
}

std::uint32_t evidence_maker::client_index(std::string_view id) {
  const auto [at, fresh] =
      client_indices_.emplace(id, static_cast<std::uint32_t>(made.clients.size()));
  if (fresh) {
    made.clients.emplace_back(id);
    clients_.emplace_back();
  }
  return at->second;
}

message_key evidence_maker::name_of(const mqtt::publish_view& message) const {
  if (namer_) {
    if (const auto name = namer_(message)) return *name;
  }
  return digest_of(message.topic_name, message.payload);
}

void evidence_maker::on_open(connection_index connection, time_point at) {
  connections_[connection].opened = at;
}

void evidence_maker::on_fault(const fault_seen& fault) {
  if (made.faults.size() <= fault.fault) made.faults.resize(fault.fault + 1U);
  if (made.faults[fault.fault].empty()) made.faults[fault.fault] = fault.text;
}

void evidence_maker::on_end(const end_seen& seen_end) {
  connection_state& on = connections_[seen_end.connection];
  end_record& at = seen_end.side == side::client ? on.client_end : on.broker_end;
  at = {.at = seen_end.at,
        .by_link = seen_end.by_link,
        .reset = seen_end.reset,
        .silent = seen_end.silent,
        .fault = seen_end.fault};
  if (on.record == none) return;
  connection_record& record = made.connections[on.record];
  (seen_end.side == side::client ? record.client_end : record.broker_end) = at;
}

void evidence_maker::on_packet(const packet_seen& packet) {
  connection_state& on = connections_[packet.connection];
  const bool to_broker = packet.direction == direction::to_broker;
  const auto tell = [&](byte_view bytes, time_point sent, time_point passed, bool copied) {
    if (bytes.empty()) return;
    const seen where{.on = on,
                     .times = {.sent = sent, .passed = passed, .fault = packet.fault},
                     .copied = copied};
    to_broker ? from_client(where, bytes) : from_broker(where, bytes);
  };
  switch (packet.fate) {
    case packet_fate::passed:
      return tell(packet.sent, packet.sent_at, packet.passed_at, false);
    case packet_fate::swallowed:
    case packet_fate::truncated:
      return tell(packet.sent, packet.sent_at, never, false);
    case packet_fate::rewritten:
      tell(packet.sent, packet.sent_at, never, false);
      // What the broker made is judged, not what a fault made of it: only it hears the rest.
      if (to_broker) tell(packet.passed, packet.passed_at, packet.passed_at, true);
      return;
    case packet_fate::copied:
    case packet_fate::forged:
      if (to_broker) tell(packet.passed, packet.passed_at, packet.passed_at, true);
      return;
  }
}

void evidence_maker::from_client(const seen& where, byte_view bytes) {
  const auto type = mqtt::packet_type_of(bytes[0]);
  if (where.on.record != none && where.times.has_passed()) {
    time_point& last = made.connections[where.on.record].last_passed_to_broker;
    last = std::max(last, where.times.passed);
  }
  if (type == mqtt::packet_type::publish) return publish_from_client(where, bytes);
  const auto decoded = mqtt::decode(bytes, where.on.version, mqtt::sender::client);
  if (!decoded) return;
  if (const auto* packet = std::get_if<mqtt::connect>(&*decoded)) {
    if (where.on.record == none) start(where.on, *packet, where.times);
    return;
  }
  if (where.on.record == none) return;
  if (const auto* subscribe = std::get_if<mqtt::subscribe>(&*decoded)) {
    take_subscribe(where, *subscribe);
  } else if (const auto* unsubscribe = std::get_if<mqtt::unsubscribe>(&*decoded)) {
    take_unsubscribe(where, *unsubscribe);
  } else if (const auto* farewell = std::get_if<mqtt::disconnect>(&*decoded)) {
    connection_record& record = made.connections[where.on.record];
    record.disconnect = where.times;
    record.disconnect_code = farewell->reason_code;
    const auto expiry = farewell->properties.find<property_id::session_expiry_interval>();
    if (expiry && where.times.has_passed()) record.session_expiry_s = *expiry;
  } else {
    answer_of_client(where, *decoded);
  }
}

void evidence_maker::from_broker(const seen& where, byte_view bytes) {
  if (where.on.record == none) return;
  const auto type = mqtt::packet_type_of(bytes[0]);
  if (type == mqtt::packet_type::publish) return publish_from_broker(where, bytes);
  const auto decoded = mqtt::decode(bytes, where.on.version, mqtt::sender::server);
  if (!decoded) return note_malformed(where, describe(decoded.error()));
  if (const auto* connack = std::get_if<mqtt::connack>(&*decoded)) {
    take_connack(where, *connack);
  } else if (const auto* suback = std::get_if<mqtt::suback>(&*decoded)) {
    take_suback(where, *suback);
  } else if (const auto* unsuback = std::get_if<mqtt::unsuback>(&*decoded)) {
    take_unsuback(where, *unsuback);
  } else if (const auto* farewell = std::get_if<mqtt::disconnect>(&*decoded)) {
    connection_record& record = made.connections[where.on.record];
    record.broker_disconnect = where.times;
    record.broker_disconnect_code = farewell->reason_code;
  } else {
    answer_of_broker(where, *decoded);
  }
}

void evidence_maker::note_malformed(const seen& where, std::string why) {
  made.malformed.push_back(
      {.connection = where.on.record, .times = where.times, .why = std::move(why)});
}

void evidence_maker::start(connection_state& on, const mqtt::connect& packet,
                           const packet_times& times) {
  on.version = packet.protocol_version;
  on.record = static_cast<std::uint32_t>(made.connections.size());
  connection_record record{.number = on.record,
                           .client = client_index(packet.client_id),
                           .version = packet.protocol_version,
                           .opened = on.opened,
                           .connect = times,
                           .clean_start = packet.clean_start,
                           .keep_alive_s = packet.keep_alive_s,
                           .session_expiry_s = expiry_of_session(packet),
                           .client_end = on.client_end,
                           .broker_end = on.broker_end};
  const mqtt::property_list& says = packet.properties;
  record.receive_maximum = says.find<property_id::receive_maximum>().value_or(UINT16_MAX);
  record.maximum_packet_size = says.find<property_id::maximum_packet_size>().value_or(UINT32_MAX);
  if (times.has_passed()) record.last_passed_to_broker = times.passed;
  if (packet.will) {
    const mqtt::will& will = *packet.will;
    byte_buffer properties;
    static_cast<void>(mqtt::encode_properties(will.properties, properties));
    const mqtt::publish_view view{.qos = will.qos,
                                  .retain = will.retain,
                                  .topic_name = will.topic_name,
                                  .properties = properties,
                                  .payload = will.payload};
    record.will =
        will_record{.key = name_of(view),
                    .topic = topic_index(will.topic_name),
                    .content = content_of(view),
                    .qos = will.qos,
                    .retain = will.retain,
                    .delay_s = will.properties.find<property_id::will_delay_interval>().value_or(0),
                    .expiry_s = will.properties.find<property_id::message_expiry_interval>()};
  }
  made.connections.push_back(std::move(record));
}

void evidence_maker::take_connack(const seen& where, const mqtt::connack& packet) {
  connection_record& record = made.connections[where.on.record];
  record.connack = where.times;
  record.connack_code = packet.reason_code;
  record.session_present = packet.session_present;
  const mqtt::property_list& says = packet.properties;
  if (const auto alive = says.find<property_id::server_keep_alive>()) record.keep_alive_s = *alive;
  if (const auto expiry = says.find<property_id::session_expiry_interval>()) {
    record.session_expiry_s = *expiry;
  }
  if (const auto assigned = says.find<property_id::assigned_client_identifier>()) {
    record.client = client_index(*assigned);
  }
  if (!record.accepted()) return;
  client_state& client = clients_[record.client];
  client.connection = where.on.record;
  if (record.session_present) return;
  client.outbound.clear();
  client.inbound.clear();
  client.filters.clear();
}

void evidence_maker::take_subscribe(const seen& where, const mqtt::subscribe& packet) {
  const std::uint32_t client = made.connections[where.on.record].client;
  const auto identifier = packet.properties.find<property_id::subscription_identifier>();
  std::vector<std::uint32_t>& asked = where.on.subscribes[packet.packet_identifier];
  asked.clear();
  for (const mqtt::subscription& each : packet.subscriptions) {
    subscription_record record{.connection = where.on.record,
                               .client = client,
                               .filter = each.topic_filter,
                               .options = each.options,
                               .identifier = identifier.value_or(0),
                               .subscribe = where.times,
                               .was_there = clients_[client].filters.contains(each.topic_filter)};
    if (mqtt::is_shared_subscription(each.topic_filter)) {
      if (const auto shared = mqtt::parse_shared_subscription(each.topic_filter)) {
        record.share_name = shared->share_name;
        record.filter = shared->filter;
      }
    }
    asked.push_back(static_cast<std::uint32_t>(made.subscriptions.size()));
    made.subscriptions.push_back(std::move(record));
  }
}

namespace {

std::string full_filter(const subscription_record& record) {
  if (record.share_name.empty()) return record.filter;
  return "$share/" + record.share_name + "/" + record.filter;
}

}  // namespace

void evidence_maker::take_suback(const seen& where, const mqtt::suback& packet) {
  const auto asked = where.on.subscribes.find(packet.packet_identifier);
  if (asked == where.on.subscribes.end()) return;
  client_state& client = clients_[made.connections[where.on.record].client];
  for (std::size_t i = 0; i < asked->second.size() && i < packet.reason_codes.size(); ++i) {
    const std::uint32_t index = asked->second[i];
    subscription_record& record = made.subscriptions[index];
    record.suback = where.times;
    record.granted = static_cast<std::uint8_t>(packet.reason_codes[i]);
    if (!record.accepted()) continue;
    const std::string filter = full_filter(record);
    if (const auto old = client.filters.find(filter); old != client.filters.end()) {
      subscription_record& replaced = made.subscriptions[old->second];
      // Replaced, not ended: what was promised goes on under the new terms.
      replaced.ended = std::min(replaced.ended, record.suback.sent);
    }
    client.filters[filter] = index;
  }
  where.on.subscribes.erase(asked);
}

void evidence_maker::take_unsubscribe(const seen& where, const mqtt::unsubscribe& packet) {
  client_state& client = clients_[made.connections[where.on.record].client];
  std::vector<std::uint32_t>& asked = where.on.unsubscribes[packet.packet_identifier];
  asked.clear();
  for (const std::string& filter : packet.topic_filters) {
    const auto held = client.filters.find(filter);
    if (held == client.filters.end()) continue;
    subscription_record& record = made.subscriptions[held->second];
    if (!record.unsubscribe.was_sent()) record.unsubscribe = where.times;
    asked.push_back(held->second);
  }
}

void evidence_maker::take_unsuback(const seen& where, const mqtt::unsuback& packet) {
  const auto asked = where.on.unsubscribes.find(packet.packet_identifier);
  if (asked == where.on.unsubscribes.end()) return;
  client_state& client = clients_[made.connections[where.on.record].client];
  for (const std::uint32_t index : asked->second) {
    made.subscriptions[index].unsuback = where.times;
    client.filters.erase(full_filter(made.subscriptions[index]));
  }
  where.on.unsubscribes.erase(asked);
}

std::uint32_t evidence_maker::publication_for(std::uint32_t client,
                                              const publication_record& like) {
  client_state& of = clients_[client];
  const auto last = of.last_by_key.find(like.key);
  const auto is_answered = [](const publish_attempt& attempt) { return attempt.answer.was_sent(); };
  if (last != of.last_by_key.end() && like.content.payload_size > 0) {
    publication_record& before = made.publications[last->second];
    const bool open =
        before.qos != mqtt::qos::at_most_once && std::ranges::none_of(before.attempts, is_answered);
    if (open && before.qos == like.qos) return last->second;
    before.ambiguous = true;
  }
  const auto index = static_cast<std::uint32_t>(made.publications.size());
  made.publications.push_back(like);
  made.publications.back().ambiguous = last != of.last_by_key.end();
  of.last_by_key[like.key] = index;
  return index;
}

void evidence_maker::publish_from_client(const seen& where, byte_view bytes) {
  if (where.on.record == none) return;
  auto decoded = mqtt::decode_publish(bytes, where.on.version, mqtt::sender::client);
  if (!decoded) return;
  mqtt::publish_view message = *decoded;
  if (const auto alias = mqtt::find_property<property_id::topic_alias>(message.properties)) {
    std::string& name = where.on.aliases_to_broker[*alias];
    if (!message.topic_name.empty()) name = message.topic_name;
    message.topic_name = name;
  }
  const std::uint32_t client = made.connections[where.on.record].client;
  const publication_record like{
      .key = name_of(message),
      .client = client,
      .topic = topic_index(message.topic_name),
      .content = content_of(message),
      .qos = message.qos,
      .retain = message.retain,
      .expiry_s = mqtt::find_property<property_id::message_expiry_interval>(message.properties)};
  client_state& state = clients_[client];
  std::uint32_t index = none;
  const auto open = state.outbound.find(message.packet_identifier);
  if (message.qos != mqtt::qos::at_most_once && (message.dup || where.copied) &&
      open != state.outbound.end() && made.publications[open->second.publication].key == like.key) {
    index = open->second.publication;
  } else if (where.copied && state.last_by_key.contains(like.key)) {
    index = state.last_by_key[like.key];
  } else {
    index = publication_for(client, like);
  }
  publication_record& publication = made.publications[index];
  publication.attempts.push_back({.connection = where.on.record,
                                  .packet_identifier = message.packet_identifier,
                                  .dup = message.dup,
                                  .copied = where.copied,
                                  .publish = where.times});
  if (message.qos == mqtt::qos::at_most_once) return;
  state.outbound[message.packet_identifier] = {
      index, static_cast<std::uint32_t>(publication.attempts.size() - 1)};
}

// What is still on its way on a connection that another one has taken over has no meaning any more:
// neither end counts on it.
bool evidence_maker::is_superseded(const connection_state& on) const {
  const std::uint32_t latest = clients_[made.connections[on.record].client].connection;
  return latest != none && latest > on.record;
}

void evidence_maker::publish_from_broker(const seen& where, byte_view bytes) {
  if (is_superseded(where.on)) return;
  auto decoded = mqtt::decode_publish(bytes, where.on.version, mqtt::sender::server);
  if (!decoded) return note_malformed(where, describe(decoded.error()));
  mqtt::publish_view message = *decoded;
  if (const auto alias = mqtt::find_property<property_id::topic_alias>(message.properties)) {
    std::string& name = where.on.aliases_to_client[*alias];
    if (!message.topic_name.empty()) name = message.topic_name;
    message.topic_name = name;
  }
  const std::uint32_t client = made.connections[where.on.record].client;
  delivery_record record{
      .connection = where.on.record,
      .client = client,
      .key = name_of(message),
      .topic = topic_index(message.topic_name),
      .content = content_of(message),
      .packet_identifier = message.packet_identifier,
      .qos = message.qos,
      .dup = message.dup,
      .retain = message.retain,
      .expiry_s = mqtt::find_property<property_id::message_expiry_interval>(message.properties),
      .has_will_delay =
          mqtt::find_property<property_id::will_delay_interval>(message.properties).has_value(),
      .publish = where.times};
  mqtt::property_reader reader(message.properties);
  while (const auto next = reader.next()) {
    if (next->id != property_id::subscription_identifier) continue;
    record.subscription_identifiers.push_back(std::get<std::uint32_t>(next->value));
  }
  const auto index = static_cast<std::uint32_t>(made.deliveries.size());
  if (message.qos != mqtt::qos::at_most_once) {
    client_state& state = clients_[client];
    const auto open = state.inbound.find(message.packet_identifier);
    if (open != state.inbound.end()) {
      const bool same = made.deliveries[open->second].key == record.key;
      (same ? record.repeats : record.displaces) = open->second;
    }
    state.inbound[message.packet_identifier] = index;
  }
  made.deliveries.push_back(std::move(record));
}

namespace {

// Fills in what is new: of two equal packets the first one counts.
void note(packet_times& times, const packet_times& seen) {
  if (!times.was_sent() || (!times.has_passed() && seen.has_passed())) times = seen;
}

}  // namespace

void evidence_maker::answer_of_client(const seen& where, const mqtt::packet& packet) {
  if (is_superseded(where.on)) return;
  client_state& state = clients_[made.connections[where.on.record].client];
  const auto delivery = [&](std::uint16_t identifier) -> delivery_record* {
    const auto open = state.inbound.find(identifier);
    return open == state.inbound.end() ? nullptr : &made.deliveries[open->second];
  };
  if (const auto* puback = std::get_if<mqtt::puback>(&packet)) {
    delivery_record* of = delivery(puback->packet_identifier);
    if (!of || of->qos != mqtt::qos::at_least_once) return;
    note(of->answer, where.times);
    of->answer_code = puback->reason_code;
    if (where.times.has_passed()) state.inbound.erase(puback->packet_identifier);
  } else if (const auto* pubrec = std::get_if<mqtt::pubrec>(&packet)) {
    delivery_record* of = delivery(pubrec->packet_identifier);
    if (!of || of->qos != mqtt::qos::exactly_once) return;
    note(of->answer, where.times);
    of->answer_code = pubrec->reason_code;
    if (mqtt::is_error(pubrec->reason_code) && where.times.has_passed()) {
      state.inbound.erase(pubrec->packet_identifier);
    }
  } else if (const auto* pubcomp = std::get_if<mqtt::pubcomp>(&packet)) {
    delivery_record* of = delivery(pubcomp->packet_identifier);
    if (!of) return;
    note(of->pubcomp, where.times);
    if (where.times.has_passed()) state.inbound.erase(pubcomp->packet_identifier);
  } else if (const auto* pubrel = std::get_if<mqtt::pubrel>(&packet)) {
    const auto open = state.outbound.find(pubrel->packet_identifier);
    if (open == state.outbound.end()) return;
    publication_record& of = made.publications[open->second.publication];
    note(of.attempts[open->second.attempt].pubrel, where.times);
  }
}

void evidence_maker::answer_of_broker(const seen& where, const mqtt::packet& packet) {
  client_state& state = clients_[made.connections[where.on.record].client];
  const auto attempt = [&](std::uint16_t identifier) -> publish_attempt* {
    const auto open = state.outbound.find(identifier);
    if (open == state.outbound.end()) return nullptr;
    return &made.publications[open->second.publication].attempts[open->second.attempt];
  };
  if (const auto* puback = std::get_if<mqtt::puback>(&packet)) {
    publish_attempt* of = attempt(puback->packet_identifier);
    if (!of || !of->publish.has_passed()) return;
    note(of->answer, where.times);
    of->answer_code = puback->reason_code;
    if (where.times.has_passed()) state.outbound.erase(puback->packet_identifier);
  } else if (const auto* pubrec = std::get_if<mqtt::pubrec>(&packet)) {
    publish_attempt* of = attempt(pubrec->packet_identifier);
    if (!of || !of->publish.has_passed()) return;
    note(of->answer, where.times);
    of->answer_code = pubrec->reason_code;
  } else if (const auto* pubcomp = std::get_if<mqtt::pubcomp>(&packet)) {
    publish_attempt* of = attempt(pubcomp->packet_identifier);
    if (!of) return;
    note(of->pubcomp, where.times);
    if (where.times.has_passed()) state.outbound.erase(pubcomp->packet_identifier);
  } else if (const auto* pubrel = std::get_if<mqtt::pubrel>(&packet)) {
    const auto open = state.inbound.find(pubrel->packet_identifier);
    if (open == state.inbound.end()) return;
    note(made.deliveries[open->second].pubrel, where.times);
  }
}

evidence evidence_maker::finish() {
  end_subscriptions();
  name_deliveries();
  decide_outcomes();
  return std::move(made);
}

void evidence_maker::end_subscriptions() {
  std::ranges::stable_sort(made.broker_events, {}, &broker_event::at);
  // A session ends with the next CONNECT that begins another one.
  std::vector<std::vector<std::uint32_t>> of_client(made.clients.size());
  for (std::uint32_t i = 0; i < made.connections.size(); ++i) {
    of_client[made.connections[i].client].push_back(i);
  }
  for (subscription_record& each : made.subscriptions) {
    for (const std::uint32_t number : of_client[each.client]) {
      const connection_record& next = made.connections[number];
      if (number <= each.connection || !next.connect.has_passed()) continue;
      const bool clean = next.clean_start;
      if (!clean && (!next.accepted() || next.session_present)) continue;
      each.ended = std::min(each.ended, clean ? next.connect.sent : next.connack.sent);
      break;
    }
  }
}

void evidence_maker::name_deliveries() {
  std::unordered_map<message_key, std::vector<std::uint32_t>> publications;
  std::unordered_map<message_key, std::uint32_t> wills;
  for (std::uint32_t i = 0; i < made.publications.size(); ++i) {
    publications[made.publications[i].key].push_back(i);
  }
  for (const connection_record& connection : made.connections) {
    if (connection.will) wills.emplace(connection.will->key, connection.number);
  }
  for (delivery_record& delivery : made.deliveries) {
    const auto found = publications.find(delivery.key);
    if (found != publications.end()) {
      for (const std::uint32_t index : found->second) {
        const bool earlier = made.publications[index].first_sent() <= delivery.publish.sent;
        if (delivery.publication == none || earlier) delivery.publication = index;
        if (found->second.size() > 1) made.publications[index].ambiguous = true;
      }
    }
    if (const auto will = wills.find(delivery.key); will != wills.end()) {
      delivery.will_of = will->second;
    }
  }
}

void evidence_maker::decide_outcomes() {
  for (publication_record& each : made.publications) {
    bool reached = false, owned = false, refused = false, open = false;
    for (const publish_attempt& attempt : each.attempts) {
      if (!attempt.publish.has_passed()) continue;
      reached = true;
      if (!attempt.answer.was_sent()) {
        open = true;
      } else if (mqtt::is_error(attempt.answer_code)) {
        refused = true;
      } else {
        owned = true;
      }
    }
    each.outcome = owned      ? publish_outcome::owned
                   : !reached ? publish_outcome::absent
                   : open     ? publish_outcome::maybe
                   : refused  ? publish_outcome::rejected
                              : publish_outcome::maybe;
  }
}

}  // namespace gauntlet::history
