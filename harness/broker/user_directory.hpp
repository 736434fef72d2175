#pragma once

// The users of one broker and the check of their passwords. A plain password is put through its
// costly verifier once: what was right is remembered in memory as a keyed digest, so that a fleet
// that logs in as one user costs one derivation. A wrong one always costs it, and so does a user
// name that does not exist: the time of an answer does not tell which names do.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "harness/auth/password_verifier.hpp"
#include "harness/broker/user.hpp"

namespace gauntlet::broker {

/// Looks users up. Views those given to it, who must outlive it. Holds 32 bytes for each.
class user_directory {
 public:
  explicit user_directory(std::span<const user> users);

  bool empty() const { return entries_.empty(); }

  /// Null if there is no such user.
  const user* find(std::string_view name) const;

  /// The user if this is the password, else null.
  const user* log_in(std::string_view name, byte_view password);

  /// How many costly derivations log_in() has made.
  std::uint64_t derivations() const { return derivations_; }

  /// What to answer with to a name that does not exist, so that it looks like one that does: the
  /// same each time, also after a restart with the same users, and with the iterations and the size
  /// of salt of one of them. No password fits it. There must be users.
  auth::password_verifier stand_in_for(std::string_view name) const;

 private:
  struct entry {
    const user* who;
    std::optional<auth::digest> verified;  ///< of the password that was right
  };

  bool verify(const auth::password_verifier& verifier, byte_view password);
  auth::digest keyed(std::string_view purpose, std::string_view name, byte_view what) const;

  std::vector<entry> entries_;
  std::unordered_map<std::string_view, std::size_t> by_name_;
  std::uint64_t derivations_ = 0;
  auth::digest secret_{};  ///< made of all verifiers
};

}  // namespace gauntlet::broker
