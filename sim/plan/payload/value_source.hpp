#pragma once

// Where a value of a payload comes from: a generator made ready.

#include <cstdint>
#include <variant>
#include <vector>

#include "harness/base/bytes.hpp"
#include "sim/plan/payload/message_context.hpp"
#include "sim/plan/payload/value.hpp"
#include "sim/scenario/payload_value.hpp"

namespace gauntlet::sim {

/// Appends a text of one message. `number` tells apart the values of one payload.
void append_text(const payload_text& text, const message_context& of, byte_buffer& out);

/// One value of a payload.
class value_source {
 public:
  /// `number` tells apart the values of one payload: each draws from a stream of its own.
  value_source(value_generator made, std::uint32_t number, const text_template& client_id);

  /// The text that this value is, or nullptr: then ask value().
  const payload_text* text() const;

  /// The value for a message; the same each time. Texts last as long as this and `digits`.
  payload_value value(const message_context& of, value_digits& digits) const;

 private:
  value_generator make_;
  std::uint32_t number_;
};

/// A Gaussian random walk with unit steps and W(0) = 0, at any place in O(log n) draws: the walk is
/// drawn at powers of two first and then refined between them.
double unit_walk(const stream_key& key, std::uint32_t at);

}  // namespace gauntlet::sim
