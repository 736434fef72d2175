#pragma once

// What executions waited for, how often it came, and how long that took: waiting for what does not
// come is where a campaign's time goes when it is slow.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gauntlet::fuzz {

/// What may be waited for.
enum class wait_kind : std::uint8_t {
  barrier,   ///< PINGRESP on the control connection
  connack,   ///< CONNACK with success, or the end of the connection
  pingresp,  ///< PINGRESP on a connection of the input, or its end
  reaction,  ///< anything, on a connection that cannot be asked
  farewell,  ///< the end of a connection whose half we have closed
  patience,  ///< the end of a connection that a broker is accused of keeping
};
inline constexpr std::size_t wait_kind_count = 6;
std::string_view name_of(wait_kind kind);

/// Sums over executions.
class wait_account {
 public:
  using duration = std::chrono::steady_clock::duration;

  void add(wait_kind kind, bool has_come, duration took);
  wait_account& operator+=(const wait_account& other);

  std::uint64_t times(wait_kind kind, bool has_come) const;
  /// All time after which nothing had come.
  duration in_vain() const;
  /// A line for each kind, for logs.
  std::string describe() const;

 private:
  struct sum {
    std::uint64_t times = 0;
    duration took{};
  };
  /// By kind, and by whether it came.
  std::array<std::array<sum, 2>, wait_kind_count> sums_;
};

}  // namespace gauntlet::fuzz
