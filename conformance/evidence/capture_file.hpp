#pragma once

// The pcapng format, as much of it as one section with one Ethernet interface needs.

#include <cstdint>
#include <string_view>

#include "harness/base/bytes.hpp"

namespace gauntlet::conformance {

/// A capture in memory. Blocks are written in the machine's byte order, which the format permits.
class capture_file {
 public:
  /// `about` is the comment of the whole file.
  explicit capture_file(std::string_view about);

  /// A frame at a time since 1970; `size_bytes` is what it had on the wire, of which `frame` may be
  /// a part. An empty comment is none.
  void add(std::int64_t at_ns, byte_view frame, std::size_t size_bytes, std::string_view comment);

  const byte_buffer& bytes() const { return bytes_; }

 private:
  std::size_t open_block(std::uint32_t type);
  void close_block(std::size_t start);
  void option(std::uint16_t code, byte_view value);
  void put16(std::uint16_t value);
  void put32(std::uint32_t value);
  void pad();

  byte_buffer bytes_;
};

}  // namespace gauntlet::conformance
