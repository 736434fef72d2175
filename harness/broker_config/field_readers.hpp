#pragma once

// Readers of the notations that several keys of the broker's file share.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

#include "harness/config/reader.hpp"

namespace gauntlet::broker_config {

/// A whole number of things, from `min`.
config::reader<std::size_t> count(std::size_t min, std::size_t max = 1'000'000'000'000);

/// A number of bytes with its unit, from `min`.
config::reader<std::size_t> bytes(std::size_t min, std::size_t max = std::size_t{1} << 50U);

/// A duration in whole seconds from 0 to `max_s`, kept as their number. `never`, if it is not 0, is
/// the number that the word "never" stands for.
template <class Int>
config::reader<Int> seconds(Int max_s, Int never = 0);

/// The two widths that MQTT has for seconds.
extern template config::reader<std::uint16_t> seconds(std::uint16_t, std::uint16_t);
extern template config::reader<std::uint32_t> seconds(std::uint32_t, std::uint32_t);

/// The path of a file or folder; may be empty.
config::reader<std::string> file_path();

}  // namespace gauntlet::broker_config
