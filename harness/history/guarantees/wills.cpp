// W1 to W7: wills are published when they are due, once, and never when they are cancelled.

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "harness/history/guarantees/rules.hpp"

namespace gauntlet::history {
namespace {

using namespace std::chrono_literals;

constexpr duration early = 100ms;
constexpr duration edge = 500ms;
constexpr duration grace = 2s;
constexpr duration patience = 30s;
constexpr duration notice = 50ms;  // for a broker to see a FIN or a reset

enum class expectation : std::uint8_t { due, never_due, open };

// What is to become of the will of one connection.
struct fate {
  expectation expected = expectation::open;
  std::string_view rule = "W1";
  time_point earliest = never;  ///< due between these
  time_point latest = never;
  std::string_view wrong = "will-although-cancelled";
};

struct ending {
  time_point from = never, to = never;
};

ending end_of(const evidence_index& history, std::uint32_t number) {
  const connection_record& connection = history.all().connections[number];
  const time_point at = history.ended_at_broker(number);
  if (at == never) return {};
  const bool told = connection.broker_end.by_link && !connection.disconnect.has_passed();
  return {at, told ? at + notice : at + notice};
}

bool is_taken_over(const evidence_index& history, std::uint32_t number) {
  const std::uint32_t next = history.next_of(number);
  if (next == none) return false;
  const connection_record& after = history.all().connections[next];
  return after.connect.has_passed() && after.connect.passed <= history.ended_at_broker(number);
}

// The end of the will when the client comes back before it is due.
fate with_return(const evidence_index& history, std::uint32_t number, fate due, bool delayed) {
  const evidence& all = history.all();
  const std::uint32_t next = history.next_of(number);
  if (next == none || !delayed) return due;
  const connection_record& back = all.connections[next];
  const time_point at = back.connect.passed;
  if (at == never || at > due.latest + edge) return due;
  if (!back.accepted() || back.clean_start || !back.session_present || at > due.earliest - edge) {
    return {.expected = expectation::open,
            .rule = "W3",
            .earliest = due.earliest,
            .latest = due.latest};
  }
  return {.expected = expectation::never_due,
          .rule = "W2",
          .earliest = due.earliest,
          .latest = due.latest};
}

fate fate_of(const evidence_index& history, std::uint32_t number) {
  const evidence& all = history.all();
  const connection_record& connection = all.connections[number];
  const ending end = end_of(history, number);
  if (end.from == never) {
    return {.expected = connection.broker_end.silent ? expectation::open : expectation::never_due,
            .rule = "W2",
            .wrong = "will-early"};
  }
  if (history.broker_died(connection.connect.sent, end.to + grace)) return {};
  const bool farewell =
      connection.disconnect.has_passed() && connection.disconnect.passed <= end.from;
  const bool normal = connection.disconnect_code == mqtt::reason_code::normal_disconnection;
  if (farewell && normal) return {.expected = expectation::never_due, .rule = "W2"};
  const duration delay =
      std::chrono::seconds(std::min(connection.will->delay_s, connection.session_expiry_s));
  fate due{.expected = expectation::due,
           .rule = farewell ? "W4" : "W1",
           .earliest = end.from + delay,
           .latest = end.to + delay};
  if (history.broker_died(end.from, due.latest)) {
    return {.expected = expectation::open, .rule = "W7"};
  }
  const bool delayed = connection.will->delay_s > 0;
  if (farewell || !is_taken_over(history, number)) {
    return with_return(history, number, due, delay > 0s || delayed);
  }
  const connection_record& after = all.connections[history.next_of(number)];
  due.rule = "W5";
  if (!after.accepted()) return {.expected = expectation::open, .rule = "W5"};
  if (!delayed) return due;
  if (after.clean_start) {
    // The session ends with the old connection, and the will with it.
    if (connection.session_expiry_s == 0) return {.expected = expectation::open, .rule = "W5"};
    due.earliest = end.from;
    due.latest = std::max(end.to, after.connack.sent);
    return due;
  }
  if (connection.session_expiry_s == 0) return {.expected = expectation::open, .rule = "W5"};
  return {.expected = expectation::never_due, .rule = "W5", .wrong = "will-although-resumed"};
}

// Who hears of wills on this topic: an ordinary subscription of a session that lasted.
std::optional<mqtt::qos> hears(const evidence_index& history, std::uint32_t session,
                               const will_record& will, time_point from, time_point to) {
  for (const std::uint32_t number : history.subscriptions_of(session)) {
    const subscription_record& each = history.all().subscriptions[number];
    if (!each.share_name.empty() || !history.matches(each, will.topic)) continue;
    if (history.definite(each, from, std::min(to, history.all().ended))) {
      return std::min(will.qos, static_cast<mqtt::qos>(each.granted));
    }
  }
  return std::nullopt;
}

class will_judge {
 public:
  will_judge(const evidence_index& history, findings& to)
      : history_(history), all_(history.all()), to_(to) {}

  void judge(std::uint32_t connection, std::uint32_t session);

 private:
  finding about(std::uint32_t number, const fate& of, std::string_view class_name,
                const std::string& what) const;
  void judge_copies(std::uint32_t number, const fate& of,
                    const std::vector<const delivery_record*>& copies, bool attended);
  void judge_content(std::uint32_t number, const delivery_record& copy, mqtt::qos qos);

  const evidence_index& history_;
  const evidence& all_;
  findings& to_;
};

finding will_judge::about(std::uint32_t number, const fate& of, std::string_view class_name,
                          const std::string& what) const {
  const connection_record& connection = all_.connections[number];
  finding made{.rule = of.rule,
               .class_name = class_name,
               .sentence = "the will of " + all_.clients[connection.client] +
                           ", whose connection ended at " +
                           time_text(history_.ended_at_broker(number)) + ", " + what};
  made.witness.push_back({.connection = number,
                          .way = direction::to_broker,
                          .times = connection.connect,
                          .what = "CONNECT with a will on " + all_.topics[connection.will->topic]});
  if (connection.disconnect.was_sent()) {
    made.witness.push_back({.connection = number,
                            .way = direction::to_broker,
                            .times = connection.disconnect,
                            .what = "DISCONNECT"});
  }
  return made;
}

void will_judge::judge_content(std::uint32_t number, const delivery_record& copy, mqtt::qos qos) {
  const will_record& will = *all_.connections[number].will;
  const bool v5 = all_.connections[copy.connection].version == mqtt::protocol_version::v5 &&
                  all_.connections[number].version == mqtt::protocol_version::v5;
  to_.asked("W6");
  const char* what = nullptr;
  if (copy.has_will_delay) what = "was published with its Will Delay Interval";
  if (copy.qos != qos) what = "was published with another QoS";
  if (v5 && copy.content.properties_digest != will.content.properties_digest) {
    what = "was published with other properties";
  }
  if (copy.content.payload_digest != will.content.payload_digest) {
    what = "was published with another payload";
  }
  if (what == nullptr) return;
  finding found = about(number, {.rule = "W6"}, "will-altered", what);
  found.witness.push_back(witness_of(all_, copy));
  to_.add(std::move(found));
}

void will_judge::judge_copies(std::uint32_t number, const fate& of,
                              const std::vector<const delivery_record*>& copies, bool attended) {
  const auto add = [&](std::string_view class_name, const std::string& what,
                       guarantee_verdict verdict = guarantee_verdict::fail) {
    finding found = about(number, of, class_name, what);
    found.verdict = verdict;
    for (const delivery_record* copy : copies) found.witness.push_back(witness_of(all_, *copy));
    to_.add(std::move(found));
  };
  if (copies.size() > 1) add("will-twice", "was published twice");
  if (of.expected == expectation::open) return;
  to_.asked(of.rule);
  if (of.expected == expectation::never_due) {
    if (!copies.empty()) add(of.wrong, "was published although it was not due");
    return;
  }
  if (copies.empty()) {
    if (of.latest + grace > all_.ended) return;
    const bool sure = of.latest + patience < all_.ended;
    add("will-missing", "was not published, due at " + time_text(of.latest),
        sure ? guarantee_verdict::fail : guarantee_verdict::indeterminate);
    return;
  }
  const time_point sent = copies.front()->publish.sent;
  if (sent < of.earliest - early) {
    add("will-early", "was published before " + time_text(of.earliest));
  } else if (attended && sent > of.latest + patience) {
    add("will-missing", "was published only at " + time_text(sent));
  } else if (attended && sent > of.latest + grace) {
    add("will-late", "was published at " + time_text(sent) + ", due at " + time_text(of.latest),
        guarantee_verdict::warn);
  }
}

void will_judge::judge(std::uint32_t number, std::uint32_t session) {
  const connection_record& connection = all_.connections[number];
  const will_record& will = *connection.will;
  const fate of = fate_of(history_, number);
  const time_point from = connection.connect.sent;
  const time_point to = of.latest == never ? all_.ended : of.latest + grace;
  const auto qos = hears(history_, session, will, from, to);
  if (!qos || !history_.lasts(session)) return;
  if (*qos == mqtt::qos::at_most_once &&
      history_.connected_through(session, from, std::min(to, all_.ended)) == none) {
    return;
  }
  std::vector<const delivery_record*> copies;
  for (const std::uint32_t index : history_.deliveries_of(will.key)) {
    const delivery_record& each = all_.deliveries[index];
    if (history_.session_of(each.connection) != session) continue;
    if (each.publication != none || each.retain) return;  // a message of its own, or ambiguous
    if (each.repeats == none && each.publish.sent >= from) copies.push_back(&each);
  }
  const bool attended = history_.connected_through(session, from, std::min(to, all_.ended)) != none;
  judge_copies(number, of, copies, attended);
  for (const delivery_record* copy : copies) judge_content(number, *copy, *qos);
}

}  // namespace

void check_wills(const evidence_index& history, findings& to) {
  const evidence& all = history.all();
  will_judge judge(history, to);
  std::map<message_key, std::uint32_t> uses;
  for (const connection_record& each : all.connections) {
    if (each.will) ++uses[each.will->key];
  }
  for (std::uint32_t number = 0; number < all.connections.size(); ++number) {
    const connection_record& connection = all.connections[number];
    if (!connection.will || !connection.accepted()) continue;
    // Equal wills of several connections cannot be told apart.
    if (uses[connection.will->key] > 1) continue;
    for (std::uint32_t session = 0; session < history.sessions().size(); ++session) {
      judge.judge(number, session);
    }
  }
}

}  // namespace gauntlet::history
