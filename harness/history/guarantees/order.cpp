// O1: messages of one publisher, topic and QoS come in the order in which they were sent. O2: with
// a Receive Maximum of 1 that holds for second copies, too. O4: and for the one member of a shared
// subscription.

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

bool is_alone(const evidence_index& history, std::uint32_t session,
              const subscription_record& shared) {
  return std::ranges::all_of(history.all().subscriptions, [&](const subscription_record& other) {
    return other.share_name != shared.share_name || other.filter != shared.filter ||
           history.session_of(other.connection) == session;
  });
}

// The client took one message at a time whenever it was connected.
bool takes_one_at_a_time(const evidence_index& history, std::uint32_t session) {
  const auto& connections = history.sessions()[session].connections;
  return std::ranges::all_of(connections, [&](std::uint32_t number) {
    return history.all().connections[number].receive_maximum == 1;
  });
}

// The rule for deliveries of a topic to a session; empty: nothing is claimed.
std::string_view rule_of(const evidence_index& history, std::uint32_t session,
                         std::uint32_t topic) {
  const evidence& all = history.all();
  bool shared = false;
  bool ordinary = false;
  for (const std::uint32_t number : history.subscriptions_of(session)) {
    const subscription_record& each = all.subscriptions[number];
    if (!history.matches(each, topic)) continue;
    if (each.share_name.empty()) {
      ordinary = true;
    } else if (shared || !is_alone(history, session, each)) {
      return {};  // two groups, or several members
    } else {
      shared = true;
    }
  }
  if (!shared) return takes_one_at_a_time(history, session) ? "O2" : "O1";
  return ordinary ? std::string_view() : "O4";
}

finding reordered(const evidence_index& history, std::string_view rule, const place& before,
                  const delivery_record& now) {
  const evidence& all = history.all();
  const publication_record& message = all.publications[now.publication];
  const publication_record& later = all.publications[before.publication];
  const bool sure = order_is_sure(history, message, later);
  return {.rule = rule,
          .class_name = "reordered",
          .verdict = sure ? guarantee_verdict::fail : guarantee_verdict::indeterminate,
          .sentence = all.clients[now.client] + " got the message on " + all.topics[now.topic] +
                      " of " + time_text(message.first_sent()) + " after that of " +
                      time_text(later.first_sent()),
          .witness = {witness_of(all, message.attempts.front(), message),
                      witness_of(all, later.attempts.front(), later),
                      witness_of(all, *before.delivery), witness_of(all, now)}};
}

void judge_session(const evidence_index& history, std::uint32_t session, findings& to) {
  const evidence& all = history.all();
  std::map<std::uint32_t, std::string_view> rules;  // of topics
  using stream = std::tuple<std::uint32_t, std::uint32_t, mqtt::qos, mqtt::qos, std::uint32_t>;
  std::map<stream, place> last;
  for (const std::uint32_t index : history.deliveries_to(session)) {
    const delivery_record& each = all.deliveries[index];
    if (each.publication == none || each.retain) continue;
    const publication_record& message = all.publications[each.publication];
    if (message.ambiguous) continue;
    const auto [known, fresh] = rules.try_emplace(each.topic);
    if (fresh) known->second = rule_of(history, session, each.topic);
    if (known->second.empty()) continue;
    // Whoever is away may lose the message to a member that comes in between.
    const bool while_connected = known->second == "O4";
    if (while_connected && message.first_sent() < all.connections[each.connection].connack.sent) {
      continue;
    }
    place& before = last[{message.client, message.topic, message.qos, each.qos,
                          while_connected ? each.connection : none}];
    const bool goes_back = before.publication != none && each.publication < before.publication;
    const bool first = history.copies(session, each.publication).front() == index;
    const bool again = each.repeats != none;
    if (again && (known->second != "O2" ||
                  history.excused_by_death(message.first_sent(), each.publish.sent))) {
      continue;
    }
    to.asked(known->second);
    if (goes_back && (again || first)) {
      to.add(reordered(history, known->second, before, each));
    }
    if (before.publication == none || each.publication > before.publication) {
      before = {each.publication, &each};
    }
  }
}

}  // namespace

void check_order(const evidence_index& history, findings& to) {
  for (std::uint32_t session = 0; session < history.sessions().size(); ++session) {
    judge_session(history, session, to);
  }
}

}  // namespace gauntlet::history
