#pragma once

// What rules ask of a packet, read once.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/base/bytes.hpp"
#include "harness/history/packet_observer.hpp"
#include "harness/mqtt/packets.hpp"
#include "harness/mqtt/protocol.hpp"

namespace gauntlet::fault {

/// One packet as its sender wrote it. What it borrows lives as long as the bytes.
struct packet_facts {
  byte_view bytes;  ///< fixed header included
  history::direction towards = history::direction::to_broker;
  mqtt::protocol_version version = mqtt::protocol_version::v5;
  mqtt::packet_type type = mqtt::packet_type::publish;
  bool dup = false;
  mqtt::qos qos = mqtt::qos::at_most_once;  ///< of PUBLISH
  std::string_view topic_name;              ///< of PUBLISH; without a Topic Alias being looked up
  std::uint16_t packet_identifier = 0;      ///< 0: it has none
  std::size_t header_bytes = 2;             ///< of the fixed header

  /// The whole packet; nothing if it is malformed.
  std::optional<mqtt::packet> decoded() const;
  /// Its Reason Code, Return Code or first Reason Code; nothing if it has none.
  std::optional<std::uint8_t> reason_code() const;
  bool has(mqtt::property_id property) const;
};

/// Reads what stands at fixed places.
packet_facts facts_of(byte_view packet, history::direction towards, mqtt::protocol_version version);

/// As in traces: `PUBLISH 7 qos 1 "a/b"`, `PUBACK 7`.
std::string short_text(const packet_facts& packet);

}  // namespace gauntlet::fault
