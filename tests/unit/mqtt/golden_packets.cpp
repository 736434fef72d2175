#include "tests/unit/mqtt/golden_packets.hpp"

#include <charconv>

#include "harness/base/assert.hpp"

namespace gauntlet::mqtt {

byte_buffer wire(std::string_view text) {
  byte_buffer bytes;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == ' ') {
      ++at;
    } else if (text[at] == '\'') {
      const std::size_t end = text.find('\'', at + 1);
      GAUNTLET_ASSERT(end != std::string_view::npos);
      for (const char c : text.substr(at + 1, end - at - 1)) {
        bytes.push_back(static_cast<std::uint8_t>(c));
      }
      at = end + 1;
    } else {
      GAUNTLET_ASSERT(at + 2 <= text.size());
      std::uint8_t value = 0;
      const char* pair = text.data() + at;
      const auto parsed = std::from_chars(pair, pair + 2, value, 16);
      GAUNTLET_ASSERT(parsed.ptr == pair + 2);
      bytes.push_back(value);
      at += 2;
    }
  }
  return bytes;
}

std::vector<golden_packet> golden_packets() {
  std::vector<golden_packet> all = golden_packets_v3_1_1();
  for (const auto more : {golden_packets_v5, golden_properties}) {
    for (golden_packet& one : more()) all.push_back(std::move(one));
  }
  return all;
}

}  // namespace gauntlet::mqtt
