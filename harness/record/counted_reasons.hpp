#pragma once

// How often each reason occurred: for failed connections, refused subscriptions, lost connections.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace gauntlet::record {

/// Counts by reason. A reason is a short phrase without anything that differs from device to device
/// ("connection refused", "CONNACK 0x87 not authorized"); the number of different ones is bounded.
class counted_reasons {
 public:
  /// Different reasons beyond this many are counted as `other`.
  static constexpr std::size_t different_max = 64;
  static constexpr std::string_view other = "other reasons";

  /// By name of the reason, so that records compare and print alike.
  using counts_map = std::map<std::string, std::uint64_t, std::less<>>;

  counted_reasons() = default;
  explicit counted_reasons(counts_map counts) : counts_(std::move(counts)) {}

  void add(std::string_view reason, std::uint64_t times = 1);
  /// Adds all of another worker's counts. Associative; may exceed the bound by that worker's share.
  void merge(const counted_reasons& others);

  std::uint64_t total() const;
  bool empty() const { return counts_.empty(); }
  const counts_map& counts() const { return counts_; }

  bool operator==(const counted_reasons&) const = default;

 private:
  counts_map counts_;
};

}  // namespace gauntlet::record
