#pragma once

// Private to the websocket_*.cpp files: the digest that the WebSocket handshake asks for.

#include <array>
#include <cstdint>

#include "harness/base/bytes.hpp"

namespace gauntlet::net {

/// SHA-1, for ws::sha1_function.
std::array<std::uint8_t, 20> sha1(byte_view bytes);

}  // namespace gauntlet::net
