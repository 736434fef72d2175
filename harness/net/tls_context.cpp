#include "harness/net/tls_context.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string_view>

#include <openssl/err.h>

#include "harness/base/bytes.hpp"
#include "harness/net/channel_layers.hpp"
#include "harness/net/tls_identity.hpp"

namespace gauntlet::net {
namespace {

// What our listeners choose if a client offers it, in the wire form of RFC 7301: "mqtt" as
// registered by IANA, and HTTP for the upgrade of secure WebSocket.
constexpr std::string_view served_protocols = "\x04mqtt\x08http/1.1";

int to_openssl(tls_version version) {
  return version == tls_version::tls1_2 ? TLS1_2_VERSION : TLS1_3_VERSION;
}

/// Never asks a terminal for the passphrase of an encrypted key.
int no_passphrase(char*, int, int, void*) { return -1; }

openssl_owner<SSL_CTX> make_context(const SSL_METHOD* method) {
  openssl_owner<SSL_CTX> context(SSL_CTX_new(method));
  if (context == nullptr) return context;
  // RELEASE_BUFFERS is what keeps an idle connection small: without it 34 KB of record buffers
  // stay. The other two let the channel move and extend its backlog between attempts.
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_default_passwd_cb(context.get(), no_passphrase);
  return context;
}

std::optional<failure> set_versions(SSL_CTX* context, tls_version min, tls_version max) {
  if (min > max) return bad_input("the oldest TLS version to offer is newer than the newest");
  SSL_CTX_set_min_proto_version(context, to_openssl(min));
  SSL_CTX_set_max_proto_version(context, to_openssl(max));
  return std::nullopt;
}

/// Trusts the certificates of `ca_file`.
std::optional<failure> load_trust(SSL_CTX* context, const std::string& ca_file) {
  ERR_clear_error();
  const auto content = read_pem("CA file", ca_file, "CERTIFICATE");
  if (!content) return content.error();
  if (SSL_CTX_load_verify_file(context, ca_file.c_str()) == 1) return std::nullopt;
  return damaged("CA file", ca_file);
}

std::optional<failure> offer_protocol(SSL_CTX* context, const std::string& alpn) {
  if (alpn.empty()) return std::nullopt;
  if (alpn.size() > 255) return bad_input("the ALPN protocol is longer than 255 bytes");
  byte_buffer wire = {static_cast<std::uint8_t>(alpn.size())};
  const byte_view name = as_bytes(alpn);
  wire.insert(wire.end(), name.begin(), name.end());
  SSL_CTX_set_alpn_protos(context, wire.data(), static_cast<unsigned>(wire.size()));
  return std::nullopt;
}

int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_size,
                    const unsigned char* offered, unsigned offered_size, void*) {
  const byte_view served = as_bytes(served_protocols);
  unsigned char* found = nullptr;
  const int overlap =
      SSL_select_next_proto(&found, chosen_size, served.data(),
                            static_cast<unsigned>(served.size()), offered, offered_size);
  *chosen = found;
  // A client that offers other protocols is served as if it had offered none (RFC 7301 §3.2 leaves
  // that to the server).
  return overlap == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

failure out_of_memory() {
  return {exit_code::internal_error, "OpenSSL could not make a TLS context"};
}

}  // namespace

outcome<std::shared_ptr<tls_client_context>> make_tls_client_context(
    const tls_client_options& options) {
  auto made = std::make_shared<tls_client_context>();
  made->ssl = make_context(TLS_client_method());
  made->server_name = options.server_name;
  made->insecure = options.insecure;
  SSL_CTX* const context = made->ssl.get();
  if (context == nullptr) return out_of_memory();
  if (auto wrong = set_versions(context, options.version_min, options.version_max)) return *wrong;
  if (auto wrong = offer_protocol(context, options.alpn)) return *wrong;
  if (!options.ca_file.empty()) {
    if (auto wrong = load_trust(context, options.ca_file)) return *wrong;
  } else if (!options.insecure) {
    SSL_CTX_set_default_verify_paths(context);
  }
  if (!options.certificate_file.empty()) {
    if (auto wrong = load_identity(context, options.certificate_file, options.key_file)) {
      return *wrong;
    }
  } else if (!options.key_file.empty()) {
    return bad_input("key " + options.key_file + ": the certificate for it is not given");
  }
  return made;
}

outcome<std::shared_ptr<tls_server_context>> make_tls_server_context(
    const tls_server_options& options) {
  auto made = std::make_shared<tls_server_context>();
  made->ssl = make_context(TLS_server_method());
  SSL_CTX* const context = made->ssl.get();
  if (context == nullptr) return out_of_memory();
  if (auto wrong = set_versions(context, options.version_min, options.version_max)) return *wrong;
  if (auto wrong = load_identity(context, options.certificate_file, options.key_file)) {
    return *wrong;
  }
  // Sessions are not resumed, so nothing is kept for it: neither here nor, as tickets, at the
  // client, where each ticket costs memory for the life of the connection.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  if (!options.client_ca_file.empty()) {
    if (auto wrong = load_trust(context, options.client_ca_file)) return *wrong;
    SSL_CTX_set_client_CA_list(context, SSL_load_client_CA_file(options.client_ca_file.c_str()));
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  return made;
}

}  // namespace gauntlet::net
