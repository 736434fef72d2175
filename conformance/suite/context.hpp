#pragma once

// What the body of a test works with: names that no other test uses, clients, and the verdict. The
// first divergence decides; after it every further step of the body does nothing, so that bodies
// read from top to bottom without asking.

#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "conformance/invariants/packet_watch.hpp"
#include "conformance/suite/arena.hpp"
#include "conformance/suite/case_result.hpp"
#include "conformance/suite/client.hpp"
#include "conformance/suite/test_case.hpp"

namespace gauntlet::conformance {

/// One run of one test on one version.
class context {
 public:
  /// `serial` tells apart the runs of one test on one broker.
  context(arena& where, const test_case& of, mqtt::protocol_version version, std::uint64_t serial);
  ~context();
  context(const context&) = delete;
  context& operator=(const context&) = delete;

  mqtt::protocol_version version() const { return version_; }
  bool is_v5() const { return version_ == mqtt::protocol_version::v5; }

  /// A Topic Name below this test's own prefix.
  std::string topic(std::string_view tail) const;
  /// A Client Identifier of at most 23 letters and digits; the same for the same name.
  std::string client_id(std::string_view name) const;

  /// A connection on which nothing was sent yet. Blocks the test if there is none.
  client& open(std::string_view name);
  client& open(std::string_view name, mqtt::protocol_version version);
  /// The same at a given place, such as the arena's WebSocket listener.
  client& open_at(const net::endpoint& where, std::string_view name,
                  std::optional<mqtt::protocol_version> version = std::nullopt);
  /// A client in its session: CONNECT was answered with success. Without a Client Identifier in
  /// `packet` it gets that of its name, so that the same name means the same session.
  client& connected(std::string_view name, mqtt::connect packet = {});
  client& connected(std::string_view name, mqtt::connect packet, mqtt::protocol_version version);
  client& connected_at(const net::endpoint& where, std::string_view name, mqtt::connect packet = {},
                       std::optional<mqtt::protocol_version> version = std::nullopt);

  /// The same up to CONNECT, to which the answer is still to be looked at.
  client& connecting(std::string_view name, mqtt::connect packet = {});

  /// What the broker grants in the test's version.
  const capabilities& able() const { return arena_.able(version_); }
  /// Stops the broker and starts it again, which ends all connections. Blocks the test if it does
  /// not come back.
  void restart_broker();

  /// Demands that the broker takes one more client and answers it.
  void expect_served();

  /// Lets time pass on purpose, and says what for.
  void pause(duration how_long, std::string_view what_for);

  /// Whether the verdict stands already.
  bool over() const { return decided_; }
  void fail(divergence how);
  void block(divergence how);
  void skip(std::string reason);
  void call_variant(std::string reason);
  void leave_undecided(std::string reason);
  /// What was shown to work on the same path before the error: makes a refusal mean something.
  void note_control(std::string what);
  /// Something about the manner that people should know.
  void note_manner(std::string expected, std::string observed);

  /// How long an answer may take, and how long to wait to show that none comes.
  duration answer_limit() const { return scaled(std::chrono::seconds(5)); }
  duration quiet_time() const { return scaled(std::chrono::milliseconds(500)); }
  /// How long the end of a connection may take before it is asked whether it still stands.
  duration close_time() const { return scaled(std::chrono::milliseconds(300)); }
  /// The rest of the test's own limit, at most `wanted`. At its end the test is left undecided.
  duration allowed(duration wanted);

  /// Remembers what has to be removed from the broker after the test.
  void will_clear_retained(std::string topic) { retained_.insert(std::move(topic)); }
  void will_clear_session(std::string client_id) { sessions_.insert(std::move(client_id)); }

  /// Ends the clients, clears what the test left on the broker, and answers what was seen.
  case_result finish();

  arena& where() { return arena_; }
  packet_watch& watch() { return watch_; }

 private:
  duration scaled(duration of) const;
  bool is_stopped() const;
  void decide(verdict what);
  void clean_up();

  arena& arena_;
  const test_case& case_;
  const mqtt::protocol_version version_;
  const std::string key_;  ///< this test's part of topics and client identifiers
  const time_point started_;
  packet_watch watch_;  ///< outlives the clients
  std::deque<client> clients_;
  case_result result_;
  std::set<std::string> retained_;
  std::set<std::string> sessions_;
  bool decided_ = false;
};

}  // namespace gauntlet::conformance
