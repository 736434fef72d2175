#pragma once

// What the reference broker does wrong on request. Each defect is one small branch beside the right
// behaviour, `if (defects.strikes(defect::...))`, so that every check of a broker can be shown to
// catch what it is there for. To add one: an entry in a list of the folder defects, the branch, and
// a proof in tests/unit/broker/defects; for those of robustness, one in a campaign.

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.hpp"

namespace gauntlet::broker {

/// The wrong behaviours there are. An entry of a list holds the name, what the broker does when the
/// defect strikes, and the statements of the standard that this violates.
enum class defect : std::uint16_t {
#define GAUNTLET_DEFECT(name, sentence, violates) name,
#include "harness/broker/defects/all.inc"
#undef GAUNTLET_DEFECT
  count_  ///< not a defect: how many there are
};

inline constexpr std::size_t defect_count = static_cast<std::size_t>(defect::count_);

/// What a user reads about a defect.
struct defect_info {
  defect id;
  std::string_view name;      ///< on the command line, such as "lose-qos1-delivery"
  std::string_view sentence;  ///< what the broker does when it strikes
  std::string_view violates;  ///< statements of the standard, separated by blanks; "3.1.1:" before
                              ///< those of MQTT 3.1.1, without a prefix those of MQTT 5.0; empty
                              ///< for those of the list robustness
};

/// All defects, indexed by their number.
std::span<const defect_info, defect_count> all_defects();

/// A defect as switched on: it strikes once in each `one_in` occasions.
struct defect_switch {
  defect which = defect::count_;
  std::uint32_t one_in = 1;
};

/// Reads "lose-qos1-delivery" or "lose-qos1-delivery:1/100". The failure names the nearest defect.
outcome<defect_switch> parse_defect(std::string_view text);
/// The text that parse_defect() reads as this.
std::string to_text(const defect_switch& chosen);

/// Whether it harms the process or those who take no part, of which the standard does not speak.
bool is_of_robustness(defect which);

/// The defects of one broker. Asking for one that is off is a test of one bit.
class defect_set {
 public:
  defect_set() = default;
  /// Of each `one_in` successive occasions exactly one strikes, at a place drawn from `seed`.
  defect_set(std::span<const defect_switch> switches, std::uint64_t seed);

  /// Whether any defect is on: hot rules ask this first and leave the rest to a helper.
  bool any() const { return any_; }
  bool is_on(defect which) const { return on_[static_cast<std::size_t>(which)]; }

  /// Whether to do wrong on this occasion.
  bool strikes(defect which) {
    const auto index = static_cast<std::size_t>(which);
    return on_[index] && draw(index);
  }

 private:
  struct occasions {
    std::uint32_t one_in = 1;
    std::uint32_t position = 0;    // within the current run of `one_in` occasions
    std::uint32_t strikes_at = 0;  // which position of the run strikes
    std::uint64_t run = 0;         // how many runs are over
  };

  bool draw(std::size_t index);
  void start_run(std::size_t index);

  std::bitset<defect_count> on_;
  bool any_ = false;
  std::vector<occasions> occasions_;
  std::uint64_t seed_ = 0;
};

}  // namespace gauntlet::broker
