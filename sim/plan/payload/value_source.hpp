#pragma once

// Where values and texts of a payload come from, made ready.

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "harness/base/bytes.hpp"
#include "sim/plan/payload/message_context.hpp"
#include "sim/plan/payload/value.hpp"
#include "sim/plan/signals/signal_plan.hpp"
#include "sim/scenario/payload_value.hpp"

namespace gauntlet::sim {

/// What a publication's group gives its payloads.
struct group_parts {
  const text_template& client_id;
  std::span<const sensor> sensors;
};

/// A text of a payload made ready.
class text_source {
 public:
  /// The empty text.
  text_source() = default;
  /// The sensors that it names are among those of the group.
  text_source(const payload_text& text, const group_parts& group);

  bool empty() const { return text_.pieces().empty(); }
  /// Appends the text of one message.
  void append(const message_context& of, byte_buffer& out) const;

 private:
  payload_text text_;
  std::vector<sensor_use> uses_;  // beside the pieces; of those that insert a sensor
};

/// One value of a payload.
class value_source {
 public:
  /// `number` tells apart the values of one payload: each draws from a stream of its own.
  value_source(const value_generator& made, std::uint32_t number, const group_parts& group);

  /// The text that this value is, or nullptr: then ask value().
  const text_source* text() const;

  /// The value for a message; the same each time. Texts last as long as this and `digits`.
  payload_value value(const message_context& of, value_digits& digits) const;

 private:
  std::variant<text_source, std::string, signal_plan> make_;  // the second a literal
  std::uint32_t number_;
};

}  // namespace gauntlet::sim
