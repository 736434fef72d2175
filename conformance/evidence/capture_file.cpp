#include "conformance/evidence/capture_file.hpp"

#include <cstring>

namespace gauntlet::conformance {
namespace {

constexpr std::uint32_t section_header_block = 0x0A0D0D0A;
constexpr std::uint32_t interface_description_block = 1;
constexpr std::uint32_t enhanced_packet_block = 6;
constexpr std::uint32_t byte_order_magic = 0x1A2B3C4D;
constexpr std::uint16_t link_type_ethernet = 1;

constexpr std::uint16_t end_of_options = 0;
constexpr std::uint16_t comment_option = 1;
constexpr std::uint16_t name_option = 2;
constexpr std::uint16_t time_resolution_option = 9;
constexpr std::uint8_t nanoseconds = 9;

}  // namespace

capture_file::capture_file(std::string_view about) {
  const std::size_t section = open_block(section_header_block);
  put32(byte_order_magic);
  put16(1);  // version 1.0
  put16(0);
  put32(0xFFFF'FFFF);  // length of the section: not told
  put32(0xFFFF'FFFF);
  option(comment_option, as_bytes(about));
  option(end_of_options, {});
  close_block(section);

  const std::size_t interface = open_block(interface_description_block);
  put16(link_type_ethernet);
  put16(0);
  put32(0);  // no limit to the size of a frame
  option(name_option, as_bytes("gauntlet"));
  option(time_resolution_option, byte_view(&nanoseconds, 1));
  option(end_of_options, {});
  close_block(interface);
}

void capture_file::add(std::int64_t at_ns, byte_view frame, std::size_t size_bytes,
                       std::string_view comment) {
  const auto stamp = static_cast<std::uint64_t>(at_ns);
  const std::size_t block = open_block(enhanced_packet_block);
  put32(0);  // the interface
  put32(static_cast<std::uint32_t>(stamp >> 32U));
  put32(static_cast<std::uint32_t>(stamp));
  put32(static_cast<std::uint32_t>(frame.size()));
  put32(static_cast<std::uint32_t>(size_bytes));
  bytes_.insert(bytes_.end(), frame.begin(), frame.end());
  pad();
  if (!comment.empty()) {
    option(comment_option, as_bytes(comment.substr(0, 60'000)));
    option(end_of_options, {});
  }
  close_block(block);
}

// A block: its type, its length, what it holds, and its length again.
std::size_t capture_file::open_block(std::uint32_t type) {
  const std::size_t start = bytes_.size();
  put32(type);
  put32(0);
  return start;
}

void capture_file::close_block(std::size_t start) {
  const auto length = static_cast<std::uint32_t>(bytes_.size() - start + sizeof(std::uint32_t));
  put32(length);
  std::memcpy(bytes_.data() + start + sizeof(std::uint32_t), &length, sizeof length);
}

void capture_file::option(std::uint16_t code, byte_view value) {
  put16(code);
  put16(static_cast<std::uint16_t>(value.size()));
  bytes_.insert(bytes_.end(), value.begin(), value.end());
  pad();
}

void capture_file::put16(std::uint16_t value) {
  std::uint8_t raw[sizeof value];
  std::memcpy(raw, &value, sizeof value);
  bytes_.insert(bytes_.end(), raw, raw + sizeof value);
}

void capture_file::put32(std::uint32_t value) {
  std::uint8_t raw[sizeof value];
  std::memcpy(raw, &value, sizeof value);
  bytes_.insert(bytes_.end(), raw, raw + sizeof value);
}

void capture_file::pad() {
  while (bytes_.size() % 4 != 0) bytes_.push_back(0);
}

}  // namespace gauntlet::conformance
