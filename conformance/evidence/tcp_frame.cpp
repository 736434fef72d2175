#include "conformance/evidence/tcp_frame.hpp"

#include <array>

namespace gauntlet::conformance {
namespace {

constexpr std::size_t ethernet_size = 14;
constexpr std::size_t ip_size = 20;
constexpr std::size_t tcp_size = 20;
constexpr std::uint8_t protocol_tcp = 6;

void put16(byte_buffer& to, std::size_t value) {
  to.push_back(static_cast<std::uint8_t>(value >> 8U));
  to.push_back(static_cast<std::uint8_t>(value));
}

void put32(byte_buffer& to, std::uint32_t value) {
  put16(to, value >> 16U);
  put16(to, value & 0xFFFFU);
}

void set16(byte_buffer& in, std::size_t offset, std::uint16_t value) {
  in[offset] = static_cast<std::uint8_t>(value >> 8U);
  in[offset + 1] = static_cast<std::uint8_t>(value);
}

// Locally administered; the last number tells the ends apart.
void put_ethernet_address(byte_buffer& to, std::uint32_t ip_address) {
  to.insert(to.end(), {0x02, 0x00});
  put32(to, ip_address);
}

// RFC 1071, begun with what a pseudo header adds up to.
std::uint16_t checksum(byte_view bytes, std::uint32_t begun) {
  std::uint32_t sum = begun;
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    const std::uint32_t low = i + 1 < bytes.size() ? bytes[i + 1] : 0U;
    sum += (static_cast<std::uint32_t>(bytes[i]) << 8U) | low;
  }
  while (sum > 0xFFFFU) sum = (sum & 0xFFFFU) + (sum >> 16U);
  return static_cast<std::uint16_t>(~sum);
}

std::uint32_t pseudo_header(const tcp_segment& segment) {
  std::uint32_t sum = protocol_tcp + static_cast<std::uint32_t>(tcp_size + segment.payload_size);
  for (const std::uint32_t address : {segment.from.address, segment.to.address}) {
    sum += (address >> 16U) + (address & 0xFFFFU);
  }
  return sum;
}

}  // namespace

byte_buffer to_frame(const tcp_segment& segment) {
  byte_buffer frame;
  frame.reserve(tcp_headers_size + segment.payload.size());
  put_ethernet_address(frame, segment.to.address);
  put_ethernet_address(frame, segment.from.address);
  put16(frame, 0x0800);  // IPv4

  put16(frame, 0x4500);  // version 4, five words of header
  put16(frame, ip_size + tcp_size + segment.payload_size);
  put32(frame, 0x0000'4000);  // do not fragment
  frame.insert(frame.end(), {64, protocol_tcp});
  put16(frame, 0);
  put32(frame, segment.from.address);
  put32(frame, segment.to.address);
  set16(frame, ethernet_size + 10, checksum(byte_view(frame).subspan(ethernet_size, ip_size), 0));

  put16(frame, segment.from.port);
  put16(frame, segment.to.port);
  put32(frame, segment.sequence);
  put32(frame, segment.acknowledged);
  frame.insert(frame.end(), {0x50, segment.flags});  // five words of header
  put16(frame, 0xFFFF);                              // window
  put32(frame, 0);                                   // checksum, urgent pointer
  frame.insert(frame.end(), segment.payload.begin(), segment.payload.end());
  if (segment.payload.size() == segment.payload_size) {
    set16(frame, ethernet_size + ip_size + 16,
          checksum(byte_view(frame).subspan(ethernet_size + ip_size), pseudo_header(segment)));
  }
  return frame;
}

}  // namespace gauntlet::conformance
