#pragma once

// The only source of randomness in Gauntlet: streams of draws keyed by (seed, purpose, group,
// device). The same key gives the same draws on every machine, compiler and number of workers, and
// no stream disturbs another. Not for secrets.

#include <cstdint>
#include <span>
#include <string_view>

namespace gauntlet {

/// Names a stream: a hash that grows by one part at a time, so that a common beginning is hashed
/// once and the rest is appended where it is known:
///     const stream_key schedule = stream_key(seed).with("schedule").with(group.name);
///     seeded_stream draws(schedule.with(device));
class stream_key {
 public:
  explicit constexpr stream_key(std::uint64_t seed) : state_(mix(seed + increment)) {}

  /// This key with a number appended; the order of parts matters.
  constexpr stream_key with(std::uint64_t part) const {
    return stream_key(raw{}, mix((state_ ^ mix(part + increment)) * multiplier + increment));
  }

  /// This key with a name appended.
  constexpr stream_key with(std::string_view part) const {
    std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a
    for (const char c : part) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3U;
    return with(hash).with(part.size());
  }

  /// 64 well-mixed bits of the key; a single draw without a stream, for values looked up by
  /// position.
  constexpr std::uint64_t bits() const { return mix(state_ + increment); }

  /// The finaliser of splitmix64: a bijection in which each input bit moves about half of the
  /// output bits.
  static constexpr std::uint64_t mix(std::uint64_t x) {
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31U);
  }

 private:
  struct raw {};
  constexpr stream_key(raw, std::uint64_t state) : state_(state) {}

  static constexpr std::uint64_t increment = 0x9e3779b97f4a7c15U;
  static constexpr std::uint64_t multiplier = 0xd1342543de82ef95U;

  friend class seeded_stream;
  std::uint64_t state_;
};

/// A stream of draws (xoroshiro128++, 16 bytes of state). Copying it forks the same future.
/// None of the draws asks the C library's mathematics, whose last bits differ between machines.
class seeded_stream {
 public:
  explicit constexpr seeded_stream(stream_key key)
      : state_{stream_key::mix(key.state_ + stream_key::increment),
               stream_key::mix(key.state_ + 2 * stream_key::increment)} {
    if (state_[0] == 0 && state_[1] == 0) state_[0] = 1;  // the one state that would stay at zero
  }

  constexpr seeded_stream(std::uint64_t seed, std::string_view purpose, std::string_view group,
                          std::uint64_t device)
      : seeded_stream(stream_key(seed).with(purpose).with(group).with(device)) {}

  /// 64 uniform bits.
  constexpr std::uint64_t next_u64() {
    const std::uint64_t s0 = state_[0];
    std::uint64_t s1 = state_[1];
    const std::uint64_t value = rotate_left(s0 + s1, 17) + s0;
    s1 ^= s0;
    state_[0] = rotate_left(s0, 49) ^ s1 ^ (s1 << 21U);
    state_[1] = rotate_left(s1, 28);
    return value;
  }

  /// Uniform in [0, bound), without bias; bound >= 1.
  std::uint64_t below(std::uint64_t bound);

  /// Uniform in [min, max], both included; min <= max.
  std::int64_t between(std::int64_t min, std::int64_t max);

  /// Uniform in [0, 1): a multiple of 2^-53.
  constexpr double uniform() { return static_cast<double>(next_u64() >> 11U) * 0x1p-53; }

  /// Uniform in [min, max); min <= max, both finite.
  double uniform_real(double min, double max) { return min + (max - min) * uniform(); }

  /// True with the given probability: never at 0 or less, always at 1 or more.
  bool chance(double probability) { return uniform() < probability; }

  /// Exponential with mean 1: the gaps of a Poisson process of rate 1.
  double exponential();

  /// Normal with mean 0 and standard deviation 1.
  double normal();

  /// Fills `out` with uniform bytes.
  void bytes(std::span<std::uint8_t> out);

 private:
  static constexpr std::uint64_t rotate_left(std::uint64_t x, unsigned by) {
    return (x << by) | (x >> (64U - by));
  }

  std::uint64_t state_[2];
};

}  // namespace gauntlet
