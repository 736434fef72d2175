#pragma once

// A compact form for moving figures between processes of one build: every number as a little-endian
// base-128 integer, since nearly all of them are small. Not a file format: it carries no version.

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/base/bytes.hpp"
#include "harness/base/event_loop.hpp"

namespace gauntlet {

/// Appends numbers and texts to a buffer.
class compact_writer {
 public:
  explicit compact_writer(byte_buffer& out) : out_(out) {}

  void number(std::uint64_t value);
  void text(std::string_view value);
  void flag(bool value) { number(value ? 1 : 0); }
  void time(time_point value) {
    number(static_cast<std::uint64_t>(value.time_since_epoch().count()));
  }

 private:
  byte_buffer& out_;
};

/// Reads them back in the same order. After the first one that is cut or too large every further
/// one is zero or empty, and failed() says so: check once, at the end.
class compact_reader {
 public:
  explicit compact_reader(byte_view bytes) : bytes_(bytes) {}

  bool failed() const { return failed_; }
  bool at_end() const { return bytes_.empty(); }
  /// Marks the input as damaged, for callers that see it by the values.
  void fail() { failed_ = true; }

  std::uint64_t number();
  /// How many entries follow. An entry takes at least one byte, so a larger number is damage.
  std::uint64_t count();
  std::uint32_t number32() { return static_cast<std::uint32_t>(number()); }
  std::uint16_t number16() { return static_cast<std::uint16_t>(number()); }
  bool flag() { return number() != 0; }
  std::string text();
  /// What has not been read yet.
  byte_view rest() const { return bytes_; }
  time_point time() { return time_point(duration(static_cast<std::int64_t>(number()))); }

 private:
  byte_view bytes_;
  bool failed_ = false;
};

}  // namespace gauntlet
