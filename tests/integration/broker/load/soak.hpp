#pragma once

// Many clients that live: they publish at all QoS, retain, subscribe and unsubscribe, leave with
// and without a word, come back to their sessions, in both versions. Run for long enough it shows
// whether a broker's memory stays flat.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "harness/base/event_loop.hpp"

namespace gauntlet::test {

/// What to run.
struct soak_options {
  std::uint16_t port = 0;  ///< of the broker, on 127.0.0.1
  std::size_t clients = 1'000;
  std::size_t acts_per_second = 1'000;  ///< of all clients together
  duration length = std::chrono::minutes(10);
  std::uint64_t seed = 1;
  std::function<std::uint64_t()> resident_bytes;   ///< the broker's memory now
  std::function<void(const std::string&)> report;  ///< gets a line now and then; may be empty
};

/// Memory at one moment.
struct memory_sample {
  double at_s = 0;  ///< since the beginning
  std::uint64_t resident_bytes = 0;
};

/// What happened.
struct soak_result {
  std::uint64_t published = 0;
  std::uint64_t acknowledged = 0;  ///< of QoS 1 and 2
  std::uint64_t delivered = 0;
  std::uint64_t subscribed = 0;
  std::uint64_t connected = 0;        ///< CONNACKs that accepted
  std::uint64_t resumed = 0;          ///< of these, with a session
  std::uint64_t left = 0;             ///< with DISCONNECT
  std::uint64_t broke_off = 0;        ///< with a reset, so that the will is published
  std::uint64_t violations = 0;       ///< what the broker must not send
  std::uint64_t cut_off = 0;          ///< connections that the broker or the network ended
  std::size_t answering = 0;          ///< clients that were connected at the end and got a PINGRESP
  std::vector<memory_sample> memory;  ///< each second
};

/// Runs it to the end.
soak_result run_soak(const soak_options& options);

/// How much memory grows over the second half of the samples, by least squares; may be negative.
double growth_bytes(const std::vector<memory_sample>& memory);

}  // namespace gauntlet::test
