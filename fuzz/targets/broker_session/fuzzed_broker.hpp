#pragma once

// The reference broker with several clients and a witness, in memory and under a time that only
// moves when told.

#include <array>
#include <deque>
#include <memory>
#include <string_view>

#include "conformance/invariants/packet_watch.hpp"
#include "fuzz/targets/broker_session/fuzzed_client.hpp"
#include "harness/broker/broker_core.hpp"

namespace gauntlet::fuzz {

/// A name that the witness uses, and that nobody else may.
inline constexpr std::string_view witness_name = "w1tness";

/// What breaks a rule ends the process.
class fuzzed_broker {
 public:
  static constexpr std::size_t slots = 4;

  explicit fuzzed_broker(broker::options settings);

  /// The client in that place; null before its first open().
  fuzzed_client* at(std::size_t slot) { return clients_[slot]; }
  /// A new connection in that place; the one that was there breaks.
  fuzzed_client& open(std::size_t slot, mqtt::protocol_version version);

  time_point now() const { return now_; }
  /// The broker sends what inputs led to, and all of it is judged.
  void settle();
  /// What is due happens in its order.
  void advance(duration by);

  /// The witness has its session, and messages still reach it; then everybody goes.
  void finish();

 private:
  void judge_arrivals();
  void check_counts();
  void advance_quietly(duration by);
  void ping_witness();
  void check_witness();

  broker::broker_core core_;
  conformance::packet_watch watch_;
  time_point now_{};
  std::deque<fuzzed_client> all_;
  std::array<fuzzed_client*, slots> clients_{};
  fuzzed_client* witness_;
};

}  // namespace gauntlet::fuzz
