#include <charconv>

#include "harness/auth/scram.hpp"
#include "harness/auth/scram_message.hpp"
#include "harness/base/base64.hpp"

namespace gauntlet::auth {
namespace {

// No channel binding, no authorization identity.
constexpr std::string_view header = "n,,";

scram_result<std::uint32_t> parse_iterations(std::string_view digits) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error == std::errc::invalid_argument || end != digits.data() + digits.size()) {
    return scram_error::malformed_message;
  }
  // How many are enough is the server's choice; too many would only stop us.
  if (error != std::errc{} || value == 0 || value > iterations_max) {
    return scram_error::iterations_out_of_range;
  }
  return static_cast<std::uint32_t>(value);
}

}  // namespace

scram_client::scram_client(std::string_view user_name, byte_view password, std::string nonce)
    : first_bare_("n=" + encode_name(user_name) + ",r=" + nonce),
      password_(password.begin(), password.end()),
      nonce_(std::move(nonce)) {}

std::string scram_client::first() const { return std::string(header) + first_bare_; }

scram_result<std::string> scram_client::respond(std::string_view message) {
  attribute_reader attributes(message);
  if (attributes.next_is('m')) return scram_error::extension_not_supported;
  if (attributes.next_is('e')) return scram_error::refused;
  const auto nonce = attributes.take('r');
  const auto salt_text = attributes.take('s');
  const auto count = attributes.take('i');
  if (!nonce || !salt_text || !count || !is_nonce(*nonce) || !attributes.only_extensions_left()) {
    return scram_error::malformed_message;
  }
  // The server must have added something of its own.
  if (!nonce->starts_with(nonce_) || nonce->size() == nonce_.size()) {
    return scram_error::nonce_differs;
  }
  const auto salt = from_base64(*salt_text);
  if (!salt || salt->empty()) return scram_error::malformed_message;
  const auto iterations = parse_iterations(*count);
  if (!iterations) return iterations.error();

  const std::string without_proof =
      "c=" + to_base64(as_bytes(header)) + ",r=" + std::string(*nonce);
  const std::string transcript = first_bare_ + "," + std::string(message) + "," + without_proof;
  const scram_keys keys = derive_scram_keys(password_, *salt, *iterations);
  const digest signature = keyed_hash(hash(keys.client_key), as_bytes(transcript));
  expected_signature_ = keyed_hash(keys.server_key, as_bytes(transcript));
  return without_proof + ",p=" + to_base64(exclusive_or(keys.client_key, signature));
}

scram_result<void> scram_client::finish(std::string_view message) const {
  attribute_reader attributes(message);
  if (attributes.next_is('e')) return scram_error::refused;
  const auto signature_text = attributes.take('v');
  const auto signature = signature_text ? decode_digest(*signature_text) : std::nullopt;
  if (!signature || !attributes.only_extensions_left()) return scram_error::malformed_message;
  if (!same_secret(*signature, expected_signature_)) return scram_error::wrong_signature;
  return {};
}

}  // namespace gauntlet::auth
