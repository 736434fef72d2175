#pragma once

// Private to scram*.cpp: the syntax of SCRAM messages (RFC 5802 §7).

#include <optional>
#include <string>
#include <string_view>

#include "harness/auth/secrets.hpp"

namespace gauntlet::auth {

/// The attributes of a message, taken one after the other: "r=abc,s=def".
class attribute_reader {
 public:
  explicit attribute_reader(std::string_view message) : rest_(message) {}

  /// The value of the next attribute if its name is `name`; else nullopt, and nothing is taken.
  std::optional<std::string_view> take(char name);
  /// Whether another attribute comes, and it is named `name`.
  bool next_is(char name) const;
  /// Whether all that is left is well-formed attributes, which the standard says to ignore.
  bool only_extensions_left();
  bool at_end() const { return !more_; }

 private:
  std::string_view rest_;
  bool more_ = true;  ///< false after the last attribute
};

/// A user name as it stands in a message, "," and "=" written as "=2C" and "=3D".
std::string encode_name(std::string_view name);
/// The user name again; nullopt if it is empty or a "=" is followed by anything else.
std::optional<std::string> decode_name(std::string_view text);

/// Whether a nonce may be this: at least one character, printable ASCII without comma.
bool is_nonce(std::string_view text);

/// The proof or signature of 32 bytes that `text` holds in base 64.
std::optional<digest> decode_digest(std::string_view text);

/// ClientKey from ClientProof and the other way round.
digest exclusive_or(const digest& a, const digest& b);

}  // namespace gauntlet::auth
