#include "harness/auth/password_verifier.hpp"

#include <charconv>
#include <optional>

#include "harness/auth/scram_message.hpp"
#include "harness/base/base64.hpp"

namespace gauntlet::auth {
namespace {

constexpr std::string_view scheme = "SCRAM-SHA-256$";
constexpr std::size_t salt_size_new = 16;
constexpr std::size_t salt_size_max = 1'024;

// What comes before `delimiter`, which is removed from `rest` too; nullopt if it is not there.
std::optional<std::string_view> take_until(std::string_view& rest, char delimiter) {
  const std::size_t at = rest.find(delimiter);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view taken = rest.substr(0, at);
  rest.remove_prefix(at + 1);
  return taken;
}

std::optional<std::uint32_t> parse_iterations(std::string_view digits) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  if (value < iterations_default || value > iterations_max) return std::nullopt;
  return value;
}

}  // namespace

scram_keys derive_scram_keys(byte_view password, byte_view salt, std::uint32_t iterations) {
  const digest salted = derive_key(password, salt, iterations);
  return {.client_key = keyed_hash(salted, as_bytes("Client Key")),
          .server_key = keyed_hash(salted, as_bytes("Server Key"))};
}

password_verifier make_verifier(byte_view password, std::uint32_t iterations) {
  byte_buffer salt(salt_size_new);
  draw_random(salt);
  return make_verifier(password, salt, iterations);
}

password_verifier make_verifier(byte_view password, byte_view salt, std::uint32_t iterations) {
  const scram_keys keys = derive_scram_keys(password, salt, iterations);
  return {.iterations = iterations,
          .salt = byte_buffer(salt.begin(), salt.end()),
          .stored_key = hash(keys.client_key),
          .server_key = keys.server_key};
}

bool verify_password(const password_verifier& verifier, byte_view password) {
  const scram_keys keys = derive_scram_keys(password, verifier.salt, verifier.iterations);
  return same_secret(hash(keys.client_key), verifier.stored_key);
}

std::string to_text(const password_verifier& verifier) {
  return std::string(scheme) + std::to_string(verifier.iterations) + ":" +
         to_base64(verifier.salt) + "$" + to_base64(verifier.stored_key) + ":" +
         to_base64(verifier.server_key);
}

outcome<password_verifier> parse_verifier(std::string_view text) {
  if (!looks_like_verifier(text)) {
    return bad_input("a password verifier starts with 'SCRAM-SHA-256$'");
  }
  text.remove_prefix(scheme.size());
  const auto count = take_until(text, ':');
  const auto salt_text = take_until(text, '$');
  const auto stored_text = take_until(text, ':');
  if (!count || !salt_text || !stored_text) {
    return bad_input(
        "a password verifier reads SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>");
  }
  const auto iterations = parse_iterations(*count);
  if (!iterations) {
    return bad_input("the iterations of a password verifier are a number from " +
                     std::to_string(iterations_default) + " to " + std::to_string(iterations_max));
  }
  auto salt = from_base64(*salt_text);
  if (!salt || salt->empty() || salt->size() > salt_size_max) {
    return bad_input("the salt of a password verifier is 1 to 1024 bytes in base 64");
  }
  const auto stored_key = decode_digest(*stored_text);
  const auto server_key = decode_digest(text);
  if (!stored_key || !server_key) {
    return bad_input("the keys of a password verifier are 32 bytes each in base 64");
  }
  return password_verifier{.iterations = *iterations,
                           .salt = std::move(*salt),
                           .stored_key = *stored_key,
                           .server_key = *server_key};
}

}  // namespace gauntlet::auth
