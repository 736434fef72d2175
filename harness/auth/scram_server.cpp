#include "harness/auth/scram.hpp"
#include "harness/auth/scram_message.hpp"
#include "harness/base/base64.hpp"

namespace gauntlet::auth {
namespace {

// What the client says before its message proper, "n,," as a rule (RFC 5802 §7, gs2-header).
struct first_message {
  std::string_view header;  ///< with the comma at its end
  std::string_view authorization_identity;
  std::string_view bare;
};

scram_result<first_message> split_first(std::string_view message) {
  const std::size_t flag_end = message.find(',');
  if (flag_end == std::string_view::npos) return scram_error::malformed_message;
  const std::string_view flag = message.substr(0, flag_end);
  if (flag.starts_with("p=")) return scram_error::channel_binding_not_supported;
  // "y": the client could bind, and thinks that we cannot, which is true.
  if (flag != "n" && flag != "y") return scram_error::malformed_message;
  const std::size_t header_end = message.find(',', flag_end + 1);
  if (header_end == std::string_view::npos) return scram_error::malformed_message;
  std::string_view identity = message.substr(flag_end + 1, header_end - flag_end - 1);
  if (!identity.empty()) {
    if (!identity.starts_with("a=") || identity.size() == 2) return scram_error::malformed_message;
    identity.remove_prefix(2);
  }
  return first_message{.header = message.substr(0, header_end + 1),
                       .authorization_identity = identity,
                       .bare = message.substr(header_end + 1)};
}

}  // namespace

std::string_view to_string(scram_error error) {
  switch (error) {
    case scram_error::malformed_message:
      return "the message is malformed";
    case scram_error::extension_not_supported:
      return "a mandatory extension is not supported";
    case scram_error::channel_binding_not_supported:
      return "channel binding is not supported";
    case scram_error::channel_binding_differs:
      return "the channel binding is not that of the first message";
    case scram_error::authorization_not_supported:
      return "to act as another user is not supported";
    case scram_error::nonce_differs:
      return "the nonce is not that of this exchange";
    case scram_error::wrong_proof:
      return "the user name or the proof is wrong";
    case scram_error::wrong_signature:
      return "the server's signature is wrong";
    case scram_error::iterations_out_of_range:
      return "the number of iterations is out of range";
    case scram_error::refused:
      return "the server has refused";
  }
  return "";
}

std::string draw_nonce() {
  std::array<std::uint8_t, 18> bytes{};
  draw_random(bytes);
  return to_base64(bytes);
}

scram_result<std::string> scram_server::read_first(std::string_view message) {
  const auto parts = split_first(message);
  if (!parts) return parts.error();
  attribute_reader attributes(parts->bare);
  if (attributes.next_is('m')) return scram_error::extension_not_supported;
  const auto encoded_name = attributes.take('n');
  const auto client_nonce = attributes.take('r');
  if (!encoded_name || !client_nonce || !is_nonce(*client_nonce) ||
      !attributes.only_extensions_left()) {
    return scram_error::malformed_message;
  }
  const auto name = decode_name(*encoded_name);
  if (!name) return scram_error::malformed_message;
  if (!parts->authorization_identity.empty() && parts->authorization_identity != *encoded_name) {
    return scram_error::authorization_not_supported;
  }
  nonce_.insert(0, *client_nonce);
  channel_binding_ = to_base64(as_bytes(parts->header));
  transcript_ = std::string(parts->bare) + ",";
  return *name;
}

std::string scram_server::challenge(const password_verifier& verifier) {
  stored_key_ = verifier.stored_key;
  server_key_ = verifier.server_key;
  const std::string message = "r=" + nonce_ + ",s=" + to_base64(verifier.salt) +
                              ",i=" + std::to_string(verifier.iterations);
  transcript_ += message + ",";
  return message;
}

scram_result<std::string> scram_server::finish(std::string_view message) {
  // The proof is the last attribute, and what it proves is all before it.
  const std::size_t proof_at = message.rfind(",p=");
  if (proof_at == std::string_view::npos) return scram_error::malformed_message;
  const std::string_view proven = message.substr(0, proof_at);
  const auto proof = decode_digest(message.substr(proof_at + 3));
  attribute_reader attributes(proven);
  const auto binding = attributes.take('c');
  const auto nonce = attributes.take('r');
  if (!proof || !binding || !nonce || !attributes.only_extensions_left()) {
    return scram_error::malformed_message;
  }
  if (*binding != channel_binding_) return scram_error::channel_binding_differs;
  if (*nonce != nonce_) return scram_error::nonce_differs;
  transcript_ += proven;
  const digest signature = keyed_hash(stored_key_, as_bytes(transcript_));
  if (!same_secret(hash(exclusive_or(*proof, signature)), stored_key_)) {
    return scram_error::wrong_proof;
  }
  return "v=" + to_base64(keyed_hash(server_key_, as_bytes(transcript_)));
}

}  // namespace gauntlet::auth
