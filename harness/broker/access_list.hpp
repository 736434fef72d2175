#pragma once

// What a user may publish and subscribe to, as the operator writes it down. What follows from it is
// in access_control.hpp.

#include <cstdint>
#include <string>
#include <vector>

namespace gauntlet::broker {

/// What a rule says of the topics that it matches.
enum class permission : std::uint8_t { deny, allow };

/// Which way of using a topic a rule is about.
enum class access_kind : std::uint8_t { publish, subscribe, both };

/// One line of an access-control list.
struct access_rule {
  permission decision = permission::deny;
  access_kind kind = access_kind::both;
  /// A Topic Filter, matched as those of subscriptions are: "#" does not reach topics that begin
  /// with "$". In it %c stands for the Client Identifier and %u for the user name. If that text
  /// holds "/", "+" or "#", is empty, or would put a "$" at the beginning, it might reach further
  /// than was meant: then an allowing rule matches nothing, and a denying one everything from the
  /// level with the pattern on.
  std::string filter;
};

/// An access-control list. The first rule that matches a topic decides.
///
/// A subscription is refused if it could deliver nothing that is allowed, and granted otherwise; if
/// it reaches further than is allowed, messages on the other topics are kept from it. A shared
/// subscription must be allowed whole.
struct access_list {
  std::vector<access_rule> rules;
  permission otherwise = permission::deny;  ///< where no rule matches
};

}  // namespace gauntlet::broker
