#pragma once

// Ways into the evidence that several checkers need: by client, by topic, which session a
// connection belongs to and how long it lived, and whether a session had a subscription.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "harness/history/evidence.hpp"
#include "harness/history/finding.hpp"

namespace gauntlet::history {

/// One session: successive connections of a client over which the broker kept the state.
struct session_span {
  std::uint32_t client = none;
  std::vector<std::uint32_t> connections;
  time_point begins{};         ///< CONNACK of the first connection emitted
  time_point ends = never;     ///< when its state is gone at the earliest; `never`: it still lives
  bool ended_unasked = false;  ///< the broker gave it up before its time, or died
};

class evidence_index {
 public:
  explicit evidence_index(const evidence& all);

  const evidence& all() const { return *all_; }

  std::span<const session_span> sessions() const { return sessions_; }
  /// The session of an accepted connection; `none` of others.
  std::uint32_t session_of(std::uint32_t connection) const { return session_of_[connection]; }
  std::span<const std::uint32_t> subscriptions_of(std::uint32_t session) const;
  std::span<const std::uint32_t> deliveries_to(std::uint32_t session) const;
  std::span<const std::uint32_t> connections_of(std::uint32_t client) const;
  /// The next connection of the same client, by the sending of CONNECT; `none`: there is none.
  std::uint32_t next_of(std::uint32_t connection) const { return next_[connection]; }
  /// The deliveries of one message, in the order of sending.
  std::span<const std::uint32_t> deliveries_of(message_key key) const;

  /// When the broker had it at the latest; `never` if it had not.
  time_point reached(const publication_record& message) const;
  /// When it was sure that the broker has it and has begun to hand it on: PUBACK emitted, or at
  /// QoS 2 PUBCOMP, since a broker may wait for PUBREL; `never` if that did not come.
  time_point taken_at(const publication_record& message) const;
  /// The deliveries of a publication to a session, in the order of sending.
  std::span<const std::uint32_t> copies(std::uint32_t session, std::uint32_t publication) const;
  /// Publications on a topic, in the order of sending.
  std::span<const std::uint32_t> publications_on(std::uint32_t topic) const;
  /// Topics that a filter, without share name, matches.
  const std::vector<std::uint32_t>& topics_of(const std::string& filter) const;
  bool matches(const subscription_record& subscription, std::uint32_t topic) const;
  /// The broker had this packet of the client for sure: it passed well before the connection ended.
  /// What passes just before a reset is lost on the way.
  bool had(const packet_times& packet, std::uint32_t connection) const;
  /// The connection of a session that stood at the broker all through [from, to]; `none`.
  std::uint32_t connected_through(std::uint32_t session, time_point from, time_point to) const;
  /// The broker died in [from, to] without a promise that covers what it knew at `from`.
  bool excused_by_death(time_point from, time_point to) const;

  /// The promise of `subscription` covers [from, to].
  bool definite(const subscription_record& subscription, time_point from, time_point to) const;
  /// A message sent at `from` or later, and before `to`, may come because of it.
  bool possible(const subscription_record& subscription, time_point from, time_point to) const;
  /// The session of this connection lives on to the end of the run, connected at the end.
  bool lasts(std::uint32_t session) const;
  /// The broker was stopped or killed in [from, to].
  bool broker_died(time_point from, time_point to) const;
  /// When the connection ended for the broker: its own end, or what it was told; `never`: it
  /// stands.
  time_point ended_at_broker(std::uint32_t connection) const;

 private:
  void find_sessions();
  void file_by_session();

  const evidence* all_;
  std::vector<session_span> sessions_;
  std::vector<std::uint32_t> session_of_;
  std::vector<std::uint32_t> next_;
  std::vector<std::vector<std::uint32_t>> connections_of_;
  std::vector<std::vector<std::uint32_t>> subscriptions_of_;
  std::vector<std::vector<std::uint32_t>> deliveries_to_;
  std::vector<std::vector<std::uint32_t>> copies_;  // of sessions, by publication
  std::vector<std::vector<std::uint32_t>> publications_on_;
  mutable std::unordered_map<std::string, std::vector<std::uint32_t>> topics_of_;
  std::vector<std::uint32_t> by_key_;  // all deliveries
};

/// "12.345 s", since the beginning of the loop's time.
std::string time_text(time_point at);

/// Packets for a witness.
witness_packet witness_of(const evidence& all, const publish_attempt& attempt,
                          const publication_record& message);
witness_packet witness_of(const evidence& all, const delivery_record& delivery);

}  // namespace gauntlet::history
