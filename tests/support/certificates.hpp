#pragma once

// Certificates made at test time, so that none expires in the repository: an authority and what it
// issues, right or wrong in the one way that a test is about.

#include <string>

#include "harness/net/certificate_authority.hpp"
#include "tests/support/temporary_directory.hpp"

namespace gauntlet::test {

using net::certificate_request;
using net::identity_files;

/// A certificate authority with a key of its own. Files go into `directory`, which must outlive it;
/// the names of authorities in one directory must differ.
class certificate_authority {
 public:
  certificate_authority(const temporary_directory& directory, const std::string& common_name);

  /// The certificate to trust.
  const std::string& ca_file() const { return ca_file_; }
  /// Signs a certificate; `name` is that of its files.
  identity_files issue(const std::string& name, const certificate_request& request = {}) const;

 private:
  const temporary_directory& directory_;
  std::string ca_file_;
  net::certificate_authority authority_;
};

/// A certificate that vouches for itself.
identity_files make_self_signed(const temporary_directory& directory, const std::string& name,
                                const certificate_request& request = {});

/// A private key in PEM form that only a passphrase opens.
std::string make_encrypted_key();

}  // namespace gauntlet::test
