#pragma once

// SCRAM-SHA-256 (RFC 5802, RFC 7677) for both sides without I/O: the texts of the messages go in
// and come out. No channel binding (SCRAM-SHA-256-PLUS), no authorization identity other than the
// user, and no SASLprep: names and passwords are compared byte by byte.
//
//   client                                   server
//   n,,n=user,r=<nonce>            ----->    read_first, challenge
//   respond                        <-----    r=<nonce+more>,s=<salt>,i=<iterations>
//   c=biws,r=<nonce+more>,p=<proof>  --->    finish: the client knows the password
//   finish: the server knows it too  <---    v=<signature>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <boost/system/result.hpp>

#include "harness/auth/password_verifier.hpp"

namespace gauntlet::auth {

/// The name by which both sides know this mechanism.
inline constexpr std::string_view scram_mechanism = "SCRAM-SHA-256";

/// Why an exchange ends without success.
enum class scram_error : std::uint8_t {
  malformed_message,              ///< not of the syntax of RFC 5802 §7
  extension_not_supported,        ///< a mandatory extension, "m="
  channel_binding_not_supported,  ///< the client insists on channel binding
  channel_binding_differs,        ///< "c=" does not repeat what the first message said
  authorization_not_supported,    ///< the client wants to act as somebody else
  nonce_differs,                  ///< the nonce is not the one of this exchange
  wrong_proof,              ///< the client does not know the password, or there is no such user
  wrong_signature,          ///< the server does not know the password
  iterations_out_of_range,  ///< the server asks for none, or more than iterations_max
  refused,                  ///< the server's last message is an error, "e="
};

/// The error as a clause, such as "the proof is wrong".
std::string_view to_string(scram_error error);

template <class T>
using scram_result = boost::system::result<T, scram_error>;

/// A nonce that nobody can predict: 24 letters of base 64.
std::string draw_nonce();

/// The server's side of one exchange. Call in the order of the members; after an error the exchange
/// is over.
class scram_server {
 public:
  /// `nonce` is ours: printable ASCII without comma, and never used before.
  explicit scram_server(std::string nonce) : nonce_(std::move(nonce)) {}

  /// Takes client-first; answers the user name.
  scram_result<std::string> read_first(std::string_view message);
  /// Server-first. `verifier` is that of the user, or a stand-in if there is none.
  std::string challenge(const password_verifier& verifier);
  /// Takes client-final; answers server-final if the client knows the password.
  scram_result<std::string> finish(std::string_view message);

 private:
  std::string nonce_;  ///< from read_first() on with the client's before it
  std::string channel_binding_;
  std::string transcript_;  ///< the beginning of AuthMessage
  digest stored_key_{};
  digest server_key_{};
};

/// The client's side of one exchange. Call in the order of the members.
class scram_client {
 public:
  /// `nonce` as for the server.
  scram_client(std::string_view user_name, byte_view password, std::string nonce);

  /// Client-first.
  std::string first() const;
  /// Takes server-first; answers client-final. Costs the iterations that the server asks for.
  scram_result<std::string> respond(std::string_view message);
  /// Takes server-final: success if the server knows the password as well.
  scram_result<void> finish(std::string_view message) const;

 private:
  std::string first_bare_;
  byte_buffer password_;
  std::string nonce_;
  digest expected_signature_{};
};

}  // namespace gauntlet::auth
