#pragma once

// The one question about text that framing has to ask.

#include "harness/base/bytes.hpp"

namespace gauntlet::ws {

/// Whether the bytes are UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above
/// U+10FFFF.
bool is_utf8(byte_view bytes);

}  // namespace gauntlet::ws
