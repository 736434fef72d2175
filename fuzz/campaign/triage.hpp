#pragma once

// From a complaint to a finding: known already? does it come again on a fresh broker? with which
// inputs? how small?

#include <chrono>
#include <deque>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "fuzz/campaign/subject.hpp"
#include "fuzz/input/input.hpp"

namespace gauntlet::fuzz {

/// How long a broker may take to end a connection before it is accused of keeping it, and how long
/// when the accusation is tried again.
inline constexpr std::chrono::milliseconds accusation_patience{1000};
inline constexpr std::chrono::milliseconds trial_patience{250};

/// How long a finding is made smaller unless somebody asks for another time.
inline constexpr std::chrono::milliseconds minimise_for_default{20'000};

/// How much a finding may cost.
struct triage_options {
  std::filesystem::path folder;  ///< that findings get their folders in
  std::string configuration;
  std::string replay_words;  ///< the command that plays a folder again, without the folder
  int restarts_max = 80;     ///< for making it small, where each try needs a fresh broker
  int plays_max = 400;       ///< where none does
  std::chrono::milliseconds time_max = minimise_for_default;  ///< zero leaves it as it came
  /// True gives up making an input smaller; may be empty.
  std::function<bool()> is_cancelled;
};

/// Whether the complaint came from inputs played on a fresh broker, once. The broker is fresh again
/// afterwards only if the next caller makes it so.
std::optional<suspicion> play_again(subject& on, const std::vector<input>& inputs,
                                    record::finding_kind wanted);

/// The inputs of one worker and what became of them.
class triage {
 public:
  explicit triage(triage_options how) : how_(std::move(how)) {}

  /// Notes an input that is about to be played.
  void note(const input& of);
  /// Whether such a finding is there already.
  bool is_known(const suspicion& found) const;
  /// The same; counts it then.
  bool count_again(const suspicion& found);
  /// Takes up a complaint about the last input noted: a finding, or one more of a known one. Leaves
  /// a fresh broker, unless the complaint is about the protocol alone.
  outcome<void> take_up(subject& on, const suspicion& found, double second,
                        std::uint64_t execution);

  const std::vector<record::fuzz_finding>& findings() const { return findings_; }

 private:
  std::vector<input> find_cause(subject& on, const suspicion& found, std::uint32_t& replayed);
  outcome<void> keep(const std::vector<input>& cause, record::fuzz_finding finding);

  triage_options how_;
  std::deque<input> ring_;
  std::vector<record::fuzz_finding> findings_;
};

/// The name of a finding: kind and a hash of the signature.
std::string finding_id(const suspicion& found);

}  // namespace gauntlet::fuzz
