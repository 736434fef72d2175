#pragma once

// Private to the tls_*.cpp files: OpenSSL's objects with owners, and its errors in our words.

#include <memory>
#include <string>

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace gauntlet::net {

struct openssl_deleter {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* connection) const { SSL_free(connection); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(BIO_METHOD* method) const { BIO_meth_free(method); }
};
template <class T>
using openssl_owner = std::unique_ptr<T, openssl_deleter>;

/// The subject of a certificate, such as "CN=broker,O=Example".
std::string subject_of(X509* certificate);

/// The common name in the subject of a certificate; empty if there is none, more than one, or one
/// with a null character, which could pass for a shorter one.
std::string common_name_of(X509* certificate);

/// What a code of OpenSSL's error queue says: "peer's alert: certificate required" for an alert,
/// otherwise OpenSSL's own reason.
std::string describe_openssl_error(unsigned long code);

}  // namespace gauntlet::net
