#pragma once

// Certificates made at test time, so that none expires in the repository: an authority and what it
// issues, right or wrong in the one way that a test is about.

#include <memory>
#include <string>
#include <vector>

#include "tests/support/temporary_directory.hpp"

namespace gauntlet::test {

/// A certificate and its private key, as PEM files.
struct identity_files {
  std::string certificate_file;
  std::string key_file;
};

/// What a certificate says. The default fits a server on this machine.
struct certificate_request {
  std::string common_name = "localhost";
  std::vector<std::string> host_names = {"localhost"};
  std::vector<std::string> addresses = {"127.0.0.1", "::1"};
  int valid_from_days = -1;  ///< from now
  int valid_to_days = 1;     ///< from now; negative: expired
};

/// A certificate authority with a key of its own. Files go into `directory`, which must outlive it;
/// the names of authorities in one directory must differ.
class certificate_authority {
 public:
  certificate_authority(const temporary_directory& directory, std::string common_name);
  ~certificate_authority();

  /// The certificate to trust.
  const std::string& ca_file() const;
  /// Signs a certificate; `name` is that of its files.
  identity_files issue(const std::string& name, const certificate_request& request = {}) const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

/// A certificate that vouches for itself.
identity_files make_self_signed(const temporary_directory& directory, const std::string& name,
                                const certificate_request& request = {});

/// A private key in PEM form that only a passphrase opens.
std::string make_encrypted_key();

}  // namespace gauntlet::test
