#pragma once

// The two books a run keeps while it goes: what was published, and what was received. They are
// filled by whoever drives clients, moved between processes, and judged at the end
// (delivery_account.hpp).
//
// A stream is one publisher's sequence of messages to one topic at one QoS, numbered from 0 in the
// order of first sending. A receiver is one client with its subscriptions. Both are named by global
// indices.

#include <cstdint>
#include <limits>
#include <string>
#include <unordered_map>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "harness/base/bytes.hpp"
#include "harness/base/event_loop.hpp"
#include "harness/base/result.hpp"
#include "harness/history/due_times.hpp"
#include "harness/history/receipt_tracker.hpp"
#include "harness/history/sequence_set.hpp"
#include "harness/history/will_ledger.hpp"
#include "harness/mqtt/protocol.hpp"

namespace gauntlet::history {

using stream_index = std::uint32_t;
using receiver_index = std::uint32_t;

/// The published side of one stream.
struct published_stream {
  std::uint32_t sent = 0;          ///< numbers below it were handed to a connection at least once
  std::uint32_t acknowledged = 0;  ///< PUBACK or PUBCOMP with a code below 0x80 came (QoS 1 and 2)
  sequence_set rejected;           ///< refused with a code of 0x80 or above
  sequence_set uncertain;          ///< sent at QoS 1 or 2, and no answer will come any more
};

/// Everything published, by stream. Streams that never sent need no entry.
using publication_ledger = std::unordered_map<stream_index, published_stream>;

/// Due times of the streams that no plan can tell them of. A stream that stands here has one for
/// each number below published_stream::sent.
using recorded_times = std::unordered_map<stream_index, due_times>;

/// A time span on the loops' time line, [from, until).
struct time_span {
  time_point from{};
  time_point until = time_point::max();
};

/// One granted subscription of a receiver.
struct granted_subscription {
  std::string topic_filter;  ///< without "$share/name/"
  std::string share_name;    ///< empty: not shared
  mqtt::qos granted_qos = mqtt::qos::at_most_once;
  bool no_local = false;  ///< the receiver's own messages do not come back
};

/// One receiver: what it is subscribed to and since when.
struct receiver_record {
  std::vector<granted_subscription> subscriptions;
  /// When its subscriptions surely stood: from the SUBACK to the break of its session. One span for
  /// each epoch, the latest last.
  std::vector<time_span> subscribed;
  /// When it was away on purpose, with its subscriptions standing. Nobody owes it QoS 0 then.
  std::vector<time_span> away;
  std::uint16_t epoch = 0;  ///< breaks of the session so far
};

/// Everything received, by receiver, and by receiver and stream.
struct receipt_ledger {
  struct pair {
    receiver_index receiver = 0;
    stream_index stream = 0;
    friend bool operator==(const pair&, const pair&) = default;
  };
  struct pair_hash {
    using is_avalanching = void;
    std::size_t operator()(const pair& key) const noexcept {
      // A multiplicative hash whose high and low halves are folded: indices are dense and small.
      const std::uint64_t mixed =
          ((std::uint64_t{key.receiver} << 32) | key.stream) * 0x9e3779b97f4a7c15ULL;
      return static_cast<std::size_t>(mixed ^ (mixed >> 32));
    }
  };

  std::unordered_map<receiver_index, receiver_record> receivers;
  boost::unordered_flat_map<pair, receipt_tracker, pair_hash> trackers;

  /// Enters one receipt of a stamped message.
  receipt receive(receiver_index receiver, stream_index stream, std::uint32_t sequence,
                  std::uint16_t epoch) {
    return trackers[{receiver, stream}].receive(sequence, epoch);
  }
};

/// Both books of one process.
struct ledger {
  publication_ledger published;
  recorded_times recorded;
  receipt_ledger received;
  will_ledger wills;
};

/// Adds the books of other clients of the same run.
void merge(ledger& into, ledger&& other);
/// Moves every time in the books by `by`: to another time line.
void move_times(ledger& books, duration by);

/// Appends `from` in a compact form that `read_ledger` understands; for pipes between our own
/// processes of one build, not a file format.
void write_ledger(const ledger& from, byte_buffer& out);
/// Adds what `bytes` holds to `into`. Fails only if the bytes are cut or not ours.
outcome<void> read_ledger(byte_view bytes, ledger& into);

}  // namespace gauntlet::history
