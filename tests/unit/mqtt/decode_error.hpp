#pragma once

// A packet that breaks one rule, and the whole error that has to come of it.

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "harness/mqtt/codec.hpp"
#include "tests/unit/mqtt/golden_packets.hpp"

namespace gauntlet::mqtt {

constexpr auto malformed = error_kind::malformed_packet;
constexpr auto breach = error_kind::protocol_error;

/// One row of a table of malformed inputs.
struct broken_packet {
  std::string_view bytes;  ///< as wire() takes them
  std::size_t offset;
  error_kind kind;
  std::string_view section;
  std::string_view statement;
  std::string_view subject;
  /// 0x81 for malformed packets and 0x82 for protocol errors, if not given.
  std::optional<mqtt::reason_code> reason_code{};
};

/// Decodes each row as a packet of this version and sender and compares the error.
inline void expect_errors(const std::vector<broken_packet>& rows, protocol_version version,
                          sender from) {
  for (const broken_packet& row : rows) {
    SCOPED_TRACE(row.bytes);
    const auto decoded = decode(wire(row.bytes), version, from);
    if (decoded.has_value()) {
      ADD_FAILURE() << "was accepted";
      continue;
    }
    const decode_error& error = decoded.error();
    SCOPED_TRACE(describe(error));
    EXPECT_EQ(error.offset, row.offset);
    EXPECT_EQ(error.kind, row.kind);
    EXPECT_EQ(error.section, row.section);
    EXPECT_EQ(error.statement, row.statement);
    EXPECT_EQ(error.subject, row.subject);
    EXPECT_EQ(error.version, version);
    const auto by_kind =
        row.kind == malformed ? reason_code::malformed_packet : reason_code::protocol_error;
    EXPECT_EQ(reason_code_name(error.reason_code),
              reason_code_name(row.reason_code.value_or(by_kind)));
  }
}

}  // namespace gauntlet::mqtt
