#pragma once

// A name space for each execution: client identifiers and topics of an input hold a token that is
// replaced by a number of the same width, so that sessions and retained messages of one execution
// mean nothing to the next, and the same input does the same again.

#include <cstdint>
#include <string_view>

#include "fuzz/input/input.hpp"
#include "harness/base/bytes.hpp"

namespace gauntlet::fuzz {

/// Stands for the name space in the bytes of inputs.
inline constexpr std::string_view name_space_token = "@@@@@@@@";

/// Writes `bytes` to `out`, replacing what was there, with each token as the eight hexadecimal
/// digits of `number`. No length changes.
void enter_name_space(byte_view bytes, std::uint32_t number, byte_buffer& out);

/// The input as it goes over the wire in that name space: what judges it looks at this.
input in_name_space(input of, std::uint32_t number);

}  // namespace gauntlet::fuzz
