#pragma once

// Enhanced authentication with SCRAM-SHA-256 on the guarded listener, step by step. MQTT 5.0 §4.12
//
//   CONNECT method, client-first    ----->
//                                   <-----    AUTH 0x18 method, server-first
//   AUTH 0x18 method, client-final  ----->
//                                   <-----    CONNACK 0x00 method, server-final

#include <string>
#include <string_view>

#include "conformance/suite/context.hpp"
#include "harness/auth/scram.hpp"

namespace gauntlet::conformance {

/// The properties of an AUTH or CONNECT; no Authentication Data if `data` is empty.
mqtt::property_list authentication(std::string_view data,
                                   std::string_view method = auth::scram_mechanism);

/// A client and its side of the exchange.
struct scram_story {
  client* c;
  auth::scram_client scram;
};

/// Sends CONNECT. The password is that of the guarded user unless another is given.
scram_story begin_authentication(context& test, std::string_view name,
                                 std::string_view password = {});

/// Takes the challenge; the test is blocked if none comes.
mqtt::auth take_challenge(context& test, client& from);

/// What answers the challenge: AUTH 0x18 with client-final. The test is left undecided if the
/// challenge makes no sense.
mqtt::auth answer_to(context& test, scram_story& story, const mqtt::auth& challenge);

/// A client that has authenticated; the test is blocked if that fails.
client& authenticated(context& test, std::string_view name);

/// The Authentication Method and Data of an AUTH or CONNACK; empty if there are none.
std::string method_of(const mqtt::property_list& properties);
std::string data_of(const mqtt::property_list& properties);

}  // namespace gauntlet::conformance
