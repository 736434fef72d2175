#include "harness/net/tls_identity.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include <openssl/err.h>

#include "harness/net/tls_openssl.hpp"

namespace gauntlet::net {
namespace {

int use_chain(SSL_CTX* into, const std::string& file) {
  return SSL_CTX_use_certificate_chain_file(into, file.c_str());
}
int use_chain(SSL* into, const std::string& file) {
  return SSL_use_certificate_chain_file(into, file.c_str());
}
int use_key(SSL_CTX* into, const std::string& file) {
  return SSL_CTX_use_PrivateKey_file(into, file.c_str(), SSL_FILETYPE_PEM);
}
int use_key(SSL* into, const std::string& file) {
  return SSL_use_PrivateKey_file(into, file.c_str(), SSL_FILETYPE_PEM);
}

template <class Into>
std::optional<failure> load(Into* into, const std::string& certificate_file,
                            const std::string& key_file) {
  const std::string& key = key_file.empty() ? certificate_file : key_file;
  ERR_clear_error();
  const auto certificate = read_pem("certificate", certificate_file, "CERTIFICATE");
  if (!certificate) return certificate.error();
  if (use_chain(into, certificate_file) != 1) {
    return damaged("certificate", certificate_file);
  }
  const auto content = read_pem("key", key, "PRIVATE KEY");
  if (!content) return content.error();
  if (content->find("ENCRYPTED") != std::string::npos) {
    return file_failure("key", key, "encrypted; only keys without a passphrase can be used");
  }
  if (use_key(into, key) == 1) {
    return std::nullopt;
  }
  if (ERR_GET_LIB(ERR_peek_last_error()) == ERR_LIB_X509) {
    ERR_clear_error();
    return file_failure("key", key, "does not belong to certificate " + certificate_file);
  }
  return damaged("key", key);
}

}  // namespace

failure file_failure(std::string_view what, const std::string& path, std::string reason) {
  return bad_input(std::string(what) + " " + path + ": " + std::move(reason));
}

// The content of a PEM file, once it is clear that it holds a block with `title`; OpenSSL's own
/// words for what is wrong differ from place to place and rarely help.
outcome<std::string> read_pem(std::string_view what, const std::string& path,
                              std::string_view title) {
  constexpr std::size_t bytes_max = 16U << 20U;
  std::string content;
  std::FILE* const file = std::fopen(path.c_str(), "rb");
  int error = file == nullptr ? errno : 0;
  while (error == 0 && content.size() < bytes_max) {
    std::array<char, 4096> part{};
    const std::size_t count = std::fread(part.data(), 1, part.size(), file);
    if (count == 0) {
      if (std::ferror(file) != 0) error = errno;
      break;
    }
    content.append(part.data(), count);
  }
  if (file != nullptr) std::fclose(file);
  if (error != 0) return file_failure(what, path, std::strerror(error));
  if (content.find(std::string(title) + "-----") == std::string::npos) {
    return file_failure(what, path, "no " + std::string(title) + " in PEM form");
  }
  return content;
}

/// OpenSSL's complaint about a file that looks like PEM.
failure damaged(std::string_view what, const std::string& path) {
  const std::string reason = describe_openssl_error(ERR_peek_error());
  ERR_clear_error();
  return file_failure(what, path, "damaged (" + reason + ")");
}

std::optional<failure> load_identity(SSL_CTX* context, const std::string& certificate_file,
                                     const std::string& key_file) {
  return load(context, certificate_file, key_file);
}

std::optional<failure> load_identity(SSL* connection, const std::string& certificate_file,
                                     const std::string& key_file) {
  return load(connection, certificate_file, key_file);
}

}  // namespace gauntlet::net
