#include "harness/broker/output.hpp"

#include <utility>

#include "harness/base/assert.hpp"
#include "harness/broker/persistence.hpp"

namespace gauntlet::broker {

byte_buffer& output_of(broker_state& broker, connection& to) {
  if (!to.output_listed) {
    to.output_listed = true;
    broker.with_output.push_back(&to);
    if (to.output.capacity() == 0 && !broker.spare_buffers.empty()) {
      to.output = std::move(broker.spare_buffers.back());
      broker.spare_buffers.pop_back();
    }
  }
  return to.output;
}

bool send_packet(broker_state& broker, connection& to, const mqtt::packet& packet) {
  byte_buffer& out = output_of(broker, to);
  const std::size_t before = out.size();
  const auto encoded = mqtt::encode(packet, to.version, out);
  GAUNTLET_ASSERT(encoded.has_value());
  if (out.size() - before > to.maximum_packet_size &&
      !broker.defects.strikes(defect::exceed_maximum_packet_size)) {
    out.resize(before);
    return false;
  }
  ++broker.statistics.packets_sent;
  if (broker.faulty_output) spoil_output(broker, to, out, before);
  return true;
}

void send_acknowledgement(broker_state& broker, connection& to, mqtt::packet_type type,
                          std::uint16_t packet_identifier, mqtt::reason_code reason) {
  byte_buffer& out = output_of(broker, to);
  const std::size_t before = out.size();
  const bool with_reason =
      to.version == mqtt::protocol_version::v5 && reason != mqtt::reason_code::success;
  const auto flags = type == mqtt::packet_type::pubrel ? 0x02U : 0x00U;
  const std::uint8_t bytes[] = {
      static_cast<std::uint8_t>(static_cast<unsigned>(type) << 4U | flags),  // type and flags
      static_cast<std::uint8_t>(with_reason ? 3 : 2),                        // Remaining Length
      static_cast<std::uint8_t>(packet_identifier >> 8U),
      static_cast<std::uint8_t>(packet_identifier & 0xFFU), static_cast<std::uint8_t>(reason)};
  out.insert(out.end(), bytes, bytes + (with_reason ? 5 : 4));
  ++broker.statistics.packets_sent;
  if (broker.faulty_output) spoil_output(broker, to, out, before);
}

bool output_is_full(const broker_state& broker, const connection& to) {
  return to.backlog_bytes + to.output.size() >= broker.options.limits.output_bytes_max;
}

void flush_connection(broker_state& broker, connection& to, bool farewell) {
  constexpr std::size_t spare_capacity_max = 256U << 10U;
  constexpr std::size_t spare_count_max = 64;

  to.output_listed = false;
  if (!to.output.empty() && (farewell || commit_changes(broker))) {
    broker.statistics.bytes_sent += to.output.size();
    to.backlog_bytes = to.link->send(to.output);
  }
  to.output.clear();
  if (to.output.capacity() <= spare_capacity_max && broker.spare_buffers.size() < spare_count_max) {
    broker.spare_buffers.push_back(std::exchange(to.output, {}));
  } else {
    to.output = byte_buffer{};
  }
  // Messages stop at once the limit; what goes beyond twice the limit is answers to requests.
  if (!to.reading_paused && to.backlog_bytes > 2 * broker.options.limits.output_bytes_max) {
    to.reading_paused = true;
    to.link->pause_reading();
  }
}

}  // namespace gauntlet::broker
