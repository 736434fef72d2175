#pragma once

// Base 64 with padding (RFC 4648 §4).

#include <optional>
#include <string>
#include <string_view>

#include "harness/base/bytes.hpp"

namespace gauntlet {

/// The letters for the values 0 to 63.
inline constexpr std::string_view base64_letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Four letters for each three bytes, padded with "=".
std::string to_base64(byte_view bytes);

/// The bytes again; nullopt if `text` is not exactly what to_base64 would have written for them.
std::optional<byte_buffer> from_base64(std::string_view text);

}  // namespace gauntlet
