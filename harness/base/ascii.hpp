#pragma once

// Questions about single characters that no locale answers.

namespace gauntlet {

/// Whether it is one of 0 to 9.
constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

}  // namespace gauntlet
