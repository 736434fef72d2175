#pragma once

// Texts of payloads: templates with more placeholders than names have, as they differ from message
// to message: {sequence}, {time} and {sensor:NAME}.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/units.hpp"
#include "harness/config/reader.hpp"
#include "sim/scenario/text_template.hpp"

namespace gauntlet::sim {

/// A parsed text of a payload.
class payload_text {
 public:
  /// What differs from message to message.
  enum class insert : std::uint8_t {
    nothing,
    sequence,  ///< the number of the message within its stream, from 0
    time,      ///< when it is scheduled, in ISO 8601, as of timestamp_signal
    sensor,    ///< the value of a sensor of the device
  };
  /// Text that is the same for all messages of a device, then an insert.
  struct piece {
    text_template before;
    insert what = insert::nothing;
    std::string sensor;  ///< its name
  };

  /// The empty text.
  payload_text() = default;

  /// Parses; the error says which placeholders there are.
  static unit_result<payload_text> parse(std::string_view source);

  /// The text as the user wrote it.
  const std::string& source() const { return source_; }
  const std::vector<piece>& pieces() const { return pieces_; }

  /// The same with the template of client identifiers in the place of {client_id}.
  payload_text with_client_id(const text_template& client_id) const;

 private:
  std::string source_;
  std::vector<piece> pieces_;
};

/// Reads a text of at least `length_min` bytes as written.
config::reader<payload_text> payload_text_reader(std::size_t length_min = 0);

}  // namespace gauntlet::sim
