// R1 to R4: a topic with retained messages is a register. What a SUBSCRIBE reads is the last value,
// or one that was being written.

#include <algorithm>
#include <map>
#include <string>

#include "harness/history/guarantees/rules.hpp"

namespace gauntlet::history {
namespace {

using namespace std::chrono_literals;

constexpr duration quiet = 1s;

// One write: a PUBLISH with RETAIN 1, or a will with Will Retain that was seen.
struct version {
  std::uint32_t publication = none;
  message_key key = 0;
  time_point sent{};
  time_point done = never;  ///< from here on it has taken effect; `never`: perhaps it has not
  bool owned = false;
  bool nothing = false;    ///< an empty payload
  bool droppable = false;  ///< QoS 0: the broker may forget it at any time
  time_point expires = never;
};

// One SUBSCRIBE that asks for the retained message of one topic.
struct ask {
  const subscription_record* by = nullptr;
  std::uint32_t session = none;
  bool wanted = true;  ///< by Retain Handling
  const delivery_record* answer = nullptr;
};

class topic_register {
 public:
  topic_register(const evidence_index& history, std::uint32_t topic)
      : history_(history), topic_(topic) {
    const evidence& all = history.all();
    for (const std::uint32_t index : history.publications_on(topic)) {
      const publication_record& message = all.publications[index];
      if (!message.retain || message.outcome == publish_outcome::absent ||
          message.outcome == publish_outcome::rejected) {
        continue;
      }
      const bool once = message.qos == mqtt::qos::exactly_once;
      const publish_attempt* first = nullptr;
      for (const publish_attempt& attempt : message.attempts) {
        if (!attempt.publish.has_passed()) continue;
        // Sent again, an old value is written again; at QoS 2 the broker knows it.
        if (first == nullptr) first = &attempt;
        if (!once) add_write(index, message, attempt.publish, attempt.answer.sent);
      }
      if (once && first != nullptr) {
        add_write(index, message, first->publish, history.taken_at(message));
      }
    }
    add_wills();
    std::ranges::stable_sort(versions_, {}, &version::sent);
  }

  bool empty() const { return versions_.empty(); }
  const std::vector<version>& versions() const { return versions_; }

  /// A read in [from, to] may return this version.
  bool allowed(const version& value, time_point from, time_point to) const {
    if (value.sent > to) return false;
    return std::ranges::none_of(versions_, [&](const version& newer) {
      return newer.owned && newer.done < from && newer.sent > value.done;
    });
  }

  bool nothing_allowed(time_point from, time_point to) const {
    const bool written = std::ranges::any_of(
        versions_, [&](const version& each) { return each.owned && each.done < from; });
    if (!written) return true;
    return std::ranges::any_of(versions_, [&](const version& each) {
      if (!allowed(each, from, to)) return false;
      return each.nothing || each.droppable || (each.expires != never && each.expires - 1s <= to);
    });
  }

  /// A read in [from, to] may return what this delivery carries.
  bool allows(const delivery_record& delivery, time_point from, time_point to) const {
    return std::ranges::any_of(versions_, [&](const version& each) {
      return each.key == delivery.key && allowed(each, from, to);
    });
  }

  /// The version that a delivery carries; nullptr if it is none of them.
  const version* of(const delivery_record& delivery) const {
    const version* found = nullptr;
    for (const version& each : versions_) {
      if (each.key == delivery.key && each.sent <= delivery.publish.sent) found = &each;
    }
    return found;
  }

 private:
  void add_write(std::uint32_t index, const publication_record& message,
                 const packet_times& publish, time_point done) {
    version made{.publication = index,
                 .key = message.key,
                 .sent = publish.sent,
                 .done = message.outcome == publish_outcome::owned ? done : never,
                 .nothing = message.content.payload_size == 0,
                 .droppable = message.qos == mqtt::qos::at_most_once};
    made.owned = made.done != never;
    if (message.expiry_s) made.expires = publish.passed + std::chrono::seconds(*message.expiry_s);
    versions_.push_back(made);
  }

  // A will is written when it is published; how long that takes is not seen.
  void add_wills() {
    const evidence& all = history_.all();
    for (const connection_record& connection : all.connections) {
      if (!connection.will || connection.will->topic != topic_ || !connection.will->retain)
        continue;
      version made{.key = connection.will->key,
                   .sent = connection.connect.sent,
                   .nothing = connection.will->content.payload_size == 0,
                   .droppable = connection.will->qos == mqtt::qos::at_most_once};
      if (connection.will->expiry_s) made.expires = made.sent;
      versions_.push_back(made);
    }
  }

  const evidence_index& history_;
  std::uint32_t topic_;
  std::vector<version> versions_;
};

class register_judge {
 public:
  register_judge(const evidence_index& history, std::uint32_t topic, findings& to)
      : history_(history), all_(history.all()), topic_(topic), register_(history, topic), to_(to) {}

  void judge(const std::vector<ask>& asks_of_session);

 private:
  finding about(const delivery_record& delivery, std::string_view rule, std::string_view class_name,
                const std::string& what) const;
  void give_answers(std::vector<ask>& asks);
  void judge_live(const std::vector<ask>& asks, const delivery_record& delivery);
  void judge_answer(const ask& each);
  void judge_missing(const ask& each);
  bool as_published(const std::vector<ask>& asks) const;
  bool may_repeat(const delivery_record& copy, std::uint32_t session) const;

  const evidence_index& history_;
  const evidence& all_;
  std::uint32_t topic_;
  topic_register register_;
  findings& to_;
};

finding register_judge::about(const delivery_record& delivery, std::string_view rule,
                              std::string_view class_name, const std::string& what) const {
  finding made{.rule = rule,
               .class_name = class_name,
               .sentence = all_.clients[delivery.client] + ", retained message of " +
                           all_.topics[topic_] + " at " + time_text(delivery.publish.sent) + ": " +
                           what};
  made.witness.push_back(witness_of(all_, delivery));
  return made;
}

bool register_judge::as_published(const std::vector<ask>& asks) const {
  return std::ranges::any_of(asks,
                             [](const ask& each) { return each.by->options.retain_as_published; });
}

// Sent again with DUP, because the acknowledgement may have been lost with the connection.
bool register_judge::may_repeat(const delivery_record& copy, std::uint32_t session) const {
  if (!copy.dup) return false;
  return std::ranges::any_of(history_.deliveries_to(session), [&](std::uint32_t index) {
    const delivery_record& before = all_.deliveries[index];
    return before.key == copy.key && before.packet_identifier == copy.packet_identifier &&
           before.connection < copy.connection && !history_.had(before.answer, before.connection);
  });
}

// Gives each retained copy to the latest SUBSCRIBE before it that has none yet.
void register_judge::give_answers(std::vector<ask>& asks) {
  const bool mixed = as_published(asks);
  for (const std::uint32_t index : history_.deliveries_to(asks.front().session)) {
    const delivery_record& each = all_.deliveries[index];
    if (each.topic != topic_ || each.repeats != none) continue;
    if (may_repeat(each, asks.front().session)) continue;
    if (!each.retain) {
      judge_live(asks, each);
      continue;
    }
    to_.asked("R3");
    const bool late_will = each.publication == none;
    time_point published = time_point::min();  // last
    if (!late_will) {
      for (const publish_attempt& attempt : all_.publications[each.publication].attempts) {
        if (attempt.publish.has_passed()) published = std::max(published, attempt.publish.passed);
      }
    }
    ask* latest = nullptr;
    const ask* declined = nullptr;
    const ask* taken = nullptr;
    for (ask& candidate : asks) {
      if (candidate.by->subscribe.sent > each.publish.sent) break;
      if (!candidate.wanted) {
        declined = &candidate;
      } else if (candidate.answer == nullptr) {
        latest = &candidate;
      } else {
        taken = &candidate;
      }
    }
    // It may have been on its way when the SUBSCRIBE came.
    const bool live = latest == nullptr || published > latest->by->subscribe.sent - quiet;
    if (mixed && (live || late_will)) continue;  // as published: no answer to a SUBSCRIBE
    if (latest != nullptr) {
      latest->answer = &each;
      continue;
    }
    const time_point last = taken ? taken->by->subscribe.sent : time_point::min();
    if (declined != nullptr && published < declined->by->subscribe.sent &&
        declined->by->subscribe.sent > last) {
      to_.add(about(each, "R3", "retain-handling", "sent though the subscription declined it"));
    } else if (taken != nullptr && published < last) {
      to_.add(about(each, "R3", "retained-twice", "sent again for one subscription"));
    } else {
      to_.add(about(each, "R3", "retain-flag", "RETAIN 1 on a message that is not retained"));
    }
  }
}

// A message to an established subscription.
void register_judge::judge_live(const std::vector<ask>& asks, const delivery_record& delivery) {
  if (delivery.publication == none) return;
  const publication_record& message = all_.publications[delivery.publication];
  if (!message.retain || message.ambiguous) return;
  to_.asked("R3");
  const bool all_as_published = std::ranges::all_of(
      asks, [](const ask& each) { return each.by->options.retain_as_published; });
  const bool before_all =
      history_.taken_at(message) < asks.front().by->subscribe.sent && !asks.front().by->was_there;
  if (before_all) {
    to_.add(about(delivery, "R3", "retain-flag", "RETAIN 0 on a retained message"));
  } else if (all_as_published) {
    to_.add(about(delivery, "R3", "retain-flag", "RETAIN 0 although as published was asked for"));
  }
}

void register_judge::judge_answer(const ask& each) {
  const delivery_record& answer = *each.answer;
  const version* value = register_.of(answer);
  to_.asked("R1");
  if (answer.content.payload_size == 0) {
    // As published, a deletion that was on its way looks the same.
    if (each.by->options.retain_as_published) return;
    to_.add(about(answer, "R3", "empty-retained", "an empty payload is stored"));
    return;
  }
  if (value == nullptr) {
    if (answer.publication != none || answer.will_of != none) {
      to_.add(about(answer, "R3", "retain-flag", "it was not published with RETAIN 1"));
    }
    return;
  }
  const time_point from = each.by->subscribe.sent;
  if (register_.allows(answer, from, answer.publish.sent)) return;
  if (history_.excused_by_death(value->sent, from)) return;
  bool deleted = false;
  const version* newer = nullptr;
  for (const version& other : register_.versions()) {
    if (!other.owned || other.done >= from || other.sent <= value->done) continue;
    deleted = deleted || other.nothing;
    newer = &other;
  }
  const bool died = history_.broker_died(value->sent, from);
  finding found =
      about(answer, died ? "R4" : "R1",
            died      ? "retained-lost"
            : deleted ? "resurrected"
                      : "stale-retained",
            "the value of " + time_text(value->sent) + " although that of " +
                time_text(newer->sent) + " was acknowledged at " + time_text(newer->done));
  if (newer->publication != none) {
    const publication_record& message = all_.publications[newer->publication];
    found.witness.push_back(witness_of(all_, message.attempts.front(), message));
  }
  to_.add(std::move(found));
}

void register_judge::judge_missing(const ask& each) {
  const subscription_record& by = *each.by;
  const time_point until = by.suback.sent + quiet;
  // Only who stayed, and reads at QoS 1 or above, can say that nothing came.
  if (by.granted == 0 || history_.connected_through(each.session, by.suback.sent, until) == none) {
    return;
  }
  if (until > all_.ended) return;
  to_.asked("R1");
  if (register_.nothing_allowed(by.subscribe.sent, until)) return;
  const version* last = nullptr;
  for (const version& value : register_.versions()) {
    if (value.owned && value.done < by.subscribe.sent) last = &value;
  }
  if (last == nullptr || last->publication == none) return;
  if (history_.excused_by_death(last->sent, by.subscribe.sent)) return;
  // With a small Receive Maximum it may have waited behind others, and then for ever.
  const bool crowded = all_.connections[by.connection].receive_maximum < UINT16_MAX;
  const bool died = history_.broker_died(last->sent, by.subscribe.sent);
  const publication_record& message = all_.publications[last->publication];
  to_.add({.rule = died ? "R4" : "R1",
           .class_name = died ? "retained-lost" : "retained-missing",
           .verdict = crowded ? guarantee_verdict::indeterminate : guarantee_verdict::fail,
           .sentence = all_.clients[by.client] + " subscribed to " + by.filter + " at " +
                       time_text(by.subscribe.sent) + " and got no retained message of " +
                       all_.topics[topic_] + ", written at " + time_text(last->sent),
           .witness = {witness_of(all_, message.attempts.front(), message),
                       {.connection = by.connection,
                        .way = direction::to_broker,
                        .times = by.subscribe,
                        .what = "SUBSCRIBE to " + by.filter}}});
}

void register_judge::judge(const std::vector<ask>& asks_of_session) {
  std::vector<ask> asks = asks_of_session;
  give_answers(asks);
  const bool mixed = as_published(asks);
  for (const ask& each : asks) {
    if (each.answer != nullptr) {
      judge_answer(each);
    } else if (each.wanted && !mixed && each.by->accepted()) {
      judge_missing(each);
    }
  }
}

bool wants(const subscription_record& by) {
  switch (by.options.retain_handling) {
    case mqtt::retain_handling::send_at_subscribe:
      return true;
    case mqtt::retain_handling::send_if_new:
      return !by.was_there;
    case mqtt::retain_handling::do_not_send:
      return false;
  }
  return true;
}

}  // namespace

void check_retained(const evidence_index& history, findings& to) {
  const evidence& all = history.all();
  // What each session asked of each topic that anybody ever retained anything on, or was sent so.
  std::vector<bool> is_register(all.topics.size(), false);
  for (const publication_record& each : all.publications) {
    if (each.retain) is_register[each.topic] = true;
  }
  for (const connection_record& each : all.connections) {
    if (each.will && each.will->retain) is_register[each.will->topic] = true;
  }
  for (const delivery_record& each : all.deliveries) {
    if (each.retain && !all.topics[each.topic].starts_with('$')) is_register[each.topic] = true;
  }
  std::map<std::uint32_t, std::map<std::uint32_t, std::vector<ask>>> asks;
  for (const subscription_record& by : all.subscriptions) {
    const std::uint32_t session = history.session_of(by.connection);
    if (session == none || !by.share_name.empty()) continue;
    for (const std::uint32_t topic : history.topics_of(by.filter)) {
      if (!is_register[topic]) continue;
      asks[topic][session].push_back({.by = &by, .session = session, .wanted = wants(by)});
    }
  }
  for (const auto& [topic, sessions] : asks) {
    register_judge judge(history, topic, to);
    for (const auto& [session, of_session] : sessions) judge.judge(of_session);
  }
}

}  // namespace gauntlet::history
