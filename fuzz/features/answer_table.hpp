#pragma once

// What the answers of all executions so far have shown. A combination counts once an input shows it
// twice in a row; one that comes and goes between executions of the same input is noise, and guides
// nothing: a broker of several threads may send the same answer before or after a barrier.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "fuzz/features/features.hpp"

namespace gauntlet::fuzz {

/// The places of an execution, sorted, each once.
using answer_places = std::vector<std::uint16_t>;

/// Brings what find_features() found into that form.
void to_places(answer_places& found);

/// One worker's.
class answer_table {
 public:
  /// Whether the execution showed something that is neither known nor noise: the input is worth
  /// another execution.
  bool has_new(const answer_places& places) const;
  /// Takes what two executions of one input showed; whether both showed something new.
  bool confirm(const answer_places& first, const answer_places& second);
  /// Whether the two are the same but for noise.
  bool is_same(const answer_places& first, const answer_places& second) const;
  /// Sets the counters that guide libFuzzer.
  void guide(const answer_places& places, std::span<std::uint8_t> counters) const;

  /// How many combinations are known and no noise.
  std::size_t behaviours() const;

 private:
  struct record {
    std::uint8_t agreed = 0;  ///< inputs both of whose executions showed it
    std::uint8_t failed = 0;  ///< inputs only one of whose executions did
  };

  bool is_noise(std::uint16_t place) const;
  void count(std::uint16_t place, std::uint8_t record::*what);

  feature_set known_;
  std::vector<record> records_ = std::vector<record>(feature_places);
};

}  // namespace gauntlet::fuzz
