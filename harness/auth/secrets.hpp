#pragma once

// The cryptography that authentication stands on: keyed digests, password hashing, unpredictable
// bytes, comparison in constant time. OpenSSL does the work.

#include <array>
#include <cstdint>
#include <span>

#include "harness/base/bytes.hpp"

namespace gauntlet::auth {

/// 32 bytes: a SHA-256 digest, or a key made of one.
using digest = std::array<std::uint8_t, 32>;

/// SHA-256 of something secret.
digest hash(byte_view bytes);

/// HMAC-SHA-256 (RFC 2104).
digest keyed_hash(byte_view key, byte_view bytes);

/// PBKDF2 with HMAC-SHA-256 (RFC 8018 §5.2), 32 bytes. Takes about a quarter of a microsecond for
/// each of the `iterations`, which must be at least 1.
digest derive_key(byte_view password, byte_view salt, std::uint32_t iterations);

/// Fills `bytes` with what nobody can predict. Not repeatable: only for secrets, nonces and salts,
/// never for anything that a run has to reproduce from its seed.
void draw_random(std::span<std::uint8_t> bytes);

/// Whether both are the same; takes a time that depends on the sizes alone.
bool same_secret(byte_view a, byte_view b);

}  // namespace gauntlet::auth
