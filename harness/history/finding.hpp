#pragma once

// What the checkers of guarantees say: findings with their witness, and how often each rule was
// asked. docs/guarantees.md defines the rules, the classes and the verdicts.

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/history/evidence.hpp"

namespace gauntlet::history {

/// How a rule stands, better before worse.
enum class guarantee_verdict : std::uint8_t { not_asked, pass, indeterminate, warn, fail };

/// One packet of a witness, in words, with its times on both sides.
struct witness_packet {
  std::uint32_t connection = none;
  direction way = direction::to_broker;
  packet_times times;
  std::string what;  ///< "PUBLISH(17, qos 1) of m/a", for people
};

/// One breach, or one question that the history leaves open.
struct finding {
  std::string_view rule;        ///< "D3"; of a literal
  std::string_view class_name;  ///< "lost"; of a literal
  guarantee_verdict verdict = guarantee_verdict::fail;
  std::string sentence;  ///< what happened, with names and times
  std::vector<witness_packet> witness;
};

/// What has been found of one rule.
struct rule_account {
  std::uint64_t asked = 0;
  guarantee_verdict verdict = guarantee_verdict::not_asked;
  std::map<std::string_view, std::uint64_t> counts;  ///< findings by class
};

/// Collects what checkers find. Counts everything, keeps the first findings of each class.
class findings {
 public:
  static constexpr std::size_t kept_max = 20;  ///< of one class of one rule

  /// The rule was put to the history so many times.
  void asked(std::string_view rule, std::uint64_t times = 1);
  void add(finding found);

  const std::map<std::string_view, rule_account>& rules() const { return rules_; }
  const std::vector<finding>& kept() const { return kept_; }
  /// How many findings of this class there are, of all rules or of one verdict.
  std::uint64_t count(std::string_view class_name) const;
  std::uint64_t count(guarantee_verdict verdict) const;

 private:
  std::map<std::string_view, rule_account> rules_;
  std::map<guarantee_verdict, std::uint64_t> verdicts_;
  std::vector<finding> kept_;
};

}  // namespace gauntlet::history
