// H1 to H5: of each message one member of a group gets one copy.

#include <algorithm>
#include <map>
#include <string>

#include "harness/history/guarantees/owed.hpp"
#include "harness/history/guarantees/rules.hpp"

namespace gauntlet::history {
namespace {

using group_name = std::pair<std::string, std::string>;  // share name, filter

struct group {
  std::vector<std::uint32_t> members;  // subscriptions
};

bool only_shared(const evidence_index& history, std::uint32_t session, std::uint32_t topic,
                 const group_name& name) {
  for (const std::uint32_t number : history.subscriptions_of(session)) {
    const subscription_record& each = history.all().subscriptions[number];
    if (!history.matches(each, topic)) continue;
    if (each.share_name != name.first || each.filter != name.second) return false;
  }
  return true;
}

finding about(const evidence_index& history, const group_name& name,
              const publication_record& message, std::string_view rule, std::string_view class_name,
              const std::string& what) {
  const evidence& all = history.all();
  return {.rule = rule,
          .class_name = class_name,
          .sentence = "group " + name.first + " of " + name.second + ": the message on " +
                      all.topics[message.topic] + " of " + time_text(message.first_sent()) + " " +
                      what,
          .witness = {witness_of(all, message.attempts.front(), message)}};
}

// When the member was free of the message: its connection ended without acknowledging it.
time_point given_up(const evidence_index& history, const delivery_record& copy) {
  if (copy.answer.has_passed()) return never;
  return history.ended_at_broker(copy.connection);
}

void judge_copies(const evidence_index& history, const group_name& name,
                  const publication_record& message,
                  const std::vector<const delivery_record*>& copies, findings& to) {
  const delivery_record& first = *copies.front();
  std::size_t attempts = 0;
  for (const publish_attempt& attempt : message.attempts) {
    if (attempt.publish.has_passed()) ++attempts;
  }
  for (const delivery_record* second : copies) {
    if (second == &first) continue;
    const auto add = [&](std::string_view rule, std::string_view class_name, const char* what) {
      finding found = about(history, name, message, rule, class_name, what);
      found.witness.push_back(witness_of(history.all(), first));
      found.witness.push_back(witness_of(history.all(), *second));
      to.add(std::move(found));
    };
    if (second->client == first.client) {
      if (message.qos == mqtt::qos::exactly_once && attempts <= 1) {
        add("H1", "shared-duplicate", "came twice to one member");
      }
      continue;
    }
    const bool refused = first.answer.has_passed() && mqtt::is_error(first.answer_code);
    if (refused) {
      add("H4", "refused-redispatched", "went to another member after one had refused it");
    } else if (attempts <= 1 && (second->qos != mqtt::qos::at_least_once ||
                                 given_up(history, first) > second->publish.sent)) {
      add(second->qos == mqtt::qos::at_least_once ? "H3" : "H2", "shared-second-member",
          "went to a second member");
    }
  }
}

void judge_message(const evidence_index& history, const group_name& name, const group& of,
                   std::uint32_t publication, findings& to) {
  const evidence& all = history.all();
  const publication_record& message = all.publications[publication];
  std::vector<const delivery_record*> copies;
  bool promised = false, died = false;
  std::vector<std::uint32_t> sessions;
  for (const std::uint32_t number : of.members) {
    const subscription_record& member = all.subscriptions[number];
    const std::uint32_t session = history.session_of(member.connection);
    if (session == none || !history.matches(member, message.topic)) continue;
    if (!only_shared(history, session, message.topic, name)) return;
    const bool may = history.possible(member, message.first_sent(), all.ended);
    if (!may) continue;
    promised = promised || (is_owed(history, member, message) && history.lasts(session));
    died = died || history.sessions()[session].ends != never || member.unsubscribe.was_sent();
    if (std::ranges::find(sessions, session) == sessions.end()) sessions.push_back(session);
  }
  for (const std::uint32_t session : sessions) {
    for (const std::uint32_t index : history.copies(session, publication)) {
      const delivery_record& copy = all.deliveries[index];
      if (copy.repeats == none && !copy.retain) copies.push_back(&copy);
    }
  }
  std::ranges::stable_sort(copies, {}, [](const delivery_record* c) { return c->publish.sent; });
  to.asked("H1");
  if (copies.empty() && promised && !message.expiry_s && !all.promises.queue_limit) {
    finding found = about(history, name, message, "H1", "shared-lost", "came to no member");
    if (died) found.verdict = guarantee_verdict::indeterminate;
    to.add(std::move(found));
  }
  if (copies.size() > 1 && !history.excused_by_death(message.first_sent(), all.ended)) {
    judge_copies(history, name, message, copies, to);
  }
}

// H5: a SUBSCRIBE to a shared subscription brings no retained messages.
void judge_retained(const evidence_index& history, const group_name& name, const group& of,
                    findings& to) {
  const evidence& all = history.all();
  for (const std::uint32_t number : of.members) {
    const subscription_record& member = all.subscriptions[number];
    const std::uint32_t session = history.session_of(member.connection);
    if (session == none || !member.accepted()) continue;
    to.asked("H5");
    for (const std::uint32_t index : history.deliveries_to(session)) {
      const delivery_record& each = all.deliveries[index];
      if (!each.retain || each.publication == none || member.options.retain_as_published) continue;
      if (each.publish.sent < member.subscribe.sent || !history.matches(member, each.topic) ||
          !only_shared(history, session, each.topic, name)) {
        continue;
      }
      finding found = about(history, name, all.publications[each.publication], "H5",
                            "shared-retained", "was sent as a retained message");
      found.witness.push_back(witness_of(all, each));
      to.add(std::move(found));
      break;
    }
  }
}

}  // namespace

void check_shared_subscriptions(const evidence_index& history, findings& to) {
  const evidence& all = history.all();
  std::map<group_name, group> groups;
  for (std::uint32_t i = 0; i < all.subscriptions.size(); ++i) {
    const subscription_record& each = all.subscriptions[i];
    if (!each.share_name.empty()) groups[{each.share_name, each.filter}].members.push_back(i);
  }
  for (const auto& [name, of] : groups) {
    for (const std::uint32_t topic : history.topics_of(name.second)) {
      for (const std::uint32_t publication : history.publications_on(topic)) {
        if (all.publications[publication].ambiguous) continue;
        judge_message(history, name, of, publication, to);
      }
    }
    judge_retained(history, name, of, to);
  }
}

}  // namespace gauntlet::history
