#include "tests/support/certificates.hpp"

#include <cstdio>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "harness/base/assert.hpp"

namespace gauntlet::test {
namespace {

struct deleter {
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using certificate_owner = std::unique_ptr<X509, deleter>;
using key_owner = std::unique_ptr<EVP_PKEY, deleter>;

/// Who signs: with no certificate, the new certificate signs itself.
struct signer {
  X509* certificate = nullptr;
  EVP_PKEY* key = nullptr;
};

constexpr long day_s = 24 * 60 * 60;

void add_extension(X509* certificate, X509* issuer, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str());
  GAUNTLET_ASSERT(extension != nullptr);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

std::string alternative_names(const certificate_request& request) {
  std::string names;
  for (const std::string& name : request.host_names) names += ",DNS:" + name;
  for (const std::string& address : request.addresses) names += ",IP:" + address;
  return names.empty() ? names : names.substr(1);
}

certificate_owner make_certificate(const certificate_request& request, EVP_PKEY* key, signer by,
                                   bool is_authority) {
  certificate_owner made(X509_new());
  X509* const certificate = made.get();
  X509_set_version(certificate, X509_VERSION_3);
  std::uint64_t serial = 0;
  GAUNTLET_ASSERT(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1);
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
  if (!names.empty()) add_extension(certificate, issuer, NID_subject_alt_name, names);
  GAUNTLET_ASSERT(X509_sign(certificate, by.key, EVP_sha256()) > 0);
  return made;
}

void write_certificate(const std::string& path, X509* certificate) {
  std::FILE* const file = std::fopen(path.c_str(), "w");
  GAUNTLET_ASSERT(file != nullptr && PEM_write_X509(file, certificate) == 1);
  std::fclose(file);
}

void write_key(const std::string& path, EVP_PKEY* key) {
  std::FILE* const file = std::fopen(path.c_str(), "w");
  GAUNTLET_ASSERT(file != nullptr &&
                  PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  std::fclose(file);
}

identity_files write_identity(const temporary_directory& directory, const std::string& name,
                              X509* certificate, EVP_PKEY* key) {
  identity_files files = {.certificate_file = directory.file(name + ".crt"),
                          .key_file = directory.file(name + ".key")};
  write_certificate(files.certificate_file, certificate);
  write_key(files.key_file, key);
  return files;
}

}  // namespace

struct certificate_authority::state {
  const temporary_directory& directory;
  key_owner key;
  certificate_owner certificate;
  std::string ca_file;
};

certificate_authority::certificate_authority(const temporary_directory& directory,
                                             std::string common_name)
    : state_(std::make_unique<state>(state{directory, key_owner(EVP_EC_gen("P-256")), {}, {}})) {
  state_->certificate = make_certificate({.common_name = common_name, .valid_to_days = 2},
                                         state_->key.get(), {.key = state_->key.get()}, true);
  state_->ca_file = directory.file(common_name + ".pem");
  write_certificate(state_->ca_file, state_->certificate.get());
}

certificate_authority::~certificate_authority() = default;

const std::string& certificate_authority::ca_file() const { return state_->ca_file; }

identity_files certificate_authority::issue(const std::string& name,
                                            const certificate_request& request) const {
  const key_owner key(EVP_EC_gen("P-256"));
  const certificate_owner certificate =
      make_certificate(request, key.get(),
                       {.certificate = state_->certificate.get(), .key = state_->key.get()}, false);
  return write_identity(state_->directory, name, certificate.get(), key.get());
}

identity_files make_self_signed(const temporary_directory& directory, const std::string& name,
                                const certificate_request& request) {
  const key_owner key(EVP_EC_gen("P-256"));
  const certificate_owner certificate =
      make_certificate(request, key.get(), {.key = key.get()}, false);
  return write_identity(directory, name, certificate.get(), key.get());
}

std::string make_encrypted_key() {
  const key_owner key(EVP_EC_gen("P-256"));
  BIO* const text = BIO_new(BIO_s_mem());
  const std::string_view passphrase = "secret";
  GAUNTLET_ASSERT(
      PEM_write_bio_PrivateKey(text, key.get(), EVP_aes_128_cbc(),
                               reinterpret_cast<const unsigned char*>(passphrase.data()),
                               static_cast<int>(passphrase.size()), nullptr, nullptr) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(text, &data);
  std::string pem(data, static_cast<std::size_t>(size));
  BIO_free(text);
  return pem;
}

}  // namespace gauntlet::test
