#include "harness/history/will_account.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "harness/mqtt/subscription_tree.hpp"

namespace gauntlet::history {
namespace {

struct standing_subscription {
  receiver_index receiver = 0;
  mqtt::qos granted_qos = mqtt::qos::at_most_once;
};
using subscriptions_of_filter = std::vector<standing_subscription>;
using subscriptions = mqtt::subscription_tree<subscriptions_of_filter>;

// Who of several members of a share gets a will nobody can say, so shares are left out.
subscriptions subscriptions_of(const receipt_ledger& received) {
  subscriptions tree;
  for (const auto& [receiver, record] : received.receivers) {
    for (const granted_subscription& each : record.subscriptions) {
      if (!each.share_name.empty()) continue;
      tree.find_or_add(each.topic_filter)
          .push_back({.receiver = receiver, .granted_qos = each.granted_qos});
    }
  }
  return tree;
}

bool contains(const std::vector<time_span>& spans, time_point from, time_point until) {
  return std::any_of(spans.begin(), spans.end(), [&](const time_span& span) {
    return span.from <= from && until <= span.until;
  });
}

bool touches(const std::vector<time_span>& spans, time_point from, time_point until) {
  return std::any_of(spans.begin(), spans.end(), [&](const time_span& span) {
    return span.from <= until && from <= span.until;
  });
}

}  // namespace

will_figures judge_wills(const ledger& books, const will_catalogue& catalogue, time_point end) {
  const subscriptions tree = subscriptions_of(books.received);
  will_figures figures;
  std::vector<standing_subscription> matches;
  for (const will_ending& ending : books.wills.endings) {
    if (!ending.required || ending.due > end) continue;
    const will_facts facts = catalogue.describe_will(ending.device);
    matches.clear();
    tree.match(facts.topic_name, [&](const subscriptions_of_filter& found) {
      matches.insert(matches.end(), found.begin(), found.end());
    });
    // Of several subscriptions of one receiver the one with the highest QoS counts.
    std::sort(matches.begin(), matches.end(), [](const auto& a, const auto& b) {
      return std::pair(a.receiver, b.granted_qos) < std::pair(b.receiver, a.granted_qos);
    });
    matches.erase(
        std::unique(matches.begin(), matches.end(),
                    [](const auto& a, const auto& b) { return a.receiver == b.receiver; }),
        matches.end());
    for (const standing_subscription& match : matches) {
      if (match.receiver == ending.device) continue;
      const receiver_record& receiver = books.received.receivers.at(match.receiver);
      if (!contains(receiver.subscribed, ending.ended, ending.due)) continue;
      const bool kept = std::min(facts.published_qos, match.granted_qos) != mqtt::qos::at_most_once;
      if (!kept && touches(receiver.away, ending.ended, ending.due)) continue;
      ++figures.expected;
      const bool came =
          books.wills.receipts.contains({match.receiver, ending.device, ending.connection});
      ++(came ? figures.delivered : figures.missing);
    }
  }

  will_ledger::ended_set ended;
  for (const will_ending& ending : books.wills.endings) {
    ended.insert({ending.device, ending.connection});
  }
  for (const auto& [key, copies] : books.wills.receipts) {
    if (!ended.contains({key.device, key.connection})) figures.unexpected += copies;
  }
  return figures;
}

}  // namespace gauntlet::history
