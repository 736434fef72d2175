// SUBSCRIBE, SUBACK, UNSUBSCRIBE and UNSUBACK: MQTT 5.0 §3.8 to §3.11.

#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/packet_codecs.hpp"
#include "harness/mqtt/property_codec.hpp"

namespace gauntlet::mqtt {

namespace {

constexpr rule identifier_of_request =
    rules::identifier_not_zero.at({"2.2.1", "MQTT-2.2.1-6"}, {"2.3.1", "MQTT-2.3.1-7"});

constexpr std::string_view share_prefix = "$share/";

// Subscription Options. MQTT 5.0 §3.8.3.1
constexpr std::uint8_t qos_mask = 0x03;
constexpr std::uint8_t no_local_flag = 0x04;
constexpr std::uint8_t retain_as_published_flag = 0x08;
constexpr unsigned retain_handling_shift = 4;
constexpr std::uint8_t retain_handling_mask = 0x03;
constexpr std::uint8_t reserved_mask_v5 = 0xC0;
constexpr std::uint8_t reserved_mask_v3_1_1 = 0xFC;

subscription_options read_options_v3_1_1(wire_reader& reader) noexcept {
  const std::size_t offset = reader.offset();
  const std::uint8_t bits = reader.byte("Requested QoS");
  if ((bits & reserved_mask_v3_1_1) != 0) {
    reader.fail(rules::options_reserved, offset, "Requested QoS");
  } else if ((bits & qos_mask) == 3) {
    reader.fail(rules::requested_qos_range_v3_1_1, offset, "Requested QoS");
  }
  return {.maximum_qos = static_cast<qos>(bits & qos_mask)};
}

subscription_options read_options_v5(wire_reader& reader, std::string_view filter) noexcept {
  const std::size_t offset = reader.offset();
  const std::uint8_t bits = reader.byte("Subscription Options");
  const auto handling =
      static_cast<std::uint8_t>((bits >> retain_handling_shift) & retain_handling_mask);
  if ((bits & reserved_mask_v5) != 0) {
    reader.fail(rules::options_reserved, offset, "Subscription Options");
  } else if ((bits & qos_mask) == 3) {
    reader.fail(rules::maximum_qos_range, offset, "Maximum QoS");
  } else if (handling == 3) {
    reader.fail(rules::retain_handling_range, offset, "Retain Handling");
  } else if ((bits & no_local_flag) != 0 && filter.starts_with(share_prefix)) {
    reader.fail(rules::no_local_shared, offset, "No Local");
  }
  return {.maximum_qos = static_cast<qos>(bits & qos_mask),
          .no_local = (bits & no_local_flag) != 0,
          .retain_as_published = (bits & retain_as_published_flag) != 0,
          .retain_handling = static_cast<retain_handling>(handling)};
}

void write_options(wire_writer& writer, const subscription_options& options) {
  const auto maximum_qos = static_cast<std::uint8_t>(options.maximum_qos);
  const auto handling = static_cast<std::uint8_t>(options.retain_handling);
  if (maximum_qos > qos_mask) writer.refuse(limits::bits, "Maximum QoS");
  if (handling > retain_handling_mask) writer.refuse(limits::bits, "Retain Handling");
  writer.need_v5(!options.no_local, "No Local");
  writer.need_v5(!options.retain_as_published, "Retain As Published");
  writer.need_v5(handling == 0, "Retain Handling");
  unsigned bits = maximum_qos;
  if (options.no_local) bits |= no_local_flag;
  if (options.retain_as_published) bits |= retain_as_published_flag;
  bits |= static_cast<unsigned>(handling) << retain_handling_shift;
  writer.byte(static_cast<std::uint8_t>(bits));
}

void write_codes(wire_writer& writer, const std::vector<reason_code>& codes) {
  for (const reason_code code : codes) writer.byte(static_cast<std::uint8_t>(code));
}

}  // namespace

subscribe read_subscribe(wire_reader& reader, sender from) {
  subscribe decoded;
  decoded.packet_identifier = reader.packet_identifier();
  decoded.properties = read_properties(reader, property_place::subscribe, from);
  if (reader.left() == 0) reader.fail(rules::one_subscription, reader.offset(), "SUBSCRIBE");
  while (reader.more()) {
    const std::string_view filter = reader.utf8_string("Topic Filter");
    const subscription_options options =
        reader.is_v5() ? read_options_v5(reader, filter) : read_options_v3_1_1(reader);
    decoded.subscriptions.push_back({std::string(filter), options});
  }
  return decoded;
}

suback read_suback(wire_reader& reader, sender from) {
  suback decoded;
  decoded.packet_identifier = reader.packet_identifier(identifier_of_request);
  decoded.properties = read_properties(reader, property_place::suback, from);
  decoded.reason_codes = read_reason_codes(reader, packet_type::suback, from);
  return decoded;
}

unsubscribe read_unsubscribe(wire_reader& reader, sender from) {
  unsubscribe decoded;
  decoded.packet_identifier = reader.packet_identifier();
  decoded.properties = read_properties(reader, property_place::unsubscribe, from);
  if (reader.left() == 0) reader.fail(rules::one_filter, reader.offset(), "UNSUBSCRIBE");
  while (reader.more()) decoded.topic_filters.emplace_back(reader.utf8_string("Topic Filter"));
  return decoded;
}

unsuback read_unsuback(wire_reader& reader, sender from) {
  unsuback decoded;
  decoded.packet_identifier = reader.packet_identifier(identifier_of_request);
  if (reader.is_v5()) {
    decoded.properties = read_properties(reader, property_place::unsuback, from);
    decoded.reason_codes = read_reason_codes(reader, packet_type::unsuback, from);
  }
  reader.finish("UNSUBACK");
  return decoded;
}

encode_result encode(const subscribe& source, protocol_version version, byte_buffer& out) {
  wire_writer writer(out, version);
  writer.byte(0x82);
  const std::size_t mark = writer.open_length();
  writer.two_byte_integer(source.packet_identifier);
  write_properties(writer, source.properties);
  for (const subscription& wanted : source.subscriptions) {
    writer.utf8_string(wanted.topic_filter, "Topic Filter");
    write_options(writer, wanted.options);
  }
  writer.close_length(mark, "SUBSCRIBE");
  return writer.finish();
}

encode_result encode(const suback& source, protocol_version version, byte_buffer& out) {
  wire_writer writer(out, version);
  writer.byte(0x90);
  const std::size_t mark = writer.open_length();
  writer.two_byte_integer(source.packet_identifier);
  write_properties(writer, source.properties);
  write_codes(writer, source.reason_codes);
  writer.close_length(mark, "SUBACK");
  return writer.finish();
}

encode_result encode(const unsubscribe& source, protocol_version version, byte_buffer& out) {
  wire_writer writer(out, version);
  writer.byte(0xA2);
  const std::size_t mark = writer.open_length();
  writer.two_byte_integer(source.packet_identifier);
  write_properties(writer, source.properties);
  for (const std::string& filter : source.topic_filters) {
    writer.utf8_string(filter, "Topic Filter");
  }
  writer.close_length(mark, "UNSUBSCRIBE");
  return writer.finish();
}

encode_result encode(const unsuback& source, protocol_version version, byte_buffer& out) {
  wire_writer writer(out, version);
  writer.need_v5(source.reason_codes.empty(), "Reason Code");
  writer.byte(0xB0);
  const std::size_t mark = writer.open_length();
  writer.two_byte_integer(source.packet_identifier);
  write_properties(writer, source.properties);
  write_codes(writer, source.reason_codes);
  writer.close_length(mark, "UNSUBACK");
  return writer.finish();
}

}  // namespace gauntlet::mqtt
