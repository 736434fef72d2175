#include "tests/unit/mqtt/decode_seeds.hpp"

#include <algorithm>

#include "tests/unit/mqtt/golden_packets.hpp"

namespace gauntlet::mqtt {

namespace {

/// Long packets only slow the fuzzer down.
constexpr std::size_t packet_size_max = 300;

std::string file_name(const golden_packet& golden) {
  std::string type(packet_type_name(type_of(golden.packet)));
  std::transform(type.begin(), type.end(), type.begin(),
                 [](char c) { return static_cast<char>(c + ('a' - 'A')); });
  const std::string version = golden.version == protocol_version::v5 ? "v5" : "v3.1.1";
  return version + "-" + std::string(sender_name(golden.from)) + "-" + type;
}

/// Version and sender, and pieces of 7 bytes.
std::uint8_t choice_of(const golden_packet& golden) {
  const unsigned version = golden.version == protocol_version::v5 ? 1 : 0;
  const unsigned from = golden.from == sender::server ? 2 : 0;
  return static_cast<std::uint8_t>(version | from | (6U << 2U));
}

}  // namespace

std::map<std::string, byte_buffer> decode_seeds() {
  std::map<std::string, byte_buffer> seeds;
  for (const golden_packet& golden : golden_packets()) {
    if (golden.bytes.size() > packet_size_max) continue;
    byte_buffer& seed = seeds[file_name(golden)];
    if (seed.empty()) seed.push_back(choice_of(golden));
    seed.insert(seed.end(), golden.bytes.begin(), golden.bytes.end());
  }
  return seeds;
}

}  // namespace gauntlet::mqtt
