#pragma once

// What publications carry: documents in JSON, CBOR or MessagePack, text, binary layouts, random
// bytes, or files; and where their stamp stands.

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "harness/base/bytes.hpp"
#include "harness/base/event_loop.hpp"
#include "sim/scenario/payload_text.hpp"
#include "sim/scenario/payload_value.hpp"
#include "sim/scenario/text_template.hpp"

namespace gauntlet::sim {

/// Size of the stamp that messages carry (sim/plan/stamp.hpp), as bytes and as hexadecimal digits.
inline constexpr std::size_t stamp_size_bytes = 36;
inline constexpr std::size_t stamp_size_digits = 2 * stamp_size_bytes;
/// Size of the stamp of small binary payloads (sim/plan/compact_stamp.hpp).
inline constexpr std::size_t compact_stamp_size_bytes = 16;

/// Where the stamps of a publication's messages stand.
enum class stamp_place : std::uint8_t {
  payload,
  compact,        ///< in the payload, in 16 bytes; only binary payloads
  user_property,  ///< MQTT 5.0 only
  none,           ///< nowhere: the messages are counted where they arrive, and not judged
};

/// Text with placeholders, after a stamp of 72 hexadecimal digits and a space.
struct text_payload {
  payload_text text;
};

/// One value of a document, or an object or a list of them.
struct document_node {
  enum class shape : std::uint8_t { value, object, list };
  shape is = shape::value;
  value_generator value = constant_value{.literal = "null"};  ///< of a value
  std::vector<std::string> names;                             ///< of an object, beside `children`
  std::vector<document_node> children;
};

/// How a document is encoded.
enum class document_format : std::uint8_t { json, cbor, messagepack };

/// An object: first the stamp as member "_g", then these.
struct document_payload {
  document_format as = document_format::json;
  document_node root{.is = document_node::shape::object, .names = {}, .children = {}};
};

/// One field of a binary layout.
struct layout_field {
  enum class type : std::uint8_t {
    unsigned_integer,
    signed_integer,
    real,  ///< IEEE 754, 32 or 64 bits
    text,  ///< cut or filled up with zero bytes to the width; as long as it is if that is 0
    padding,
  };
  type as = type::padding;
  bool little_endian = false;
  std::uint32_t width_bits = 0;
  value_generator value = constant_value{.literal = "0"};  ///< of a number
  double factor = 1;                                       ///< the value is multiplied by it
  payload_text text;                                       ///< of a text
};

/// Fields one after the other, each beginning with the bit after the last one of the former. Whole
/// integers are of either byte order; bit fields fill bytes from the highest bit on.
struct layout_payload {
  std::vector<layout_field> fields;
};

/// How many bytes a payload has.
struct size_distribution {
  enum class shape : std::uint8_t { uniform, normal, choice };
  struct weighted {
    std::uint64_t size_bytes = 0;
    double weight = 1;
  };
  shape as = shape::uniform;
  std::uint64_t min_bytes = 64;  ///< the smallest size there is; of each shape
  std::uint64_t max_bytes = 64;
  double mean_bytes = 0;
  double stddev_bytes = 0;
  std::vector<weighted> choice;
};

/// Random bytes, beginning with the binary stamp.
struct random_payload {
  size_distribution size;
};

/// The bytes of files in turn, message by message.
struct file_payload {
  std::vector<std::string> names;
  std::shared_ptr<const std::vector<byte_buffer>> contents;
};

using payload_description =
    std::variant<text_payload, document_payload, layout_payload, random_payload, file_payload>;

}  // namespace gauntlet::sim
