// D7: what was not acknowledged comes again, unchanged and in order. D9: no more is outstanding
// than the receiver takes, under identifiers of its own. D8, D10, O3: the broker's answers.

#include <algorithm>
#include <functional>
#include <map>

#include "harness/history/guarantees/rules.hpp"

namespace gauntlet::history {
namespace {

finding about(const evidence_index& history, const delivery_record& delivery, std::string_view rule,
              std::string_view class_name, const std::string& what) {
  const evidence& all = history.all();
  return {.rule = rule,
          .class_name = class_name,
          .sentence = "to " + all.clients[delivery.client] + ", " + all.topics[delivery.topic] +
                      " at " + time_text(delivery.publish.sent) + ": " + what,
          .witness = {witness_of(all, delivery)}};
}

std::vector<bool> which_are_repeated(const evidence& all) {
  std::vector<bool> repeated(all.deliveries.size(), false);
  for (const delivery_record& each : all.deliveries) {
    if (each.repeats != none) repeated[each.repeats] = true;
  }
  return repeated;
}

bool is_finished(const delivery_record& delivery) {
  if (delivery.qos == mqtt::qos::at_most_once) return true;
  const bool refused = delivery.answer.has_passed() && mqtt::is_error(delivery.answer_code);
  if (delivery.qos == mqtt::qos::at_least_once || refused) return delivery.answer.has_passed();
  return delivery.pubcomp.has_passed();
}

void judge_repetition(const evidence_index& history, const delivery_record& again, findings& to) {
  const evidence& all = history.all();
  const delivery_record& first = all.deliveries[again.repeats];
  to.asked("D7");
  const auto wrong = [&](const char* what) {
    finding found = about(history, again, "D7", "redelivered-changed", what);
    found.witness.insert(found.witness.begin(), witness_of(all, first));
    to.add(std::move(found));
  };
  if (first.connection == again.connection) return;  // D5 has it
  if (!again.dup) return wrong("sent again with DUP 0");
  if (again.qos != first.qos || again.content != first.content || again.retain != first.retain) {
    return wrong("sent again with other contents");
  }
  if (again.qos == mqtt::qos::exactly_once &&
      (first.pubrel.was_sent() || history.had(first.answer, first.connection))) {
    wrong("PUBLISH sent again although PUBREC had come");
  }
}

// Repetitions on one connection come in the order of the first sendings.
void judge_order_of_repetitions(const evidence_index& history, std::uint32_t session,
                                findings& to) {
  const evidence& all = history.all();
  std::map<std::uint32_t, std::uint32_t> last;  // per connection: the original repeated last
  for (const std::uint32_t index : history.deliveries_to(session)) {
    const delivery_record& again = all.deliveries[index];
    if (again.repeats == none) continue;
    std::uint32_t original = again.repeats;
    while (all.deliveries[original].repeats != none) original = all.deliveries[original].repeats;
    // Sent before, with an acknowledgement that got lost behind the link: nobody knows when.
    if (all.deliveries[original].dup) continue;
    const auto [at, fresh] = last.try_emplace(again.connection, original);
    if (!fresh && original < at->second) {
      finding found = about(history, again, "D7", "redelivered-out-of-order",
                            "sent again after a message that came later");
      const bool v5 = all.connections[again.connection].version == mqtt::protocol_version::v5;
      if (v5) found.verdict = guarantee_verdict::warn;
      to.add(std::move(found));
    }
    at->second = std::max(at->second, original);
  }
}

// QoS 1 of a shared subscription may go to another member (5.0 §4.8.2).
bool may_go_elsewhere(const evidence_index& history, std::uint32_t session,
                      const delivery_record& delivery) {
  if (delivery.qos != mqtt::qos::at_least_once) return false;
  return std::ranges::any_of(history.subscriptions_of(session), [&](std::uint32_t number) {
    const subscription_record& each = history.all().subscriptions[number];
    return !each.share_name.empty() && history.matches(each, delivery.topic);
  });
}

void judge_unfinished(const evidence_index& history, std::uint32_t session,
                      const std::vector<bool>& repeated, findings& to) {
  const evidence& all = history.all();
  if (!history.lasts(session)) return;
  const std::uint32_t last_connection = history.sessions()[session].connections.back();
  const connection_record& last = all.connections[last_connection];
  if (!last.connack.has_passed() || last.connack.passed + std::chrono::seconds(2) > all.ended) {
    return;
  }
  for (const std::uint32_t index : history.deliveries_to(session)) {
    const delivery_record& each = all.deliveries[index];
    if (is_finished(each) || repeated[index] || each.connection == last_connection) continue;
    if (history.excused_by_death(each.publish.sent, all.ended)) continue;
    if (may_go_elsewhere(history, session, each)) continue;
    to.asked("D7");
    if (each.pubrel.was_sent() && each.pubrel.sent >= last.connack.sent) continue;
    to.add(about(history, each, "D7", "not-redelivered",
                 each.answer.has_passed() ? "its PUBREL never came again on the resumed session"
                                          : "never sent again on the resumed session"));
  }
}

}  // namespace

void check_redelivery(const evidence_index& history, findings& to) {
  const std::vector<bool> repeated = which_are_repeated(history.all());
  for (std::uint32_t session = 0; session < history.sessions().size(); ++session) {
    for (const std::uint32_t index : history.deliveries_to(session)) {
      const delivery_record& each = history.all().deliveries[index];
      if (each.repeats != none) judge_repetition(history, each, to);
    }
    judge_order_of_repetitions(history, session, to);
    judge_unfinished(history, session, repeated, to);
  }
}

namespace {

// Counts what is outstanding on each connection: PUBLISH takes a place, the acknowledgement that
// ends it gives it back when the broker has it.
void judge_window(const evidence_index& history, std::uint32_t number,
                  const std::vector<std::uint32_t>& deliveries, findings& to) {
  const evidence& all = history.all();
  const connection_record& connection = all.connections[number];
  if (connection.version != mqtt::protocol_version::v5) return;
  struct change {
    time_point at;
    int by;
    std::uint32_t delivery;
  };
  std::vector<change> changes;
  for (const std::uint32_t index : deliveries) {
    const delivery_record& each = all.deliveries[index];
    changes.push_back({each.publish.sent, 1, index});
    const bool refused = mqtt::is_error(each.answer_code);
    const time_point end =
        each.qos == mqtt::qos::exactly_once && !refused ? each.pubcomp.passed : each.answer.passed;
    if (end != never) changes.push_back({end, -1, index});
  }
  std::ranges::stable_sort(changes, [](const change& a, const change& b) {
    return std::pair(a.at, a.by) < std::pair(b.at, b.by);
  });
  int outstanding = 0;
  for (const change& each : changes) {
    outstanding += each.by;
    if (each.by < 0 || outstanding <= connection.receive_maximum) continue;
    to.add(about(history, all.deliveries[each.delivery], "D9", "receive-maximum-exceeded",
                 std::to_string(outstanding) + " messages outstanding, Receive Maximum is " +
                     std::to_string(connection.receive_maximum)));
    return;
  }
}

}  // namespace

void check_flow_control(const evidence_index& history, findings& to) {
  const evidence& all = history.all();
  std::map<std::uint32_t, std::vector<std::uint32_t>> by_connection;
  for (std::uint32_t i = 0; i < all.deliveries.size(); ++i) {
    const delivery_record& each = all.deliveries[i];
    if (each.qos == mqtt::qos::at_most_once) continue;
    to.asked("D9");
    if (each.packet_identifier == 0) {
      to.add(about(history, each, "D9", "identifier-zero", "Packet Identifier 0"));
    }
    if (each.displaces != none && all.deliveries[each.displaces].connection == each.connection) {
      to.add(about(history, each, "D9", "identifier-in-use",
                   "its Packet Identifier belongs to a message that is not acknowledged"));
    }
    by_connection[each.connection].push_back(i);
  }
  for (const auto& [connection, deliveries] : by_connection) {
    judge_window(history, connection, deliveries, to);
  }
}

namespace {

finding unanswered(const evidence_index& history, const publication_record& message,
                   const publish_attempt& attempt, const char* what) {
  const evidence& all = history.all();
  // What a fault held back may have been lost behind the link.
  const bool sure = attempt.publish.fault == 0 && attempt.publish.passed == attempt.publish.sent;
  return {.rule = "D8",
          .class_name = "unanswered",
          .verdict = sure ? guarantee_verdict::fail : guarantee_verdict::indeterminate,
          .sentence = std::string(what) + " for a message on " + all.topics[message.topic] +
                      " that " + all.clients[message.client] + " sent at " +
                      time_text(attempt.publish.sent),
          .witness = {witness_of(all, attempt, message)}};
}

void judge_answers_in_order(const evidence_index& history,
                            std::vector<std::pair<std::uint32_t, const publish_attempt*>>& of,
                            findings& to) {
  const evidence& all = history.all();
  std::ranges::stable_sort(of, {}, [](const auto& each) { return each.second->publish.passed; });
  const publish_attempt* before = nullptr;
  for (const auto& [publication, attempt] : of) {
    to.asked("O3");
    if (before != nullptr && attempt->answer.sent < before->answer.sent) {
      const publication_record& message = all.publications[publication];
      finding found{.rule = "O3",
                    .class_name = "acknowledgements-reordered",
                    .sentence = "answers to " + all.clients[message.client] +
                                " not in the order of its messages",
                    .witness = {witness_of(all, *attempt, message)}};
      const bool v5 = all.connections[attempt->connection].version == mqtt::protocol_version::v5;
      if (v5) found.verdict = guarantee_verdict::warn;
      to.add(std::move(found));
    }
    before = attempt;
  }
}

// PUBREL packets on one connection, in the order in which the broker had the PUBREC packets.
void judge_releases_in_order(const evidence_index& history, std::uint32_t session,
                             const std::vector<bool>& repeated, findings& to) {
  const evidence& all = history.all();
  std::vector<const delivery_record*> released;
  for (const std::uint32_t index : history.deliveries_to(session)) {
    const delivery_record& each = all.deliveries[index];
    const bool once = each.repeats == none && !repeated[index] && each.answer.fault == 0;
    if (!once || !each.pubrel.was_sent() || !history.had(each.answer, each.connection)) continue;
    released.push_back(&each);
  }
  std::ranges::stable_sort(released, {}, [](const auto* each) { return each->answer.passed; });
  const auto connection_at = [&](time_point when) {
    std::uint32_t at = none;
    for (const std::uint32_t number : history.sessions()[session].connections) {
      if (all.connections[number].connack.sent <= when) at = number;
    }
    return at;
  };
  std::map<std::uint32_t, const delivery_record*> last;  // per connection of the PUBREL
  for (const delivery_record* each : released) {
    const std::uint32_t connection = connection_at(each->pubrel.sent);
    if (connection == none) continue;
    to.asked("O3");
    const auto [before, fresh] = last.try_emplace(connection, each);
    if (!fresh && each->pubrel.sent < before->second->pubrel.sent &&
        before->second->answer.passed < each->answer.passed) {
      finding found = about(history, *each, "O3", "acknowledgements-reordered",
                            "its PUBREL came before one whose PUBREC was there first");
      found.witness.insert(found.witness.begin(), witness_of(all, *before->second));
      const bool v5 = all.connections[connection].version == mqtt::protocol_version::v5;
      if (v5) found.verdict = guarantee_verdict::warn;
      to.add(std::move(found));
    }
    before->second = each;
  }
}

}  // namespace

namespace {

// Something that wants an answer on a connection, and whether it got one.
struct question {
  time_point asked = never;
  bool answered = false;
  std::function<finding()> complain;
};

// An answer is missing for good if a later question on the connection was answered, or if the
// connection stands to the end of the run.
void judge_questions(const evidence_index& history, std::uint32_t connection,
                     std::vector<question>& questions, findings& to) {
  constexpr duration patience = std::chrono::seconds(5);
  std::ranges::stable_sort(questions, {}, &question::asked);
  const bool stands = history.ended_at_broker(connection) == never;
  bool later_answered = false;
  for (auto each = questions.rbegin(); each != questions.rend(); ++each) {
    to.asked("D8");
    if (each->answered) {
      later_answered = true;
    } else if (later_answered || (stands && each->asked + patience < history.all().ended)) {
      to.add(each->complain());
    }
  }
}

using questions_by_connection =
    std::map<std::pair<std::uint32_t, mqtt::packet_type>, std::vector<question>>;

void ask_of_publication(const evidence_index& history, const publication_record& message,
                        questions_by_connection& questions) {
  using mqtt::packet_type;
  const bool once = message.qos == mqtt::qos::exactly_once;
  // An answer may be noted with an earlier sending of the message.
  const auto answered_since = [&](const publish_attempt& of, time_point sent,
                                  packet_times publish_attempt::*answer) {
    for (const publish_attempt& other : message.attempts) {
      if ((other.*answer).was_sent() && (other.*answer).sent >= sent) return true;
      if (&other == &of) break;
    }
    return false;
  };
  for (const publish_attempt& attempt : message.attempts) {
    if (!attempt.publish.has_passed() || attempt.copied) continue;
    questions[{attempt.connection, once ? packet_type::pubrec : packet_type::puback}].push_back(
        {.asked = attempt.publish.passed,
         .answered = answered_since(attempt, attempt.publish.sent, &publish_attempt::answer),
         .complain = [&history, &message, &attempt] {
           return unanswered(history, message, attempt, "no acknowledgement");
         }});
    if (!once || !attempt.pubrel.has_passed()) continue;
    questions[{attempt.connection, packet_type::pubcomp}].push_back(
        {.asked = attempt.pubrel.passed,
         .answered = answered_since(attempt, attempt.pubrel.sent, &publish_attempt::pubcomp),
         .complain = [&history, &message, &attempt] {
           return unanswered(history, message, attempt, "no PUBCOMP");
         }});
  }
}

}  // namespace

void check_answers(const evidence_index& history, findings& to) {
  const evidence& all = history.all();
  std::map<std::pair<std::uint32_t, mqtt::qos>,
           std::vector<std::pair<std::uint32_t, const publish_attempt*>>>
      answered;
  questions_by_connection questions;
  for (std::uint32_t i = 0; i < all.publications.size(); ++i) {
    const publication_record& message = all.publications[i];
    if (message.qos == mqtt::qos::at_most_once) continue;
    ask_of_publication(history, message, questions);
    for (const publish_attempt& attempt : message.attempts) {
      if (!attempt.publish.has_passed() || attempt.copied || !attempt.answer.was_sent()) continue;
      if (attempt.publish.fault == 0 && message.attempts.size() == 1) {
        answered[{attempt.connection, message.qos}].emplace_back(i, &attempt);
      }
    }
  }
  for (const delivery_record& each : all.deliveries) {
    const bool refused = mqtt::is_error(each.answer_code);
    if (each.qos != mqtt::qos::exactly_once || !each.answer.has_passed() || refused) continue;
    questions[{each.connection, mqtt::packet_type::pubrel}].push_back(
        {.asked = each.answer.passed,
         .answered = each.pubrel.was_sent() || each.pubcomp.was_sent(),
         .complain = [&history, &each] {
           return about(history, each, "D8", "unanswered", "no PUBREL for its PUBREC");
         }});
  }
  const std::vector<bool> repeated = which_are_repeated(all);
  for (std::uint32_t session = 0; session < history.sessions().size(); ++session) {
    judge_releases_in_order(history, session, repeated, to);
  }
  for (auto& [of, each] : questions) judge_questions(history, of.first, each, to);
  for (auto& [connection, attempts] : answered) judge_answers_in_order(history, attempts, to);
}

}  // namespace gauntlet::history
