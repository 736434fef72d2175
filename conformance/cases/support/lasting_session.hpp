#pragma once

// A CONNECT whose session outlives the connection, in both versions.

#include "conformance/suite/context.hpp"

namespace gauntlet::conformance {

/// In 3.1.1 CleanSession is 0, whatever is asked for, since that is what makes a session last.
inline mqtt::connect lasting_session(const context& test, bool clean_start = false,
                                     std::uint32_t expiry_s = 60) {
  mqtt::connect packet{.clean_start = clean_start && test.is_v5()};
  if (test.is_v5()) packet.properties.add(mqtt::session_expiry_interval(expiry_s));
  return packet;
}

}  // namespace gauntlet::conformance
