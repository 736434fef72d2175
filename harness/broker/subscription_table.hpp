#pragma once

// Who gets which message: all subscriptions of all sessions, found by Topic Name.

#include <cstdint>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "harness/broker/session.hpp"
#include "harness/broker/subscription.hpp"
#include "harness/mqtt/subscription_tree.hpp"

namespace gauntlet::broker {

/// What a SUBSCRIBE did to the table.
struct subscribed {
  subscription* made = nullptr;
  bool existed = false;  ///< it replaced one with the identical filter [MQTT-3.8.4-3]
};

/// All subscriptions. Owns the groups of shared ones; the subscriptions themselves are owned by
/// their sessions.
class subscription_table {
 public:
  /// Adds or replaces; `filter` must be valid, and is a shared subscription if `shared`.
  subscribed subscribe(session& subscriber, std::string_view filter, bool shared,
                       const mqtt::subscription_options& options, std::uint32_t identifier);
  /// Answers whether there was such a subscription [MQTT-3.10.4-1].
  bool unsubscribe(session& subscriber, std::string_view filter);
  void unsubscribe_all(session& subscriber);

  /// Calls `receive(const subscription&)` for each subscription that gets a message on `topic`; of
  /// each shared one for the member whose turn it is. It must not change the table.
  template <class Receive>
  void match(std::string_view topic, Receive&& receive) {
    tree_.match(topic, [&](subscribers& of_filter) {
      for (const subscription* each : of_filter.plain) receive(*each);
      for (const auto& group : of_filter.groups) receive(*choose_member(*group));
    });
  }

  /// The same for defects: asks `matches(filter, is_shared)` of every filter.
  template <class Matches, class Receive>
  void match_one_by_one(Matches&& matches, Receive&& receive) {
    tree_.visit([&](std::string_view filter, subscribers& of_filter) {
      if (!of_filter.plain.empty() && matches(filter, false)) {
        for (const subscription* each : of_filter.plain) receive(*each);
      }
      for (const auto& group : of_filter.groups) {
        if (matches(filter, true)) receive(*choose_member(*group));
      }
    });
  }

  /// The member of a shared subscription whose turn it is; null if the group is gone.
  const subscription* next_member(std::uint32_t group);
  /// The filter of a shared subscription, with "$share/"; empty if the group is gone.
  std::string_view filter_of_group(std::uint32_t group) const;

  std::size_t size() const { return size_; }

 private:
  /// Everybody subscribed with one filter.
  struct subscribers {
    std::vector<subscription*> plain;
    std::vector<std::unique_ptr<shared_group>> groups;
  };

  static const subscription* choose_member(shared_group& group);
  void link(subscription& added, std::string_view filter, bool shared);
  void unlink(const subscription& gone, std::string_view filter);

  mqtt::subscription_tree<subscribers> tree_;
  std::unordered_map<std::uint32_t, shared_group*> groups_;  ///< by number
  std::uint32_t last_group_ = 0;
  std::size_t size_ = 0;
};

}  // namespace gauntlet::broker
