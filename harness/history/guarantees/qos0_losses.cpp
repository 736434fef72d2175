// D6: without a fault, a QoS 0 message reaches whoever is connected and reads. A broker may drop it
// all the same, so that this is a warning.

#include <algorithm>
#include <vector>

#include "harness/history/guarantees/owed.hpp"
#include "harness/history/guarantees/rules.hpp"

namespace gauntlet::history {
namespace {

using namespace std::chrono_literals;

// A broker that has not handed a message on by then has had every opportunity.
constexpr duration handing_on = 1s;

// Nobody disturbed anything: what a fault does to one client may fill the broker's buffers for all.
bool is_undisturbed(const evidence& all) {
  return all.broker_events.empty() &&
         std::ranges::all_of(all.faults, [](const std::string& name) { return name.empty(); });
}

bool came_late(const packet_times& packet) {
  return !packet.has_passed() || packet.passed > packet.sent + handing_on;
}

// When the session's client did not read at once, in order: a broker that cannot write may drop.
std::vector<time_point> held_up(const evidence_index& history, std::uint32_t session) {
  std::vector<time_point> when;
  for (const std::uint32_t index : history.deliveries_to(session)) {
    const packet_times& publish = history.all().deliveries[index].publish;
    if (came_late(publish)) when.push_back(publish.sent);
  }
  return when;
}

// Whether the broker had all that it needs to hand the message on to this session.
bool should_come(const evidence_index& history, std::uint32_t session,
                 const subscription_record& subscription, const publication_record& message,
                 const std::vector<time_point>& held) {
  const bool countable = message.qos == mqtt::qos::at_most_once && !message.ambiguous &&
                         !message.expiry_s && message.attempts.size() == 1;
  if (!countable || !may_have(history, subscription, message)) return false;
  const packet_times& sent = message.attempts.front().publish;
  const time_point until = sent.sent + handing_on;
  if (came_late(sent) || until > history.all().ended) return false;
  const auto late = std::ranges::lower_bound(held, sent.sent - handing_on);
  return (late == held.end() || *late > until) &&
         history.definite(subscription, sent.sent, until) &&
         history.connected_through(session, sent.sent, until) != none;
}

finding lost(const evidence& all, const subscription_record& subscription,
             const publication_record& message) {
  return {.rule = "D6",
          .class_name = "qos0-loss-unfaulted",
          .verdict = guarantee_verdict::warn,
          .sentence = all.clients[subscription.client] +
                      ", connected and reading, never got the QoS 0 message on " +
                      all.topics[message.topic] + " of " + time_text(message.first_sent()),
          .witness = {{.connection = subscription.connection,
                       .way = direction::to_client,
                       .times = subscription.suback,
                       .what = "SUBACK for " + subscription.filter},
                      witness_of(all, message.attempts.front(), message)}};
}

}  // namespace

void check_qos0_losses(const evidence_index& history, findings& to) {
  const evidence& all = history.all();
  if (!is_undisturbed(all)) return;
  for (std::uint32_t session = 0; session < history.sessions().size(); ++session) {
    const std::vector<time_point> held = held_up(history, session);
    for (const std::uint32_t number : history.subscriptions_of(session)) {
      const subscription_record& subscription = all.subscriptions[number];
      if (!subscription.share_name.empty() || !subscription.accepted()) continue;
      for (const std::uint32_t topic : history.topics_of(subscription.filter)) {
        if (all.topics[topic].starts_with('$')) continue;
        for (const std::uint32_t index : history.publications_on(topic)) {
          const publication_record& message = all.publications[index];
          if (!should_come(history, session, subscription, message, held)) continue;
          to.asked("D6");
          if (history.copies(session, index).empty()) to.add(lost(all, subscription, message));
        }
      }
    }
  }
}

}  // namespace gauntlet::history
