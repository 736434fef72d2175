#pragma once

// Private to the tls_*.cpp files: PEM files read with a clear word on what is wrong with them, and
// the certificate that we show, for all connections of a context or for one.

#include <optional>
#include <string>
#include <string_view>

#include <openssl/ssl.h>

#include "harness/base/result.hpp"

namespace gauntlet::net {

/// "certificate PATH: REASON".
failure file_failure(std::string_view what, const std::string& path, std::string reason);

/// The content of a file that holds a PEM block with `title`; `what` names the file in messages.
outcome<std::string> read_pem(std::string_view what, const std::string& path,
                              std::string_view title);

/// OpenSSL's complaint about a file that looks like PEM.
failure damaged(std::string_view what, const std::string& path);

/// Loads a certificate chain and its key; an empty `key_file` means that one file holds both.
std::optional<failure> load_identity(SSL_CTX* context, const std::string& certificate_file,
                                     const std::string& key_file);
/// The same for one connection alone.
std::optional<failure> load_identity(SSL* connection, const std::string& certificate_file,
                                     const std::string& key_file);

}  // namespace gauntlet::net
