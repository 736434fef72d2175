#pragma once

// Messages that wait to be sent because something happened: an answer, a birth, a report of
// progress. By stream, in order of due time; bounded. Streams that have none cost nothing.

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "harness/base/bytes.hpp"
#include "harness/base/event_loop.hpp"
#include "sim/plan/stamp.hpp"

namespace gauntlet::sim {

/// What a message takes from the request that it answers.
struct answer_context {
  std::string topic;        ///< where to; empty: the publication's own topic
  byte_buffer correlation;  ///< Correlation Data, to be sent back as it came. MQTT 5.0 §4.10.1
  bool has_correlation = false;
  std::optional<stamp> request;  ///< the request's stamp, to stand in the payload (3.1.1)
};

/// The waiting messages of one worker, and the contexts of those waiting or under way.
class triggered_messages {
 public:
  /// Messages that may wait in one stream; what is beyond is refused.
  static constexpr std::size_t waiting_max = 1024;
  static constexpr std::uint32_t no_context = UINT32_MAX;

  struct entry {
    duration due{};  ///< on the plan's time line
    std::uint32_t context = no_context;
  };

  /// Puts a message behind those due no later than it; answers whether there was room.
  bool add(std::uint32_t stream, const entry& message);
  /// The messages of a stream, the next one first.
  const std::vector<entry>& of(std::uint32_t stream) const;
  /// Takes the next one out; there must be one.
  entry pop(std::uint32_t stream);
  /// All that wait.
  std::size_t waiting() const { return waiting_; }

  /// An empty context; what it held before keeps its room.
  std::uint32_t make_context();
  answer_context& context(std::uint32_t at) { return contexts_[at]; }
  void drop_context(std::uint32_t at);

  /// Keeps the context of a message under way, by its tag in flight.
  void keep_in_flight(std::uint64_t tag, std::uint32_t context);
  /// no_context if the message has none.
  std::uint32_t in_flight(std::uint64_t tag) const;
  void drop_in_flight(std::uint64_t tag);

 private:
  boost::unordered_flat_map<std::uint32_t, std::vector<entry>> by_stream_;
  boost::unordered_flat_map<std::uint64_t, std::uint32_t> by_tag_;
  std::deque<answer_context> contexts_;
  std::vector<std::uint32_t> free_;
  std::size_t waiting_ = 0;
};

}  // namespace gauntlet::sim
