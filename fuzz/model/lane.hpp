#pragma once

// Where sequences run: one thread's network, and how clients reach the broker from it.

#include <optional>

#include "harness/base/result.hpp"
#include "harness/net/network.hpp"
#include "harness/target/profile.hpp"

namespace gauntlet::fuzz::model {

/// Belongs to the thread that opened it. Sequences of one lane come one after the other.
class lane {
 public:
  virtual ~lane() = default;
  virtual net::network& network() = 0;
  /// A version that the broker does not offer is bad input.
  virtual outcome<net::endpoint> endpoint_for(mqtt::protocol_version version) const = 0;
  virtual net::dial_options dial() const { return {}; }
  virtual std::optional<target::credentials> login() const { return std::nullopt; }
};

}  // namespace gauntlet::fuzz::model
