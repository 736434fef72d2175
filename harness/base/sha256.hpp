#pragma once

// SHA-256 (FIPS 180-4), to compare plans and files. Not for secrets: no effort against timing.

#include <array>
#include <cstdint>
#include <string>

#include "harness/base/bytes.hpp"

namespace gauntlet {

using sha256_digest = std::array<std::uint8_t, 32>;

/// Hashes bytes that come in pieces.
class sha256 {
 public:
  sha256();

  void update(byte_view bytes);

  /// The digest of everything so far; the hasher must not be used afterwards.
  sha256_digest finish();

 private:
  void process_block(const std::uint8_t* block);

  std::array<std::uint32_t, 8> state_;
  std::array<std::uint8_t, 64> pending_{};
  std::uint64_t size_bytes_ = 0;
};

/// The digest of one run of bytes.
sha256_digest sha256_of(byte_view bytes);

/// 64 lower-case hexadecimal digits.
std::string digest_text(const sha256_digest& digest);

}  // namespace gauntlet
