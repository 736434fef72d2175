#include "harness/auth/secrets.hpp"

#include <memory>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include "harness/base/assert.hpp"

namespace gauntlet::auth {
namespace {

struct deleter {
  void operator()(EVP_KDF* function) const { EVP_KDF_free(function); }
  void operator()(EVP_KDF_CTX* context) const { EVP_KDF_CTX_free(context); }
};
template <class T>
using owner = std::unique_ptr<T, deleter>;

// OpenSSL takes parameters as pointers to non-const, and does not write through them.
OSSL_PARAM octets(const char* name, byte_view bytes) {
  static constexpr std::uint8_t nothing = 0;
  const std::uint8_t* const data = bytes.empty() ? &nothing : bytes.data();
  return OSSL_PARAM_construct_octet_string(name, const_cast<std::uint8_t*>(data), bytes.size());
}

}  // namespace

digest hash(byte_view bytes) {
  digest made{};
  const int done =
      EVP_Digest(bytes.data(), bytes.size(), made.data(), nullptr, EVP_sha256(), nullptr);
  GAUNTLET_ASSERT(done == 1);
  return made;
}

digest keyed_hash(byte_view key, byte_view bytes) {
  // A null key would make OpenSSL use the one of an earlier call.
  static constexpr std::uint8_t nothing = 0;
  const std::uint8_t* const key_data = key.empty() ? &nothing : key.data();
  digest made{};
  unsigned size = 0;
  const auto* const done = HMAC(EVP_sha256(), key_data, static_cast<int>(key.size()), bytes.data(),
                                bytes.size(), made.data(), &size);
  GAUNTLET_ASSERT(done != nullptr && size == made.size());
  return made;
}

digest derive_key(byte_view password, byte_view salt, std::uint32_t iterations) {
  GAUNTLET_ASSERT(iterations > 0);
  const owner<EVP_KDF> function(EVP_KDF_fetch(nullptr, "PBKDF2", nullptr));
  GAUNTLET_ASSERT(function != nullptr);
  const owner<EVP_KDF_CTX> context(EVP_KDF_CTX_new(function.get()));
  GAUNTLET_ASSERT(context != nullptr);
  char digest_name[] = "SHA256";
  int any_size = 1;  // no lower limits: salt and iterations are chosen elsewhere
  const OSSL_PARAM parameters[] = {
      octets(OSSL_KDF_PARAM_PASSWORD, password),
      octets(OSSL_KDF_PARAM_SALT, salt),
      OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_ITER, &iterations),
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest_name, 0),
      OSSL_PARAM_construct_int(OSSL_KDF_PARAM_PKCS5, &any_size),
      OSSL_PARAM_construct_end(),
  };
  digest made{};
  const int done = EVP_KDF_derive(context.get(), made.data(), made.size(), parameters);
  GAUNTLET_ASSERT(done == 1);
  return made;
}

void draw_random(std::span<std::uint8_t> bytes) {
  const int done = RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
  GAUNTLET_ASSERT(done == 1);
}

bool same_secret(byte_view a, byte_view b) {
  return a.size() == b.size() && (a.empty() || CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0);
}

}  // namespace gauntlet::auth
