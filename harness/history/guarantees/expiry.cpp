// E1 to E4: messages with a Message Expiry Interval are delivered in time, with what is left of it,
// or not at all.

#include <algorithm>
#include <string>

#include "harness/history/guarantees/owed.hpp"
#include "harness/history/guarantees/rules.hpp"

namespace gauntlet::history {
namespace {

using namespace std::chrono_literals;

constexpr duration edge = 1s;
// Intervals are whole seconds, rounded either way, and the broker is some way behind the link.
constexpr duration rounding = 1250ms;

struct waiting {
  duration shortest, longest;  ///< how long the broker had the message when it sent it
};

waiting waited(const publication_record& message, time_point sent) {
  time_point first = never, last = time_point::min();
  for (const publish_attempt& attempt : message.attempts) {
    if (!attempt.publish.has_passed() || attempt.publish.passed > sent) continue;
    first = std::min(first, attempt.publish.passed);
    last = std::max(last, attempt.publish.passed);
  }
  if (first == never) return {0s, 0s};
  return {sent - last, sent - first};
}

finding about(const evidence_index& history, const delivery_record& delivery, std::string_view rule,
              std::string_view class_name, const std::string& what) {
  const evidence& all = history.all();
  const publication_record& message = all.publications[delivery.publication];
  return {
      .rule = rule,
      .class_name = class_name,
      .sentence = all.clients[delivery.client] + " got the message on " +
                  all.topics[delivery.topic] + " of " + time_text(message.first_sent()) +
                  ", which was to expire after " + std::to_string(*message.expiry_s) + " s, at " +
                  time_text(delivery.publish.sent) + " " + what,
      .witness = {witness_of(all, message.attempts.front(), message), witness_of(all, delivery)}};
}

bool is_shared(const evidence_index& history, const delivery_record& delivery) {
  const std::uint32_t session = history.session_of(delivery.connection);
  if (session == none) return false;
  return std::ranges::any_of(history.subscriptions_of(session), [&](std::uint32_t number) {
    const subscription_record& each = history.all().subscriptions[number];
    return !each.share_name.empty() && history.matches(each, delivery.topic);
  });
}

void judge_delivery(const evidence_index& history, const delivery_record& delivery, findings& to) {
  const publication_record& message = history.all().publications[delivery.publication];
  const duration interval = std::chrono::seconds(*message.expiry_s);
  const waiting time = waited(message, delivery.publish.sent);
  // DUP without a first sending that the link saw: it was lost between the broker and the link.
  if (delivery.dup) return;
  to.asked("E2");
  if (time.shortest > interval + edge) {
    finding found =
        about(history, delivery, delivery.retain ? "R3" : "E2",
              delivery.retain ? "expired-retained" : "expired-delivered", "for the first time");
    // Another member of a shared subscription may have been sent it in time.
    if (is_shared(history, delivery)) found.verdict = guarantee_verdict::indeterminate;
    to.add(std::move(found));
    return;
  }
  if (history.all().connections[delivery.connection].version != mqtt::protocol_version::v5) return;
  to.asked("E1");
  if (!delivery.expiry_s) {
    to.add(about(history, delivery, "E1", "expiry-missing", "without Message Expiry Interval"));
    return;
  }
  const duration left = std::chrono::seconds(*delivery.expiry_s);
  if (left < interval - time.longest - rounding || left > interval - time.shortest + rounding) {
    to.add(about(history, delivery, "E1", "expiry-wrong",
                 "with " + std::to_string(*delivery.expiry_s) + " s left"));
  }
}

// E3: whoever was there in time gets it.
void judge_in_time(const evidence_index& history, std::uint32_t session, findings& to) {
  const evidence& all = history.all();
  if (!history.lasts(session)) return;
  for (const std::uint32_t number : history.subscriptions_of(session)) {
    const subscription_record& subscription = all.subscriptions[number];
    if (!subscription.share_name.empty() || !subscription.accepted()) continue;
    for (const std::uint32_t topic : history.topics_of(subscription.filter)) {
      const auto on_topic = history.publications_on(topic);
      for (std::size_t i = 0; i < on_topic.size(); ++i) {
        const publication_record& message = all.publications[on_topic[i]];
        if (!message.expiry_s || *message.expiry_s < 2 || message.ambiguous) continue;
        if (!is_owed(history, subscription, message)) continue;
        const time_point limit =
            history.reached(message) + std::chrono::seconds(*message.expiry_s) - edge;
        if (limit > all.ended) continue;
        if (history.connected_through(session, message.first_sent(), limit) == none) continue;
        to.asked("E3");
        if (was_delivered(history, session, on_topic[i])) continue;
        // A later message that came in time shows that there was room for this one.
        const bool room = std::any_of(on_topic.begin() + static_cast<std::ptrdiff_t>(i),
                                      on_topic.end(), [&](std::uint32_t later) {
                                        const auto copies = history.copies(session, later);
                                        return !copies.empty() &&
                                               all.deliveries[copies.front()].publish.sent < limit;
                                      });
        to.add({.rule = "E3",
                .class_name = "expired-early",
                .verdict = room ? guarantee_verdict::fail : guarantee_verdict::indeterminate,
                .sentence = all.clients[subscription.client] +
                            " was connected and never got the message on " + all.topics[topic] +
                            " of " + time_text(message.first_sent()) + ", which was to last " +
                            std::to_string(*message.expiry_s) + " s",
                .witness = {witness_of(all, message.attempts.front(), message)}});
      }
    }
  }
}

// E4: what was sent once is completed, expired or not.
void judge_in_flight(const evidence_index& history, std::uint32_t session, findings& to) {
  const evidence& all = history.all();
  if (!history.lasts(session)) return;
  const auto deliveries = history.deliveries_to(session);
  const std::uint32_t last = history.sessions()[session].connections.back();
  for (const std::uint32_t index : deliveries) {
    const delivery_record& each = all.deliveries[index];
    if (each.publication == none || each.qos == mqtt::qos::at_most_once) continue;
    if (!all.publications[each.publication].expiry_s || each.connection == last) continue;
    if (each.answer.has_passed()) continue;
    const bool again = std::ranges::any_of(
        deliveries, [&](std::uint32_t other) { return all.deliveries[other].repeats == index; });
    to.asked("E4");
    if (!again && !history.excused_by_death(each.publish.sent, all.ended)) {
      to.add(about(history, each, "E4", "expired-in-flight",
                   "and not again on the resumed session, though it was not acknowledged"));
    }
  }
}

}  // namespace

void check_expiry(const evidence_index& history, findings& to) {
  const evidence& all = history.all();
  for (const delivery_record& each : all.deliveries) {
    if (each.publication == none || each.repeats != none) continue;
    const publication_record& message = all.publications[each.publication];
    if (message.expiry_s && !message.ambiguous) judge_delivery(history, each, to);
  }
  for (std::uint32_t session = 0; session < history.sessions().size(); ++session) {
    judge_in_time(history, session, to);
    judge_in_flight(history, session, to);
  }
}

}  // namespace gauntlet::history
