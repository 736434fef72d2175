// S1 to S5: Session Present tells the truth, and what it promises is there.

#include <algorithm>
#include <set>
#include <string>

#include "harness/history/guarantees/owed.hpp"
#include "harness/history/guarantees/rules.hpp"

namespace gauntlet::history {
namespace {

using namespace std::chrono_literals;

constexpr duration edge = 1s;
constexpr duration late_grace = 5s;

finding about(const evidence_index& history, std::uint32_t number, std::string_view rule,
              std::string_view class_name, const std::string& what) {
  const evidence& all = history.all();
  const connection_record& connection = all.connections[number];
  return {.rule = rule,
          .class_name = class_name,
          .sentence = all.clients[connection.client] + ", connected at " +
                      time_text(connection.connect.sent) + ": " + what,
          .witness = {{.connection = number,
                       .way = direction::to_broker,
                       .times = connection.connect,
                       .what = connection.clean_start ? "CONNECT, Clean Start 1"
                                                      : "CONNECT, Clean Start 0"},
                      {.connection = number,
                       .way = direction::to_client,
                       .times = connection.connack,
                       .what = connection.session_present ? "CONNACK, Session Present 1"
                                                          : "CONNACK, Session Present 0"}}};
}

// When the session that `before` leaves behind expires: not before the first, nor after the second.
std::pair<time_point, time_point> expires(const evidence_index& history, std::uint32_t before,
                                          time_point now) {
  const connection_record& old = history.all().connections[before];
  const time_point end = std::min(history.ended_at_broker(before), now);
  if (old.session_expiry_s == UINT32_MAX) return {never, never};
  const duration lasts = std::chrono::seconds(old.session_expiry_s);
  return {end + lasts, end + lasts};
}

void judge_present(const evidence_index& history, std::uint32_t before, std::uint32_t number,
                   findings& to) {
  const connection_record& connection = history.all().connections[number];
  const connection_record& old = history.all().connections[before];
  const time_point asked = connection.connect.passed;
  if (connection.clean_start) {
    to.asked("S2");
    if (connection.session_present) {
      to.add(about(history, number, "S2", "not-clean", "Clean Start 1 got Session Present 1"));
    }
    return;
  }
  const auto [earliest, latest] = expires(history, before, asked);
  // What a fault kept from the broker leaves open when the session ended.
  const bool unsure = old.broker_end.silent || old.version != connection.version;
  if (unsure || history.excused_by_death(old.connack.sent, connection.connack.sent)) return;
  to.asked("S1");
  const bool ends_at_once = old.session_expiry_s == 0;
  if (!connection.session_present && asked + edge < earliest && !ends_at_once) {
    to.add(about(history, number, "S1", "session-lost",
                 "its session was to last until " + time_text(earliest)));
  }
  const bool kept =
      connection.session_present && latest != never &&
      (ends_at_once ? history.ended_at_broker(before) + 50ms < asked : latest + edge < asked);
  if (kept) {
    finding found =
        about(history, number, "S1", "session-kept", "its session ended at " + time_text(latest));
    if (!ends_at_once && asked < latest + late_grace) found.verdict = guarantee_verdict::warn;
    to.add(std::move(found));
  }
}

// The broker that closes a connection for another one says so (MQTT 5.0 §3.1.4, §4.13). Only where
// nothing else can have ended it.
void judge_farewell(const evidence_index& history, std::uint32_t before, std::uint32_t number,
                    findings& to) {
  const connection_record& connection = history.all().connections[number];
  const connection_record& old = history.all().connections[before];
  const end_record& end = old.broker_end;
  const bool by_broker = !end.by_link && end.fault == 0 && old.client_end.fault == 0 &&
                         old.client_end.at >= end.at && !old.disconnect.was_sent() &&
                         end.at >= connection.connect.passed;
  if (old.version != mqtt::protocol_version::v5 || !by_broker ||
      history.broker_died(old.opened, end.at)) {
    return;
  }
  const bool told = old.broker_disconnect.was_sent() &&
                    old.broker_disconnect_code == mqtt::reason_code::session_taken_over;
  if (told) return;
  finding found = about(history, number, "S4", "taken-over-unannounced",
                        "the connection that it took over was closed without DISCONNECT 0x8E");
  found.verdict = guarantee_verdict::warn;
  to.add(std::move(found));
}

void judge_takeover(const evidence_index& history, std::uint32_t before, std::uint32_t number,
                    findings& to) {
  const connection_record& connection = history.all().connections[number];
  const connection_record& old = history.all().connections[before];
  const time_point old_end = history.ended_at_broker(before);
  if (old_end <= connection.connect.passed) return;
  to.asked("S4");
  if (old.broker_end.silent || connection.connack.sent + 5s > history.all().ended) return;
  if (old_end > connection.connack.sent + 5s) {
    to.add(about(history, number, "S4", "old-connection-open",
                 "the connection that it took over was not closed"));
    return;
  }
  judge_farewell(history, before, number, to);
}

// A new session gets nothing that was taken before it began.
void judge_fresh(const evidence_index& history, std::uint32_t session, findings& to) {
  const evidence& all = history.all();
  const std::uint32_t first = history.sessions()[session].connections.front();
  const connection_record& connection = all.connections[first];
  if (connection.session_present) return;
  to.asked("S2");
  for (const std::uint32_t index : history.deliveries_to(session)) {
    const delivery_record& each = all.deliveries[index];
    if (each.publication == none || each.retain) continue;
    const publication_record& message = all.publications[each.publication];
    if (message.retain || message.ambiguous) continue;
    if (history.taken_at(message) >= connection.connect.sent) continue;
    // Sent again since then it is another message for the broker.
    const bool again = std::ranges::any_of(message.attempts, [&](const publish_attempt& attempt) {
      return attempt.publish.has_passed() && attempt.publish.passed >= connection.connect.sent;
    });
    if (again) continue;
    finding found =
        about(history, first, "S2", "not-clean",
              "got a message of " + time_text(message.first_sent()) + " from before its session");
    found.witness.push_back(witness_of(all, each));
    to.add(std::move(found));
    return;
  }
}

struct owed_count {
  std::uint32_t owed = 0;
  std::uint32_t missing = 0;

  void add(const owed_message& message) {
    ++owed;
    if (!message.delivered) ++missing;
  }
  bool all_missing() const { return owed >= 3 && missing == owed; }
};

// A resumed session gets something of what waited for it, and something of what comes then.
void judge_memory(const evidence_index& history, std::uint32_t session, findings& to) {
  const evidence& all = history.all();
  const session_span& span = history.sessions()[session];
  if (!history.lasts(session) || span.connections.size() < 2) return;
  std::vector<owed_count> waited(span.connections.size()), came(span.connections.size());
  for_each_owed(history, session, [&](const owed_message& owed) {
    const publication_record& message = all.publications[owed.publication];
    const time_point sent = message.first_sent(), taken = history.taken_at(message);
    for (std::size_t i = 0; i < span.connections.size(); ++i) {
      const connection_record& connection = all.connections[span.connections[i]];
      const time_point left = i == 0 ? never : history.ended_at_broker(span.connections[i - 1]);
      if (i > 0 && sent > left && taken < connection.connect.sent) waited[i].add(owed);
      if (sent > connection.connack.sent && taken < history.ended_at_broker(span.connections[i])) {
        came[i].add(owed);
      }
    }
  });
  // A backlog is no amnesia: what was sent later shows that the earlier is not to come any more.
  time_point latest_delivered = time_point::min();
  std::set<std::uint32_t> busy;  // connections on which something came
  for (const std::uint32_t index : history.deliveries_to(session)) {
    const delivery_record& each = all.deliveries[index];
    if (each.publication == none || each.retain) continue;
    latest_delivered = std::max(latest_delivered, all.publications[each.publication].first_sent());
    if (each.repeats == none) busy.insert(each.connection);
  }
  for (std::size_t i = 1; i < span.connections.size(); ++i) {
    to.asked("S3");
    const bool backlog = latest_delivered < all.connections[span.connections[i]].connect.sent &&
                         busy.contains(span.connections[i]);
    if (backlog) continue;
    if (waited[i].all_missing()) {
      to.add(about(
          history, span.connections[i], "S3", "amnesia",
          "none of the " + std::to_string(waited[i].owed) + " messages that waited for it came"));
    } else if (came[i].all_missing() && !busy.contains(span.connections[i])) {
      to.add(about(history, span.connections[i], "S3", "amnesia",
                   "none of the " + std::to_string(came[i].owed) +
                       " messages published while it was connected came"));
    }
  }
}

}  // namespace

void check_sessions(const evidence_index& history, findings& to) {
  const evidence& all = history.all();
  for (std::uint32_t client = 0; client < all.clients.size(); ++client) {
    std::uint32_t before = none;
    for (const std::uint32_t number : history.connections_of(client)) {
      const connection_record& connection = all.connections[number];
      if (!connection.accepted()) {
        // Whether the broker took it, and ended a session by it, is not known.
        if (connection.connect.has_passed()) before = none;
        continue;
      }
      if (before != none) {
        judge_present(history, before, number, to);
        judge_takeover(history, before, number, to);
      }
      before = number;
    }
  }
  for (std::uint32_t session = 0; session < history.sessions().size(); ++session) {
    judge_fresh(history, session, to);
    judge_memory(history, session, to);
  }
}

}  // namespace gauntlet::history
