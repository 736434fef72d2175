#include "harness/history/guarantees/owed.hpp"

#include <algorithm>
#include <set>

namespace gauntlet::history {
namespace {

// A connection of the session that stood from before the message was sent until it was taken.
bool was_connected(const evidence_index& history, std::uint32_t session,
                   const publication_record& message) {
  return history.connected_through(session, message.first_sent(), history.taken_at(message)) !=
         none;
}

}  // namespace

bool was_delivered(const evidence_index& history, std::uint32_t session,
                   std::uint32_t publication) {
  return std::ranges::any_of(history.copies(session, publication), [&](std::uint32_t index) {
    const delivery_record& copy = history.all().deliveries[index];
    return copy.publish.has_passed() || copy.answer.has_passed();
  });
}

bool may_have(const evidence_index& history, const subscription_record& subscription,
              const publication_record& message) {
  if (subscription.options.no_local && subscription.client == message.client) return false;
  const connection_record& receiver = history.all().connections[subscription.connection];
  constexpr std::uint32_t overhead = 1'024;  // topic, properties and header, generously
  return receiver.maximum_packet_size == UINT32_MAX ||
         receiver.maximum_packet_size >= message.content.payload_size + overhead;
}

bool is_owed(const evidence_index& history, const subscription_record& subscription,
             const publication_record& message) {
  if (message.outcome != publish_outcome::owned) return false;
  if (std::min<unsigned>(static_cast<unsigned>(message.qos), subscription.granted) == 0) {
    return false;
  }
  if (!may_have(history, subscription, message)) return false;
  const time_point taken = history.taken_at(message);
  if (taken == never || !history.definite(subscription, message.first_sent(), taken)) return false;
  return !history.excused_by_death(message.first_sent(), history.all().ended);
}

void for_each_owed(const evidence_index& history, std::uint32_t session,
                   const std::function<void(const owed_message&)>& tell) {
  const evidence& all = history.all();
  std::set<std::uint32_t> told;
  for (const std::uint32_t number : history.subscriptions_of(session)) {
    const subscription_record& subscription = all.subscriptions[number];
    if (!subscription.share_name.empty() || !subscription.accepted()) continue;
    for (const std::uint32_t topic : history.topics_of(subscription.filter)) {
      if (all.topics[topic].starts_with('$')) continue;
      for (const std::uint32_t publication : history.publications_on(topic)) {
        const publication_record& message = all.publications[publication];
        if (message.expiry_s || message.ambiguous) continue;
        if (!is_owed(history, subscription, message)) continue;
        if (all.promises.queue_limit && !was_connected(history, session, message)) continue;
        if (!told.insert(publication).second) continue;
        tell({.publication = publication,
              .subscription = number,
              .delivered = was_delivered(history, session, publication)});
      }
    }
  }
}

}  // namespace gauntlet::history
