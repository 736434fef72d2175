#pragma once

// The value that a parameter of a file has in one combination.

#include <span>
#include <string>

namespace gauntlet::config {

struct parameter_value {
  std::string name;
  std::string value;  ///< as text
  bool operator==(const parameter_value&) const = default;
};

/// "qos=1, devices=100".
std::string to_string(std::span<const parameter_value> values);

}  // namespace gauntlet::config
