#pragma once

// Inside harness/net only: what failed, in words that a user can act on.

#include <string>

namespace gauntlet::net {

/// The step of a dial that the system refused.
enum class dial_step { open_socket, bind_source, connect };

/// Why a dial of `peer` ("127.0.0.1:1883") failed, such as "connection refused by 127.0.0.1:1883".
/// `source` is the local address that was asked for, or empty.
std::string dial_error_text(dial_step step, int error, const std::string& peer,
                            const std::string& source);

/// How an open connection broke: "connection reset by 127.0.0.1:1883".
std::string broken_text(int error, const std::string& peer);

/// Why nothing can be accepted on `address`, such as "cannot listen on 127.0.0.1:1883: the port is
/// in use".
std::string listen_error_text(int error, const std::string& address);

/// Whether the error says that this process or the machine is out of descriptors, and the sentence
/// for it with the limit as it stands.
bool out_of_descriptors(int error);
std::string out_of_descriptors_text(int error);

}  // namespace gauntlet::net
