// O1, O2: messages of one publisher, topic and QoS come in the order in which they were sent.

#include <algorithm>
#include <map>
#include <tuple>

#include "harness/history/guarantees/rules.hpp"

namespace gauntlet::history {
namespace {

struct place {
  std::uint32_t publication = none;
  const delivery_record* delivery = nullptr;
};

// Sure: both were sent once, and reached the broker in that order by all that it may go by.
bool order_is_sure(const evidence_index& history, const publication_record& first,
                   const publication_record& second) {
  if (first.attempts.size() != 1 || second.attempts.size() != 1) return false;
  const publish_attempt& a = first.attempts.front();
  const publish_attempt& b = second.attempts.front();
  if (history.session_of(a.connection) != history.session_of(b.connection)) return false;
  if (a.publish.passed >= b.publish.passed && a.publish.fault + b.publish.fault != 0) return false;
  if (first.qos != mqtt::qos::exactly_once) return true;
  if (a.pubrel.passed == b.pubrel.passed) return a.connection == b.connection;
  return a.pubrel.passed < b.pubrel.passed;
}

}  // namespace

void check_order(const evidence_index& history, findings& to) {
  const evidence& all = history.all();
  for (std::uint32_t session = 0; session < history.sessions().size(); ++session) {
    const auto subscriptions = history.subscriptions_of(session);
    std::map<std::tuple<std::uint32_t, std::uint32_t, mqtt::qos, mqtt::qos>, place> last;
    for (const std::uint32_t index : history.deliveries_to(session)) {
      const delivery_record& each = all.deliveries[index];
      if (each.publication == none || each.retain || each.repeats != none) continue;
      const publication_record& message = all.publications[each.publication];
      if (message.ambiguous) continue;
      if (std::ranges::any_of(subscriptions, [&](std::uint32_t number) {
            const subscription_record& shared = all.subscriptions[number];
            return !shared.share_name.empty() && history.matches(shared, each.topic);
          })) {
        continue;
      }
      place& before = last[{message.client, message.topic, message.qos, each.qos}];
      to.asked("O1");
      if (before.publication != none && each.publication < before.publication &&
          history.copies(session, each.publication).front() == index) {
        const publication_record& later = all.publications[before.publication];
        const bool sure = order_is_sure(history, message, later);
        to.add({.rule = "O1",
                .class_name = "reordered",
                .verdict = sure ? guarantee_verdict::fail : guarantee_verdict::indeterminate,
                .sentence = all.clients[each.client] + " got the message on " +
                            all.topics[each.topic] + " of " + time_text(message.first_sent()) +
                            " after that of " + time_text(later.first_sent()),
                .witness = {witness_of(all, message.attempts.front(), message),
                            witness_of(all, later.attempts.front(), later),
                            witness_of(all, *before.delivery), witness_of(all, each)}});
      }
      if (before.publication == none || each.publication > before.publication) {
        before = {each.publication, &each};
      }
    }
  }
}

}  // namespace gauntlet::history
