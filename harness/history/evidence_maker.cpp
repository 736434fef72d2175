// Connections, sessions and subscriptions as evidence; messages have message_evidence.cpp.

#include "harness/history/evidence_maker.hpp"

#include <algorithm>
#include <utility>

#include "harness/mqtt/property.hpp"
#include "harness/mqtt/topic.hpp"

namespace gauntlet::history {
namespace {

using mqtt::property_id;

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
    if (where.on.record == none || where.copied) start(where, *packet);
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

void evidence_maker::start(const seen& where, const mqtt::connect& packet) {
  connection_state& on = where.on;
  const packet_times& times = where.times;
  const bool fresh = on.record == none;
  // The broker knows what a fault made of a CONNECT, and not what the client wrote.
  if (!fresh && made.connections[on.record].connect.has_passed()) return;
  on.version = packet.protocol_version;
  if (fresh) on.record = static_cast<std::uint32_t>(made.connections.size());
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
  if (fresh) {
    made.connections.push_back(std::move(record));
  } else {
    record.connect.sent = made.connections[on.record].connect.sent;
    made.connections[on.record] = std::move(record);
  }
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

evidence evidence_maker::finish() {
  clients_.clear();  // a run of millions needs the room
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

}  // namespace gauntlet::history
