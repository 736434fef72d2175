#include "harness/broker/publish_encoder.hpp"

#include "harness/broker/output.hpp"
#include "harness/mqtt/property.hpp"
#include "harness/mqtt/publish_view.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::protocol_version;

// What is left of the Message Expiry Interval, in seconds [MQTT-3.3.2-6].
std::uint32_t remaining_expiry(broker_state& broker, const message_view& message) {
  const std::uint32_t interval = *message.message_expiry_interval;
  if (broker.defects.strikes(defect::forward_full_message_expiry)) return interval;
  const auto waited =
      std::chrono::duration_cast<std::chrono::seconds>(broker.now - message.received_at).count();
  return waited >= interval ? 0 : interval - static_cast<std::uint32_t>(waited);
}

// A property of the broker's own, appended byte by byte: a property_list would allocate for each
// message.
void put_identifier(byte_buffer& out, mqtt::property_id id) {
  out.push_back(static_cast<std::uint8_t>(id));
}

void put_big_endian(byte_buffer& out, std::uint32_t value, unsigned bytes) {
  for (unsigned left = bytes; left > 0; --left) {
    out.push_back(static_cast<std::uint8_t>(value >> (8U * (left - 1U))));
  }
}

void put_variable_byte_integer(byte_buffer& out, std::uint32_t value) {
  for (; value >= 0x80; value >>= 7U) out.push_back(static_cast<std::uint8_t>(value | 0x80U));
  out.push_back(static_cast<std::uint8_t>(value));
}

// The publisher's properties as they came, then those of this delivery (MQTT 5.0 §3.3.2.3).
byte_view properties_of(broker_state& broker, const connection& to, const message_view& message,
                        const publish_header& header, outbound_alias alias) {
  if (to.version != protocol_version::v5) return {};
  if (!message.message_expiry_interval && header.subscription_identifiers.empty() &&
      alias.number == 0) {
    return message.properties;
  }
  byte_buffer& all = broker.routing_scratch.properties;
  all.assign(message.properties.begin(), message.properties.end());
  if (message.message_expiry_interval) {
    put_identifier(all, mqtt::property_id::message_expiry_interval);
    put_big_endian(all, remaining_expiry(broker, message), 4);
  }
  for (const std::uint32_t identifier : header.subscription_identifiers) {
    put_identifier(all, mqtt::property_id::subscription_identifier);
    put_variable_byte_integer(all, identifier);
  }
  if (alias.number != 0) {
    put_identifier(all, mqtt::property_id::topic_alias);
    put_big_endian(all, alias.number, 2);
  }
  return all;
}

mqtt::publish_view view_of(broker_state& broker, const connection& to, const message_view& message,
                           const publish_header& header, outbound_alias alias = {}) {
  mqtt::publish_view view;
  view.dup = header.dup;
  view.qos = header.qos;
  view.retain = header.retain;
  view.packet_identifier = header.packet_identifier;
  view.topic_name = alias.known ? std::string_view{} : message.topic;
  view.properties = properties_of(broker, to, message, header, alias);
  view.payload = message.payload;
  return view;
}

// Whether all copies with the same version, QoS and flags are the same bytes but for the Packet
// Identifier.
bool can_share(const connection& to, const message_view& message, const publish_header& header) {
  return !to.outbound_aliases && !header.dup && header.subscription_identifiers.empty() &&
         !message.message_expiry_interval;
}

// The Packet Identifier follows the fixed header and the Topic Name.
void put_packet_identifier(byte_buffer& out, std::size_t packet_start, const message_view& message,
                           std::uint16_t identifier) {
  std::size_t at = packet_start + 1;
  while ((out[at] & 0x80U) != 0) ++at;  // Remaining Length
  at += 1 + 2 + message.topic.size();
  out[at] = static_cast<std::uint8_t>(identifier >> 8U);
  out[at + 1] = static_cast<std::uint8_t>(identifier & 0xFFU);
}

const byte_buffer& encode_once(broker_state& broker, const connection& to,
                               const message_view& message, const publish_header& header,
                               std::uint64_t serial) {
  routing_scratch& scratch = broker.routing_scratch;
  if (scratch.encoded_serial == serial && scratch.encoded_version == to.version &&
      scratch.encoded_qos == header.qos && scratch.encoded_retain == header.retain) {
    return scratch.encoded;
  }
  scratch.encoded.clear();
  scratch.encoded_serial = serial;
  scratch.encoded_version = to.version;
  scratch.encoded_qos = header.qos;
  scratch.encoded_retain = header.retain;
  const auto encoded =
      mqtt::encode_publish(view_of(broker, to, message, header), to.version, scratch.encoded);
  if (!encoded.has_value()) scratch.encoded.clear();
  return scratch.encoded;
}

void log_delivery(const broker_state& broker, const connection& to, const message_view& message,
                  const publish_header& header) {
  broker.log(
      log_level::debug, "deliver client={} topic={} qos={} retain={} dup={} packet={} size={}",
      to.bound->client_id, message.topic, static_cast<unsigned>(header.qos), header.retain ? 1 : 0,
      header.dup ? 1 : 0, header.packet_identifier, message.payload.size());
}

// The header of a PUBLISH as defects have it.
publish_header altered(broker_state& broker, publish_header header) {
  defect_set& defects = broker.defects;
  if (header.qos == mqtt::qos::at_most_once) {
    header.dup = defects.strikes(defect::set_dup_at_qos0);
    return header;
  }
  if (!header.dup && broker.defect_memory.dup_received && defects.strikes(defect::forward_dup)) {
    header.dup = true;
  }
  if (!header.dup && defects.strikes(defect::set_dup_at_first_delivery)) header.dup = true;
  if (defects.strikes(defect::send_identifier_zero)) header.packet_identifier = 0;
  return header;
}

bool encode_and_send(broker_state& broker, connection& to, const message_view& message,
                     const publish_header& header, std::uint64_t shared_serial) {
  byte_buffer& out = output_of(broker, to);
  const std::size_t before = out.size();
  outbound_alias alias;
  if (to.outbound_aliases) alias = to.outbound_aliases->choose(message.topic);
  if (shared_serial != 0 && can_share(to, message, header)) {
    const byte_buffer& encoded = encode_once(broker, to, message, header, shared_serial);
    out.insert(out.end(), encoded.begin(), encoded.end());
    if (header.qos != mqtt::qos::at_most_once && !encoded.empty()) {
      put_packet_identifier(out, before, message, header.packet_identifier);
    }
  } else if (const auto encoded =
                 mqtt::encode_publish(view_of(broker, to, message, header, alias), to.version, out);
             !encoded.has_value()) {
    out.resize(before);
  }
  const std::size_t size = out.size() - before;
  const bool too_large =
      size > to.maximum_packet_size && !broker.defects.strikes(defect::exceed_maximum_packet_size);
  if (size == 0 || too_large) {
    out.resize(before);
    ++broker.statistics.messages_dropped;
    broker.log(log_level::warning, "drop-too-large client={} topic={} size={}", to.bound->client_id,
               message.topic, size);
    return false;
  }
  // Only now does the client know the alias.
  if (alias.number != 0 && !alias.known) {
    to.outbound_aliases->remember(message.topic, alias.number);
  }
  ++broker.statistics.packets_sent;
  ++broker.statistics.messages_sent[static_cast<std::size_t>(header.qos)];
  if (broker.logs(log_level::debug)) log_delivery(broker, to, message, header);
  if (broker.faulty_output) spoil_output(broker, to, out, before);
  return true;
}

}  // namespace

bool send_publish(broker_state& broker, connection& to, const message_view& message,
                  const publish_header& header, std::uint64_t shared_serial) {
  if (broker.defects.any()) {
    return encode_and_send(broker, to, message, altered(broker, header), 0);
  }
  return encode_and_send(broker, to, message, header, shared_serial);
}

}  // namespace gauntlet::broker
