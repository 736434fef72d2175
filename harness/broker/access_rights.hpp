#pragma once

// What one client may do: an access list with the patterns filled in. Made when the client
// connects; a question about a topic allocates nothing.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "harness/broker/access_list.hpp"

namespace gauntlet::broker {

/// How much of a Topic Filter a client may subscribe to.
enum class subscription_access : std::uint8_t {
  none,  ///< no message that it could deliver is allowed
  part,  ///< some are not: each has to be looked at
  whole,
};

/// The rights of one client, or of all with a list that holds no pattern.
class access_rights {
 public:
  /// Without `user_name` patterns for it are filled in as access_rule::filter says.
  access_rights(const access_list& list, std::string_view client_id, std::string_view user_name);

  /// `topic` is a Topic Name.
  bool may_publish(std::string_view topic) const { return decide(access_kind::publish, topic); }
  /// Whether a message on `topic` may be delivered.
  bool may_receive(std::string_view topic) const { return decide(access_kind::subscribe, topic); }
  /// `filter` is a Topic Filter; of a shared subscription the part after the ShareName.
  subscription_access may_subscribe(std::string_view filter) const;

 private:
  bool decide(access_kind kind, std::string_view topic) const;

  std::vector<access_rule> rules_;  ///< those that can match, without patterns
  permission otherwise_;
};

using access_rights_ref = std::shared_ptr<const access_rights>;

/// Makes rights, and shares those that are the same for many clients.
class access_rights_source {
 public:
  /// Null if there is no list: everything is allowed. The list must outlive this.
  access_rights_ref rights_by(const access_list* list, std::string_view client_id,
                              std::string_view user_name);

 private:
  std::unordered_map<const access_list*, access_rights_ref> shared_;
};

}  // namespace gauntlet::broker
