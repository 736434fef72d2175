#pragma once

// Makes certificates for test runs: an authority, servers, and one client for each device. Not for
// production: keys lie unencrypted on disk, and nothing is ever revoked.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "harness/base/result.hpp"
#include "harness/net/network.hpp"

namespace gauntlet::net {

/// What a certificate says. The default fits a server on this machine.
struct certificate_request {
  std::string common_name = "localhost";
  std::vector<std::string> host_names = {"localhost"};        ///< subject alternative names
  std::vector<std::string> addresses = {"127.0.0.1", "::1"};  ///< the same, numeric
  int valid_from_days = -1;                                   ///< from now
  int valid_to_days = 30;                                     ///< from now; negative: expired
};

/// A certificate authority with a P-256 key of its own. Every certificate that it signs gets a key
/// of its own, too.
class certificate_authority {
 public:
  /// Makes one and writes its certificate and key; folders are made as needed, key files are
  /// readable by their owner alone. The failure names the file that could not be written.
  static outcome<certificate_authority> make(const std::string& common_name, int valid_to_days,
                                             const identity_files& into);
  certificate_authority(certificate_authority&&) noexcept;
  ~certificate_authority();

  /// Signs a certificate and writes it with its key. Fails for a file that cannot be written, or a
  /// name or address that no certificate can hold.
  outcome<void> issue(const certificate_request& request, const identity_files& into) const;

 private:
  struct state;
  explicit certificate_authority(std::unique_ptr<state> made);
  std::unique_ptr<state> state_;
};

/// A certificate that vouches for itself; as certificate_authority::issue().
outcome<void> make_self_signed(const certificate_request& request, const identity_files& into);

}  // namespace gauntlet::net
