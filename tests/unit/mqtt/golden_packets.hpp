#pragma once

// Packets beside their bytes, written down by hand from the standard and not by our encoder. Many
// tests start from them, and so does the seed corpus of the fuzz target.

#include <string>
#include <string_view>
#include <vector>

#include "harness/base/bytes.hpp"
#include "harness/mqtt/packets.hpp"
#include "harness/mqtt/protocol.hpp"

namespace gauntlet::mqtt {

/// Bytes from hexadecimal pairs and 'text in quotes', with blanks between them at will.
byte_buffer wire(std::string_view text);

/// A legal packet in both forms.
struct golden_packet {
  std::string name;  ///< unique
  protocol_version version;
  sender from;
  byte_buffer bytes;
  mqtt::packet packet;
  /// False for legal bytes that are not the form that our encoder chooses.
  bool canonical = true;
};

/// All packet types, with and without their optional parts.
std::vector<golden_packet> golden_packets_v3_1_1();
std::vector<golden_packet> golden_packets_v5();

/// Each property of the table, at each place where it may stand.
std::vector<golden_packet> golden_properties();

/// All of the above.
std::vector<golden_packet> golden_packets();

}  // namespace gauntlet::mqtt
