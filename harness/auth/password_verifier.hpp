#pragma once

// What a server keeps in place of a password: enough to check it, and to run SCRAM-SHA-256 with it
// (RFC 5802 §3, RFC 7677), but not to log in with. The text form is PostgreSQL's:
//
//   SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>      salt and keys in base 64
//
// Passwords are taken as the bytes that they are. SASLprep (RFC 4013), which would make different
// spellings of the same text equal, is not done; for ASCII it would change nothing.

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/auth/secrets.hpp"
#include "harness/base/result.hpp"

namespace gauntlet::auth {

/// Fewest iterations that RFC 7677 §4 recommends; what make_verifier uses if nothing else is said.
inline constexpr std::uint32_t iterations_default = 4'096;
/// Most iterations that a verifier or a server may ask for: about a quarter of a second.
inline constexpr std::uint32_t iterations_max = 1'000'000;

/// Salt, iterations and the two keys derived from the password.
struct password_verifier {
  std::uint32_t iterations = iterations_default;  ///< iterations_default to iterations_max
  byte_buffer salt;                               ///< 1 to 1,024 bytes
  digest stored_key{};                            ///< proves that a client knows the password
  digest server_key{};                            ///< proves to the client that we have this
  friend bool operator==(const password_verifier&, const password_verifier&) = default;
};

/// ClientKey and ServerKey of a password (RFC 5802 §3).
struct scram_keys {
  digest client_key{};
  digest server_key{};
};

/// Costs `iterations` steps of PBKDF2.
scram_keys derive_scram_keys(byte_view password, byte_view salt, std::uint32_t iterations);

/// The verifier of a password, with 16 random bytes of salt.
password_verifier make_verifier(byte_view password, std::uint32_t iterations = iterations_default);
/// The same with a given salt.
password_verifier make_verifier(byte_view password, byte_view salt, std::uint32_t iterations);

/// Whether this is the password. Costs the verifier's iterations whatever the answer is. Zero bytes
/// at the end of a password do not count, since HMAC fills keys up with them.
bool verify_password(const password_verifier& verifier, byte_view password);

/// The text form.
std::string to_text(const password_verifier& verifier);

/// Whether `text` is meant to be a verifier and no plain password.
constexpr bool looks_like_verifier(std::string_view text) {
  return text.starts_with("SCRAM-SHA-256$");
}

/// Reads the text form. The failure says what is wrong with it, without repeating it.
outcome<password_verifier> parse_verifier(std::string_view text);

}  // namespace gauntlet::auth
