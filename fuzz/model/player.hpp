#pragma once

// Runs one sequence against a live broker and judges each packet by the model. In place of waiting
// there is a barrier: PINGREQ on every connection, until nothing but PINGRESP comes any more.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fuzz/model/broker_model.hpp"
#include "fuzz/model/connection.hpp"
#include "fuzz/model/lane.hpp"
#include "fuzz/model/operation.hpp"
#include "fuzz/model/rule.hpp"

namespace gauntlet::fuzz::model {

/// How far the broker's clock may lag behind ours or be ahead of it: most count whole seconds. A
/// deadline (a will's delay, the end of a session, a message's expiry) may have passed so long
/// before and has for certain so long after. No client acts between the two, so that the model
/// never has to guess.
struct deadline_margins {
  duration before = std::chrono::milliseconds(1200);
  duration after = std::chrono::milliseconds(2500);
};

/// How to play.
struct player_options {
  /// Begins every client identifier and topic; another one for each run.
  std::string names = "g";
  /// How long what has to come may take.
  duration grace = std::chrono::seconds(2);
  /// How long a broker may take to notice that a connection has broken.
  duration settle = std::chrono::milliseconds(30);
  deadline_margins margins;
};

/// What came of it.
struct playing {
  std::optional<violation> found;  ///< the first
  std::set<rule> passed_over;      ///< tolerated rules that were broken before it
  std::uint64_t messages = 0;      ///< published, wills not counted
  std::uint64_t receipts = 0;      ///< PUBLISH packets judged
  std::uint64_t operations = 0;
  std::vector<std::string> script;  ///< if asked for: operations, and below each its packets
};

/// Belongs to the lane's thread, which it blocks.
class player {
 public:
  player(lane& on, player_options options) : lane_(on), options_(std::move(options)) {}

  /// Plays the sequence in a name space of its own, then looks what sessions and topics hold, then
  /// tidies up. Breaches of the rules in `tolerated` that leave the model intact are passed over.
  playing play(const sequence_plan& plan, bool with_script = false,
               const std::set<rule>& tolerated = {});

  /// The names of all that was played, so far.
  std::uint64_t plays() const { return plays_; }

 private:
  class run;

  lane& lane_;
  player_options options_;
  std::uint64_t plays_ = 0;
};

/// The sequence with what is done at the end of each: everybody acknowledges, everybody comes back,
/// and one client more asks for all that is retained.
sequence_plan with_inspection(const sequence_plan& plan);

}  // namespace gauntlet::fuzz::model
