#pragma once

// A user who may connect to the broker.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "harness/auth/password_verifier.hpp"
#include "harness/base/result.hpp"
#include "harness/broker/access_list.hpp"

namespace gauntlet::broker {

/// A user. The password itself is not kept.
struct user {
  std::string name;                   ///< 1 to 65,535 bytes of UTF-8; no two users share one
  auth::password_verifier password;   ///< checks the plain password, and serves SCRAM-SHA-256
  std::optional<access_list> access;  ///< nullopt: everything is allowed
};

/// A user with the verifier of a plain password, which costs some milliseconds.
user make_user(std::string name, std::string_view password);

/// Reads "NAME:PASSWORD", where the password may be given as a verifier's text form.
outcome<user> parse_user(std::string_view text);

/// Says what is wrong with users and access lists, or succeeds.
outcome<void> validate_users(std::span<const user> users,
                             const std::optional<access_list>& default_access);

}  // namespace gauntlet::broker
