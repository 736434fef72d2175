// Q1 to Q3: a queue with a limit keeps one run of what came, from the beginning or to the end.

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

#include "harness/history/guarantees/owed.hpp"
#include "harness/history/guarantees/rules.hpp"

namespace gauntlet::history {
namespace {

struct absence {
  std::uint32_t session = none;
  time_point from, to;
};

struct waiting_message {
  std::uint32_t publication = none;
  bool delivered = false;
};

// What the broker took for the session while it was away, per publisher in the order of sending.
struct queue_account {
  std::map<std::uint32_t, std::vector<waiting_message>> by_publisher;
  std::size_t owed = 0, delivered = 0;
};

bool is_run(const std::vector<waiting_message>& of) {
  const auto came = [](const waiting_message& each) { return each.delivered; };
  const auto missed = [](const waiting_message& each) { return !each.delivered; };
  const auto first = std::ranges::find_if(of, came);
  if (first == of.end()) return true;
  const auto gap = std::find_if(first, of.end(), missed);
  if (gap != of.end() && std::any_of(gap, of.end(), came)) return false;
  return first == of.begin() || gap == of.end();
}

finding about(const evidence_index& history, const absence& away, std::string_view rule,
              std::string_view class_name, const std::string& what) {
  const evidence& all = history.all();
  const std::uint32_t client = history.sessions()[away.session].client;
  return {.rule = rule,
          .class_name = class_name,
          .sentence = all.clients[client] + ", away from " + time_text(away.from) + " to " +
                      time_text(away.to) + ": " + what};
}

queue_account account_of(const evidence_index& history, const absence& away, bool qos0) {
  const evidence& all = history.all();
  queue_account made;
  std::vector<std::uint32_t> seen;
  for (const std::uint32_t number : history.subscriptions_of(away.session)) {
    const subscription_record& subscription = all.subscriptions[number];
    if (!subscription.share_name.empty() || !subscription.accepted()) continue;
    for (const std::uint32_t topic : history.topics_of(subscription.filter)) {
      for (const std::uint32_t index : history.publications_on(topic)) {
        const publication_record& message = all.publications[index];
        if (message.ambiguous || message.expiry_s || message.first_sent() <= away.from) continue;
        const bool low =
            std::min<unsigned>(static_cast<unsigned>(message.qos), subscription.granted) == 0;
        if (low != qos0) continue;
        const time_point done = qos0 ? history.reached(message) : history.taken_at(message);
        if (done >= away.to) continue;
        if (!qos0 && !is_owed(history, subscription, message)) continue;
        if (qos0 && !history.definite(subscription, message.first_sent(), done)) continue;
        seen.push_back(index);
      }
    }
  }
  std::ranges::sort(seen);
  seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
  for (const std::uint32_t index : seen) {
    const bool delivered = was_delivered(history, away.session, index);
    made.by_publisher[all.publications[index].client].push_back({index, delivered});
    ++made.owed;
    if (delivered) ++made.delivered;
  }
  return made;
}

void judge_limited(const evidence_index& history, const absence& away, std::uint32_t limit,
                   findings& to) {
  const queue_account queue = account_of(history, away, false);
  if (queue.owed == 0) return;
  to.asked("Q1");
  const std::string counts =
      std::to_string(queue.delivered) + " of " + std::to_string(queue.owed) + " messages came";
  if (!std::ranges::all_of(queue.by_publisher,
                           [](const auto& each) { return is_run(each.second); })) {
    to.add(about(history, away, "Q1", "torn-queue", counts + ", with holes between them"));
  } else if (queue.delivered < std::min<std::size_t>(queue.owed, limit)) {
    // What was in flight, or came at the edge of the absence, may have had its place in the queue.
    const session_span& span = history.sessions()[away.session];
    const bool sure = queue.owed <= limit && span.connections.size() > 1;
    finding found = about(history, away, "Q1", "queue-too-short",
                          counts + ", the limit is " + std::to_string(limit));
    if (!sure && queue.delivered + queue.owed / 10 + 20 >= limit) {
      found.verdict = guarantee_verdict::indeterminate;
    }
    to.add(std::move(found));
  }
}

void judge_qos0(const evidence_index& history, const absence& away, findings& to) {
  const queue_account queue = account_of(history, away, true);
  if (queue.owed == 0) return;
  to.asked("Q3");
  for (const auto& [publisher, messages] : queue.by_publisher) {
    if (is_run(messages)) continue;
    finding found = about(history, away, "Q3", "torn-qos0-queue",
                          "of the QoS 0 messages some came, with holes between them");
    found.verdict = guarantee_verdict::warn;
    to.add(std::move(found));
    return;
  }
}

}  // namespace

void check_offline_queues(const evidence_index& history, findings& to) {
  const evidence& all = history.all();
  for (const publication_record& each : all.publications) {
    if (each.outcome == publish_outcome::rejected) to.asked("Q2");
  }
  for (std::uint32_t session = 0; session < history.sessions().size(); ++session) {
    if (!history.lasts(session)) continue;
    const std::vector<std::uint32_t>& connections = history.sessions()[session].connections;
    for (std::size_t i = 1; i < connections.size(); ++i) {
      const absence away{.session = session,
                         .from = history.ended_at_broker(connections[i - 1]),
                         .to = all.connections[connections[i]].connect.sent};
      if (away.from >= away.to) continue;
      if (all.promises.queue_limit) {
        judge_limited(history, away, *all.promises.queue_limit, to);
      }
      judge_qos0(history, away, to);
    }
  }
}

}  // namespace gauntlet::history
