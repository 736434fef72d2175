// D4, D5, D6: no more copies than there must be. D8: a message that is repeated to the broker is
// taken once.

#include <algorithm>

#include "harness/history/guarantees/rules.hpp"

namespace gauntlet::history {
namespace {

// How often the broker had reason to take the message: once, and again for each sending that is a
// message of its own for it.
std::size_t times_taken(const evidence_index& history, const publication_record& message) {
  const evidence& all = history.all();
  std::size_t taken = 0;
  const publish_attempt* before = nullptr;
  for (const publish_attempt& attempt : message.attempts) {
    if (!attempt.publish.has_passed()) continue;
    if (message.qos != mqtt::qos::exactly_once || before == nullptr) {
      ++taken;
    } else {
      const bool finished = before->pubrel.has_passed() ||
                            (before->answer.was_sent() && mqtt::is_error(before->answer_code));
      const std::uint32_t was = history.session_of(before->connection);
      const bool other_session = was != history.session_of(attempt.connection) || was == none;
      const bool other_identifier = before->packet_identifier != attempt.packet_identifier;
      const bool died = history.excused_by_death(all.connections[before->connection].opened,
                                                 attempt.publish.passed);
      if (finished || other_session || other_identifier || died) ++taken;
    }
    before = &attempt;
  }
  return taken;
}

std::size_t matching(const evidence_index& history, std::uint32_t session,
                     const publication_record& message) {
  std::size_t count = 0;
  for (const std::uint32_t index : history.subscriptions_of(session)) {
    const subscription_record& each = history.all().subscriptions[index];
    if (history.matches(each, message.topic) &&
        history.possible(each, message.first_sent(), never - std::chrono::seconds(1)) &&
        !each.was_there) {
      ++count;
    }
  }
  return std::max<std::size_t>(count, 1);
}

finding twice(const evidence_index& history, const delivery_record& first,
              const delivery_record& second, std::string_view rule, std::string_view class_name) {
  const evidence& all = history.all();
  return {.rule = rule,
          .class_name = class_name,
          .sentence = all.clients[second.client] + " got the message on " +
                      all.topics[second.topic] + " of " + time_text(first.publish.sent) +
                      " again at " + time_text(second.publish.sent),
          .witness = {witness_of(all, first), witness_of(all, second)}};
}

struct pair_account {
  std::uint32_t session;
  std::uint32_t publication;
  std::span<const std::uint32_t> copies;
};

void judge_pair(const evidence_index& history, const pair_account& pair, findings& to) {
  const evidence& all = history.all();
  const publication_record& message = all.publications[pair.publication];
  std::vector<const delivery_record*> own;  // deliveries of their own, no repetitions
  const bool died = history.excused_by_death(message.first_sent(), all.ended);
  for (const std::uint32_t index : pair.copies) {
    const delivery_record& copy = all.deliveries[index];
    if (copy.retain) continue;  // R3 counts what is sent because of a SUBSCRIBE
    if (copy.repeats == none) {
      // Sent again with DUP: right if the acknowledgement was lost with the connection.
      const bool again = copy.dup && std::ranges::any_of(own, [&](const delivery_record* before) {
                           return before->packet_identifier == copy.packet_identifier &&
                                  before->connection != copy.connection &&
                                  !history.had(before->answer, before->connection);
                         });
      if (!again) own.push_back(&copy);
      continue;
    }
    const delivery_record& original = all.deliveries[copy.repeats];
    to.asked("D5");
    if (original.connection == copy.connection) {
      finding found = twice(history, original, copy, "D5", "gratuitous-duplicate");
      const bool v5 = all.connections[copy.connection].version == mqtt::protocol_version::v5;
      if (!v5) found.verdict = guarantee_verdict::warn;
      to.add(std::move(found));
    }
  }
  if (own.empty() || died) return;
  const std::size_t taken = times_taken(history, message);
  const std::size_t allowed = taken * matching(history, pair.session, message);
  const mqtt::qos qos = own.front()->qos;
  to.asked(qos == mqtt::qos::exactly_once ? "D4" : qos == mqtt::qos::at_least_once ? "D5" : "D6");
  if (own.size() <= allowed || taken == 0) return;
  const delivery_record& second = *own[allowed];
  if (qos == mqtt::qos::exactly_once || message.qos == mqtt::qos::exactly_once) {
    const bool repeated = message.attempts.size() > 1;
    to.add(twice(history, *own.front(), second, repeated ? "D8" : "D4",
                 repeated ? "taken-twice" : "duplicate"));
  } else if (qos == mqtt::qos::at_least_once) {
    to.add(twice(history, *own.front(), second, "D5", "gratuitous-duplicate"));
  } else {
    to.add(twice(history, *own.front(), second, "D6", "duplicate-qos0"));
  }
}

}  // namespace

void check_duplicates(const evidence_index& history, findings& to) {
  const evidence& all = history.all();
  for (std::uint32_t session = 0; session < history.sessions().size(); ++session) {
    std::vector<std::uint32_t> messages;
    for (const std::uint32_t index : history.deliveries_to(session)) {
      const delivery_record& delivery = all.deliveries[index];
      if (delivery.publication == none || delivery.will_of != none) continue;
      if (!all.publications[delivery.publication].ambiguous) {
        messages.push_back(delivery.publication);
      }
    }
    std::ranges::sort(messages);
    messages.erase(std::unique(messages.begin(), messages.end()), messages.end());
    for (const std::uint32_t publication : messages) {
      judge_pair(history, {session, publication, history.copies(session, publication)}, to);
    }
  }
}

}  // namespace gauntlet::history
