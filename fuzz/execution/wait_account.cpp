#include "fuzz/execution/wait_account.hpp"

namespace gauntlet::fuzz {
namespace {

constexpr std::array<std::string_view, wait_kind_count> names = {
    "barrier", "connack", "pingresp", "reaction", "farewell", "patience"};

std::int64_t milliseconds(wait_account::duration span) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(span).count();
}

}  // namespace

std::string_view name_of(wait_kind kind) { return names.at(static_cast<std::size_t>(kind)); }

void wait_account::add(wait_kind kind, bool has_come, duration took) {
  sum& to = sums_.at(static_cast<std::size_t>(kind)).at(has_come ? 1 : 0);
  to.times += 1;
  to.took += took;
}

wait_account& wait_account::operator+=(const wait_account& other) {
  for (std::size_t kind = 0; kind < sums_.size(); ++kind) {
    for (std::size_t i = 0; i < 2; ++i) {
      sums_.at(kind).at(i).times += other.sums_.at(kind).at(i).times;
      sums_.at(kind).at(i).took += other.sums_.at(kind).at(i).took;
    }
  }
  return *this;
}

std::uint64_t wait_account::times(wait_kind kind, bool has_come) const {
  return sums_.at(static_cast<std::size_t>(kind)).at(has_come ? 1 : 0).times;
}

wait_account::duration wait_account::in_vain() const {
  duration all{};
  for (const auto& each : sums_) all += each[0].took;
  return all;
}

std::string wait_account::describe() const {
  std::string text;
  for (std::size_t kind = 0; kind < sums_.size(); ++kind) {
    const auto& [missed, came] = sums_.at(kind);
    text += "waited for " + std::string(names.at(kind)) + ": came " + std::to_string(came.times) +
            " times in " + std::to_string(milliseconds(came.took)) + " ms, did not " +
            std::to_string(missed.times) + " times in " +
            std::to_string(milliseconds(missed.took)) + " ms\n";
  }
  return text;
}

}  // namespace gauntlet::fuzz
