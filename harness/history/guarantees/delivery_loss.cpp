// D3: what is owed is delivered. D10: streams do not get stuck.

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "harness/history/guarantees/owed.hpp"
#include "harness/history/guarantees/rules.hpp"

namespace gauntlet::history {
namespace {

using stream_key = std::tuple<std::uint32_t, std::uint32_t, mqtt::qos>;  // publisher, topic, QoS

finding missing(const evidence_index& history, std::uint32_t session,
                const publication_record& message, const subscription_record& promised,
                std::string_view rule, std::string_view class_name) {
  const evidence& all = history.all();
  finding made{.rule = rule,
               .class_name = class_name,
               .sentence = all.clients[history.sessions()[session].client] +
                           " never got the message on " + all.topics[message.topic] + " of " +
                           time_text(message.first_sent()) + ", which the broker took at " +
                           time_text(history.taken_at(message))};
  made.witness.push_back({.connection = promised.connection,
                          .way = direction::to_client,
                          .times = promised.suback,
                          .what = "SUBACK for " + promised.filter});
  for (const publish_attempt& attempt : message.attempts) {
    made.witness.push_back(witness_of(all, attempt, message));
    if (!attempt.answer.was_sent()) continue;
    made.witness.push_back({.connection = attempt.connection,
                            .way = direction::to_client,
                            .times = attempt.answer,
                            .what = message.qos == mqtt::qos::exactly_once ? "PUBREC" : "PUBACK"});
  }
  return made;
}

}  // namespace

void check_nothing_lost(const evidence_index& history, findings& to) {
  const evidence& all = history.all();
  for (std::uint32_t session = 0; session < history.sessions().size(); ++session) {
    if (!history.lasts(session)) continue;
    std::map<stream_key, std::vector<owed_message>> streams;
    for_each_owed(history, session, [&](const owed_message& owed) {
      const publication_record& message = all.publications[owed.publication];
      streams[{message.client, message.topic, message.qos}].push_back(owed);
    });
    for (const auto& [stream, owed] : streams) {
      to.asked("D3", owed.size());
      to.asked("D10");
      const publication_record& last = all.publications[owed.back().publication];
      const bool sentinel = last.first_sent() >= all.drain_began;
      if (sentinel && !owed.back().delivered) {
        to.add(missing(history, session, last, all.subscriptions[owed.back().subscription], "D10",
                       "stuck"));
        continue;
      }
      for (const owed_message& each : owed) {
        if (each.delivered) continue;
        // Before any sentinel came it may still be on its way.
        const auto verdict = sentinel || all.drain_began == never
                                 ? guarantee_verdict::fail
                                 : guarantee_verdict::indeterminate;
        finding found = missing(history, session, all.publications[each.publication],
                                all.subscriptions[each.subscription], "D3", "lost");
        found.verdict = verdict;
        to.add(std::move(found));
      }
    }
  }
}

}  // namespace gauntlet::history
