#pragma once

// The small language in which values are computed from the sensors of a device:
//     temperature * 1.8 + 32
//     if(state == "running" and load > 0.5, 900 + 20 * load, 15)
// Operators from weak to strong: or; and; not; == != < <= > >=; + -; * / %; - (sign); ^ (power).
// Words: names of sensors (position.lat for a member), time (seconds since the start), hour (of the
// day, 0 to 24), index (of the device within its group), pi, true, false, null, "texts".
// Functions: abs ceil cos exp floor log round sign sin sqrt, min max pow, clamp(x, low, high),
// if(condition, then, else). A missing value (null) makes all that is computed from it null.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "harness/base/units.hpp"

namespace gauntlet::sim {

/// A number with the count of decimals in which it is written.
struct decimal_number {
  double value = 0;
  std::uint8_t decimals = 0;
  bool operator==(const decimal_number&) const = default;
};

/// A value written down in a file: null, true or false, a whole number, a number, a text.
using literal_value = std::variant<std::monostate, bool, std::int64_t, decimal_number, std::string>;

/// An expression, parsed. Cheap to copy.
class expression {
 public:
  /// What one node of the tree computes from its operands.
  enum class operation : std::uint8_t {
    literal,
    sensor,
    time,
    hour,
    index,
    logical_or,
    logical_and,
    logical_not,
    equal,
    unequal,
    less,
    less_equal,
    greater,
    greater_equal,
    add,
    subtract,
    multiply,
    divide,
    remainder,
    negate,
    power,
    abs,
    ceil,
    cos,
    exp,
    floor,
    log,
    round,
    sign,
    sin,
    sqrt,
    min,
    max,
    clamp,
    choose,
  };

  struct node {
    operation does = operation::literal;
    std::uint32_t first = 0;  ///< of its operands; for a sensor, index into sensors()
    std::uint8_t count = 0;   ///< of operands, which stand one behind the other in operands()
    std::uint32_t column = 1;
    literal_value value;  ///< of a literal
  };

  /// A sensor that is named, and where in the text (from 1).
  struct use {
    std::string sensor;
    std::string member;
    std::uint32_t column = 1;
  };

  expression() = default;

  /// Parses; the error is a sentence with the column.
  static unit_result<expression> parse(std::string_view source);

  const std::string& source() const { return parsed_->source; }
  /// All nodes, operands before the operations on them; the last one is the whole.
  const std::vector<node>& nodes() const { return parsed_->nodes; }
  /// Indices into nodes().
  const std::vector<std::uint32_t>& operands() const { return parsed_->operands; }
  /// Each place where a sensor is named.
  const std::vector<use>& sensors() const { return parsed_->sensors; }

 private:
  struct tree {
    std::string source = "null";
    std::vector<node> nodes{node{}};
    std::vector<std::uint32_t> operands;
    std::vector<use> sensors;
  };

  friend class expression_parser;
  std::shared_ptr<const tree> parsed_ = std::make_shared<const tree>();
};

/// Whether a name has a meaning of its own in expressions, so that no sensor can have it.
bool is_expression_word(std::string_view name);

}  // namespace gauntlet::sim
