// D1: nothing is made up. D2: nothing is changed.

#include <algorithm>

#include "harness/history/guarantees/rules.hpp"

namespace gauntlet::history {
namespace {

finding about(const evidence_index& history, const delivery_record& delivery, std::string_view rule,
              std::string_view class_name, std::string what) {
  const evidence& all = history.all();
  finding made{.rule = rule,
               .class_name = class_name,
               .sentence = all.clients[delivery.client] + " got a message on " +
                           all.topics[delivery.topic] + " at " + time_text(delivery.publish.sent) +
                           " " + std::move(what)};
  if (delivery.publication != none) {
    const publication_record& message = all.publications[delivery.publication];
    made.witness.push_back(witness_of(all, message.attempts.front(), message));
  }
  made.witness.push_back(witness_of(all, delivery));
  return made;
}

// Why nobody may send this delivery, or nothing.
std::optional<finding> made_up(const evidence_index& history, const delivery_record& delivery,
                               std::uint32_t session) {
  const evidence& all = history.all();
  if (delivery.publication == none && delivery.will_of == none) {
    return about(history, delivery, "D1", "unexpected", "that nobody sent");
  }
  if (delivery.publication != none && delivery.will_of == none) {
    const publication_record& message = all.publications[delivery.publication];
    if (message.outcome == publish_outcome::absent && !message.ambiguous) {
      return about(history, delivery, "D1", "ghost", "that never reached the broker");
    }
    if (message.outcome == publish_outcome::rejected && !message.ambiguous) {
      return about(history, delivery, "D1", "rejected-delivered",
                   "that the broker had refused to its publisher");
    }
  }
  bool asked = false, open = false;
  for (const std::uint32_t index : history.subscriptions_of(session)) {
    const subscription_record& each = all.subscriptions[index];
    if (each.subscribe.sent > delivery.publish.sent || !history.matches(each, delivery.topic)) {
      continue;
    }
    asked = true;
    const time_point since = delivery.publication == none
                                 ? delivery.publish.sent - std::chrono::seconds(1)
                                 : all.publications[delivery.publication].first_sent();
    open = open || each.unsuback.sent >= since || delivery.retain;
  }
  // A session that began unseen may have subscriptions that were not seen either.
  const std::uint32_t first = history.sessions()[session].connections.front();
  if (!asked && all.connections[first].session_present) return std::nullopt;
  if (!asked) {
    return about(history, delivery, "D1", "wrong-session", "without a subscription that matches");
  }
  if (!open) {
    return about(history, delivery, "D1", "after-unsubscribe",
                 "that was sent after its subscription had ended");
  }
  return std::nullopt;
}

}  // namespace

void check_nothing_made_up(const evidence_index& history, findings& to) {
  const evidence& all = history.all();
  for (std::uint32_t session = 0; session < history.sessions().size(); ++session) {
    for (const std::uint32_t index : history.deliveries_to(session)) {
      const delivery_record& delivery = all.deliveries[index];
      if (all.topics[delivery.topic].starts_with('$') || delivery.repeats != none) continue;
      to.asked("D1");
      if (auto found = made_up(history, delivery, session)) to.add(std::move(*found));
    }
  }
}

namespace {

// The subscriptions that can be meant by a delivery: those that match and were asked for before.
std::vector<const subscription_record*> meant(const evidence_index& history, std::uint32_t session,
                                              const delivery_record& delivery, time_point since) {
  std::vector<const subscription_record*> found;
  for (const std::uint32_t index : history.subscriptions_of(session)) {
    const subscription_record& each = history.all().subscriptions[index];
    if (!history.matches(each, delivery.topic) || each.subscribe.sent > delivery.publish.sent) {
      continue;
    }
    if (std::min(each.unsuback.sent, each.ended) >= since) found.push_back(&each);
  }
  return found;
}

void judge_content(const evidence_index& history, const delivery_record& delivery,
                   std::uint32_t session, findings& to) {
  const publication_record& sent = history.all().publications[delivery.publication];
  const auto corrupt = [&](const char* what) {
    to.add(about(history, delivery, "D2", "corrupt", what));
  };
  if (sent.topic != delivery.topic) return corrupt("whose topic is not that of its publisher");
  if (sent.content.payload_digest != delivery.content.payload_digest) {
    return corrupt("whose payload is not what was published");
  }
  const auto subscriptions = meant(history, session, delivery, sent.first_sent());
  if (subscriptions.empty()) return;
  const connection_record& receiver = history.all().connections[delivery.connection];
  const bool both_v5 =
      receiver.version == mqtt::protocol_version::v5 &&
      history.all().connections[sent.attempts.front().connection].version == receiver.version;
  if (both_v5 && sent.content.properties_digest != delivery.content.properties_digest) {
    return corrupt("whose properties are not those published");
  }
  const auto fits = [&](const subscription_record* each) {
    return each->accepted() &&
           delivery.qos == std::min(sent.qos, static_cast<mqtt::qos>(each->granted));
  };
  const bool sure = std::ranges::all_of(
      subscriptions, [](const subscription_record* each) { return each->suback.was_sent(); });
  if (sure && std::ranges::none_of(subscriptions, fits)) {
    return corrupt("with a QoS that is not the lower of those published and granted");
  }
  for (const std::uint32_t identifier : delivery.subscription_identifiers) {
    if (std::ranges::none_of(subscriptions, [&](const subscription_record* each) {
          return each->identifier == identifier;
        })) {
      return corrupt("with a Subscription Identifier of no subscription that matches");
    }
  }
  if (delivery.subscription_identifiers.empty() && !subscriptions.empty() &&
      std::ranges::all_of(subscriptions,
                          [](const subscription_record* each) { return each->identifier != 0; })) {
    corrupt("without its Subscription Identifier");
  }
}

}  // namespace

void check_nothing_changed(const evidence_index& history, findings& to) {
  const evidence& all = history.all();
  for (const malformed_record& each : all.malformed) {
    to.add({.rule = "D2",
            .class_name = "malformed",
            .sentence = "the broker sent " + all.clients[all.connections[each.connection].client] +
                        " a packet that cannot be read, at " + time_text(each.times.sent) + ": " +
                        each.why,
            .witness = {{.connection = each.connection,
                         .way = direction::to_client,
                         .times = each.times,
                         .what = each.why}}});
  }
  for (std::uint32_t session = 0; session < history.sessions().size(); ++session) {
    for (const std::uint32_t index : history.deliveries_to(session)) {
      const delivery_record& delivery = all.deliveries[index];
      if (delivery.publication == none) continue;
      const publication_record& message = all.publications[delivery.publication];
      if (message.ambiguous) continue;
      to.asked("D2");
      judge_content(history, delivery, session, to);
    }
  }
}

}  // namespace gauntlet::history
