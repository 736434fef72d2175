#include "harness/history/finding.hpp"

#include <algorithm>
#include <utility>

namespace gauntlet::history {

void findings::asked(std::string_view rule, std::uint64_t times) {
  if (times == 0) return;
  rule_account& account = rules_[rule];
  account.asked += times;
  account.verdict = std::max(account.verdict, guarantee_verdict::pass);
}

void findings::add(finding found) {
  rule_account& account = rules_[found.rule];
  account.verdict = std::max(account.verdict, found.verdict);
  ++verdicts_[found.verdict];
  if (++account.counts[found.class_name] <= kept_max) kept_.push_back(std::move(found));
}

std::uint64_t findings::count(std::string_view class_name) const {
  std::uint64_t sum = 0;
  for (const auto& [rule, account] : rules_) {
    const auto at = account.counts.find(class_name);
    if (at != account.counts.end()) sum += at->second;
  }
  return sum;
}

std::uint64_t findings::count(guarantee_verdict verdict) const {
  const auto at = verdicts_.find(verdict);
  return at == verdicts_.end() ? 0 : at->second;
}

}  // namespace gauntlet::history
