#pragma once

// A server that only acknowledges and counts, for measuring generators: no topics, no sessions, no
// delivery. Plain epoll on purpose, so that it takes as little of the machine as a server can.

#include <atomic>
#include <cstdint>
#include <memory>
#include <sys/types.h>

namespace gauntlet::benchmark {

/// What all processes of a sink have seen; lives in memory shared between them and the parent.
struct sink_counters {
  std::atomic<std::uint64_t> connections{0};  ///< CONNECTs answered
  std::atomic<std::uint64_t> open{0};         ///< connections open now
  std::atomic<std::uint64_t> messages{0};     ///< PUBLISH packets, at any QoS
  std::atomic<std::uint64_t> completed{0};    ///< PUBREL packets answered (QoS 2)
};

/// Sink processes that share one port by SO_REUSEPORT; ended with the object.
class counting_sink {
 public:
  /// Starts `processes` of them on a free port of 127.0.0.1 below the ephemeral range. Ends the
  /// program with a message if that fails: without a sink there is nothing to measure.
  explicit counting_sink(unsigned processes);
  ~counting_sink();
  counting_sink(const counting_sink&) = delete;
  counting_sink& operator=(const counting_sink&) = delete;

  std::uint16_t port() const { return port_; }
  const sink_counters& counters() const { return *counters_; }

 private:
  std::uint16_t port_ = 0;
  sink_counters* counters_ = nullptr;
  unsigned processes_ = 0;
  std::unique_ptr<pid_t[]> pids_;
};

}  // namespace gauntlet::benchmark
