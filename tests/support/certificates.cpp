#include "tests/support/certificates.hpp"

#include <string_view>
#include <utility>

#include <openssl/evp.h>
#include <openssl/pem.h>

#include "harness/base/assert.hpp"

namespace gauntlet::test {
namespace {

identity_files files_named(const temporary_directory& directory, const std::string& name) {
  return {.certificate_file = directory.file(name + ".crt"),
          .key_file = directory.file(name + ".key")};
}

net::certificate_authority made(const std::string& ca_file, const std::string& common_name) {
  auto authority = net::certificate_authority::make(
      common_name, 2, {.certificate_file = ca_file, .key_file = ca_file + ".key"});
  GAUNTLET_ASSERT(authority.has_value());
  return std::move(*authority);
}

}  // namespace

certificate_authority::certificate_authority(const temporary_directory& directory,
                                             const std::string& common_name)
    : directory_(directory),
      ca_file_(directory.file(common_name + ".pem")),
      authority_(made(ca_file_, common_name)) {}

identity_files certificate_authority::issue(const std::string& name,
                                            const certificate_request& request) const {
  const identity_files files = files_named(directory_, name);
  const auto issued = authority_.issue(request, files);
  GAUNTLET_ASSERT(issued.has_value());
  return files;
}

identity_files make_self_signed(const temporary_directory& directory, const std::string& name,
                                const certificate_request& request) {
  const identity_files files = files_named(directory, name);
  const auto written = net::make_self_signed(request, files);
  GAUNTLET_ASSERT(written.has_value());
  return files;
}

std::string make_encrypted_key() {
  EVP_PKEY* const key = EVP_EC_gen("P-256");
  BIO* const text = BIO_new(BIO_s_mem());
  const std::string_view passphrase = "secret";
  GAUNTLET_ASSERT(
      PEM_write_bio_PrivateKey(text, key, EVP_aes_128_cbc(),
                               reinterpret_cast<const unsigned char*>(passphrase.data()),
                               static_cast<int>(passphrase.size()), nullptr, nullptr) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(text, &data);
  std::string pem(data, static_cast<std::size_t>(size));
  BIO_free(text);
  EVP_PKEY_free(key);
  return pem;
}

}  // namespace gauntlet::test
