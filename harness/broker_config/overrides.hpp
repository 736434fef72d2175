#pragma once

// Single keys given beside the file, as by flags of the command line. They are read by the same
// table as the file, so every key can be given this way.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.hpp"
#include "harness/broker_config/configuration.hpp"

namespace gauntlet::broker_config {

/// How a value is written.
enum class notation : std::uint8_t {
  yaml,    ///< as in the file
  scalar,  ///< a single number, word or quantity
  text,    ///< text as it is, whatever it looks like
};

/// A value for one key.
struct override_value {
  std::string key;  ///< with dots between the levels, such as "limits.connect_timeout"
  std::string value;
  std::string shown;  ///< what messages call it, such as "--connect-timeout"
  notation as = notation::yaml;
};

/// Values for a key that holds a list of scalars.
struct override_list {
  std::string key;
  std::vector<std::string> values;
  std::string shown;
};

/// Reads the value over what is there. The failure says what is wrong, under the name `shown`.
outcome<void> apply(configuration& to, const override_value& given);
/// Replaces a list of scalars.
outcome<void> apply(configuration& to, const override_list& given);

}  // namespace gauntlet::broker_config
