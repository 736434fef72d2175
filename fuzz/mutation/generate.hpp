#pragma once

// Inputs from nothing, in two profiles that find different things.

#include "fuzz/input/input.hpp"
#include "harness/base/seeded_stream.hpp"

namespace gauntlet::fuzz {

/// What an input is to look like.
enum class profile : std::uint8_t {
  breadth,  ///< 2 to 8 packets on one or two connections, often broken: reaches the parser's
            ///< corners
  depth,    ///< up to 48 steps on up to 4 connections, mostly legal: reaches what needs state
};

/// An input of that profile. Each connection begins with a CONNECT, of either version, as a rule.
input generate(seeded_stream& draws, profile wanted);

}  // namespace gauntlet::fuzz
