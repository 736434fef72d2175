#include "harness/net/certificate_authority.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <utility>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "harness/base/assert.hpp"

namespace gauntlet::net {
namespace {

struct deleter {
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using certificate_owner = std::unique_ptr<X509, deleter>;
using key_owner = std::unique_ptr<EVP_PKEY, deleter>;
using file_owner = std::unique_ptr<std::FILE, deleter>;

/// Who signs: with no certificate, the new certificate signs itself.
struct signer {
  X509* certificate = nullptr;
  EVP_PKEY* key = nullptr;
};

constexpr long day_s = 24 * 60 * 60;
// RFC 5280 appendix A.1, ub-common-name.
constexpr std::size_t common_name_max = 64;

key_owner make_key() {
  key_owner key(EVP_EC_gen("P-256"));
  GAUNTLET_ASSERT(key != nullptr);
  return key;
}

bool add_extension(X509* certificate, X509* issuer, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str());
  if (extension == nullptr) return false;
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
  return true;
}

std::string alternative_names(const certificate_request& request) {
  std::string names;
  for (const std::string& name : request.host_names) names += ",DNS:" + name;
  for (const std::string& address : request.addresses) names += ",IP:" + address;
  return names.empty() ? names : names.substr(1);
}

outcome<certificate_owner> make_certificate(const certificate_request& request, EVP_PKEY* key,
                                            signer by, bool is_authority) {
  if (request.common_name.size() > common_name_max) {
    return bad_input("'" + request.common_name +
                     "' is too long for the name in a certificate, which has at most " +
                     std::to_string(common_name_max) + " bytes");
  }
  certificate_owner made(X509_new());
  X509* const certificate = made.get();
  X509_set_version(certificate, X509_VERSION_3);
  std::uint64_t serial = 0;
  GAUNTLET_ASSERT(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1U);
  X509_gmtime_adj(X509_getm_notBefore(certificate), request.valid_from_days * day_s);
  X509_gmtime_adj(X509_getm_notAfter(certificate), request.valid_to_days * day_s);
  X509_set_pubkey(certificate, key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(request.common_name.c_str()),
                             -1, -1, 0);
  X509* const issuer = by.certificate != nullptr ? by.certificate : certificate;
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
  add_extension(certificate, issuer, NID_basic_constraints,
                is_authority ? "critical,CA:TRUE" : "CA:FALSE");
  add_extension(certificate, issuer, NID_subject_key_identifier, "hash");
  const std::string names = is_authority ? "" : alternative_names(request);
  if (!names.empty() && !add_extension(certificate, issuer, NID_subject_alt_name, names)) {
    return bad_input("no certificate can hold these names: " + names);
  }
  GAUNTLET_ASSERT(X509_sign(certificate, by.key, EVP_sha256()) > 0);
  return made;
}

failure not_written(const std::string& path, const std::string& reason) {
  return environment_failed("cannot write " + path + ": " + reason);
}

template <class Write>
outcome<void> write_file(const std::string& path, mode_t permissions, Write write) {
  std::error_code folder_error;
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  if (!folder.empty()) std::filesystem::create_directories(folder, folder_error);
  if (folder_error) return not_written(path, folder_error.message());
  const int descriptor =
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, permissions);
  if (descriptor < 0) return not_written(path, std::strerror(errno));
  const file_owner file(::fdopen(descriptor, "w"));
  if (write(file.get()) != 1 || std::fflush(file.get()) != 0) {
    return not_written(path, std::strerror(errno));
  }
  return {};
}

outcome<void> write_identity(X509* certificate, EVP_PKEY* key, const identity_files& into) {
  const auto written = write_file(into.certificate_file, 0644, [&](std::FILE* file) {
    return PEM_write_X509(file, certificate);
  });
  if (!written) return written.error();
  return write_file(into.key_file, 0600, [&](std::FILE* file) {
    return PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
  });
}

}  // namespace

struct certificate_authority::state {
  key_owner key;
  certificate_owner certificate;
};

certificate_authority::certificate_authority(std::unique_ptr<state> made)
    : state_(std::move(made)) {}
certificate_authority::certificate_authority(certificate_authority&&) noexcept = default;
certificate_authority::~certificate_authority() = default;

outcome<certificate_authority> certificate_authority::make(const std::string& common_name,
                                                           int valid_to_days,
                                                           const identity_files& into) {
  auto made = std::make_unique<state>(state{make_key(), nullptr});
  auto certificate =
      make_certificate({.common_name = common_name, .valid_to_days = valid_to_days},
                       made->key.get(), {.certificate = nullptr, .key = made->key.get()}, true);
  if (!certificate) return certificate.error();
  made->certificate = std::move(*certificate);
  const auto written = write_identity(made->certificate.get(), made->key.get(), into);
  if (!written) return written.error();
  return certificate_authority(std::move(made));
}

outcome<void> certificate_authority::issue(const certificate_request& request,
                                           const identity_files& into) const {
  const key_owner key = make_key();
  auto certificate =
      make_certificate(request, key.get(),
                       {.certificate = state_->certificate.get(), .key = state_->key.get()}, false);
  if (!certificate) return certificate.error();
  return write_identity(certificate->get(), key.get(), into);
}

outcome<void> make_self_signed(const certificate_request& request, const identity_files& into) {
  const key_owner key = make_key();
  auto certificate =
      make_certificate(request, key.get(), {.certificate = nullptr, .key = key.get()}, false);
  if (!certificate) return certificate.error();
  return write_identity(certificate->get(), key.get(), into);
}

}  // namespace gauntlet::net
