#include "sim/engine/reasons.hpp"

#include <fmt/format.h>

namespace gauntlet::sim {

std::string describe_code(mqtt::reason_code code, mqtt::packet_type carrier) {
  return fmt::format("{} 0x{:02x} {}", mqtt::packet_type_name(carrier), static_cast<unsigned>(code),
                     mqtt::reason_code_name(code, carrier));
}

std::string describe_end(const net::channel_end& end) {
  switch (end.kind) {
    case net::end_kind::finished:
      return "closed by the broker";
    case net::end_kind::reset:
      return "reset by the broker or the network";
    default:
      // Addresses differ by device only in the local port, which the detail never names.
      return end.detail.empty() ? std::string(net::to_string(end.kind)) : end.detail;
  }
}

}  // namespace gauntlet::sim
