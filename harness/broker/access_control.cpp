#include "harness/broker/access_control.hpp"

#include <string>
#include <utility>
#include <vector>

#include "harness/broker/persistence.hpp"
#include "harness/mqtt/topic.hpp"

namespace gauntlet::broker {
namespace {

const access_list* list_for(const broker_state& broker, const identity& who) {
  const auto& list = who.user != nullptr ? who.user->access : broker.options.default_access;
  return list ? &*list : nullptr;
}

}  // namespace

access_rights_ref rights_of(broker_state& broker, const identity& who, std::string_view client_id) {
  return broker.access.rights_by(list_for(broker, who), client_id, who.name);
}

bool may_leave_will(const access_rights_ref& rights, const mqtt::connect& packet) {
  return rights == nullptr || !packet.will || rights->may_publish(packet.will->topic_name);
}

subscription_access may_subscribe(const session& by, std::string_view filter, bool shared) {
  if (by.rights == nullptr) return subscription_access::whole;
  if (!shared) return by.rights->may_subscribe(filter);
  // A group hands each message to one member, and does not ask whether that one may read it.
  const auto access = by.rights->may_subscribe(mqtt::parse_shared_subscription(filter)->filter);
  return access == subscription_access::whole ? access : subscription_access::none;
}

void set_rights(broker_state& broker, session& of, access_rights_ref rights) {
  of.rights = std::move(rights);
  std::vector<std::string> refused;
  for (auto& [filter, each] : of.subscriptions) {
    const auto access = may_subscribe(of, filter, each.group != nullptr);
    each.allowed_in_part = access == subscription_access::part;
    if (access == subscription_access::none) refused.push_back(filter);
  }
  for (const std::string& filter : refused) {
    broker.subscriptions.unsubscribe(of, filter);
    forget_subscription(broker, of, filter);
    broker.log(log_level::info, "unsubscribe client={} filter={} why={}", of.client_id, filter,
               "not allowed any more");
  }
}

}  // namespace gauntlet::broker
