#include "harness/net/websocket_digest.hpp"

#include <openssl/evp.h>

#include "harness/base/assert.hpp"

namespace gauntlet::net {

std::array<std::uint8_t, 20> sha1(byte_view bytes) {
  std::array<std::uint8_t, 20> digest{};
  unsigned size = 0;
  const int done =
      EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha1(), nullptr);
  GAUNTLET_ASSERT(done == 1 && size == digest.size());
  return digest;
}

}  // namespace gauntlet::net
