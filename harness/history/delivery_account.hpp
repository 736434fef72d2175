#pragma once

// The verdict on the books: for each message and each receiver that was due one, was it delivered,
// lost, doubled, reordered, or can it not be told? Exact for any fan-out; nothing is sampled.
//
// A delivery is expected when the message was scheduled while the subscription surely stood, and
// the broker owned the message: acknowledged it (QoS 1 and 2) or was handed it on a live connection
// (QoS 0). Messages scheduled before the SUBACK may arrive and are then counted as extra, never as
// wrong.

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "harness/base/event_loop.hpp"
#include "harness/history/ledger.hpp"

namespace gauntlet::history {

/// What the checker must know of a stream beyond the books.
struct stream_facts {
  /// Empty: its messages go to topics of the moment, and no subscription can claim them.
  std::string topic_name;
  mqtt::qos published_qos = mqtt::qos::at_most_once;
  std::uint32_t group = 0;       ///< the publisher's group
  receiver_index publisher = 0;  ///< the publishing client, for No Local
};

/// Where those facts come from: a plan, which knows them without having stored them.
class stream_catalogue {
 public:
  virtual ~stream_catalogue() = default;
  virtual stream_facts describe(stream_index stream) const = 0;
  /// The first number of the stream that is scheduled at `when` or later.
  virtual std::uint32_t first_scheduled_from(stream_index stream, time_point when) const = 0;
  /// When the stages of the run begin, but for the first: messages are accounted for by the stage
  /// in which they were scheduled. By default there is one stage.
  virtual std::vector<time_point> later_stages() const { return {}; }
};

/// The account of one publisher group in one stage at one effective QoS, the lower of published and
/// granted.
/// Each figure counts pairs of message and receiver.
struct delivery_figures {
  std::uint64_t expected = 0;    ///< deliveries that had to happen
  std::uint64_t delivered = 0;   ///< of those, how many did
  std::uint64_t lost = 0;        ///< of those, how many did not
  std::uint64_t uncertain = 0;   ///< not delivered, and the broker need not have owned or kept it
  std::uint64_t extra = 0;       ///< delivered although not expected: permitted by the standard
  std::uint64_t duplicated = 0;  ///< further copies, beyond what overlapping subscriptions permit
  std::uint64_t reordered = 0;   ///< first copies that came after a later message of their stream
  std::uint64_t unexpected =
      0;  ///< deliveries that no subscription of the receiver matches, or never sent

  delivery_figures& operator+=(const delivery_figures& other);
};

/// Key of one account.
struct account_key {
  std::uint32_t group = 0;
  mqtt::qos effective_qos = mqtt::qos::at_most_once;
  std::uint32_t stage = 0;  ///< in which the message was scheduled

  friend bool operator<(const account_key& left, const account_key& right) {
    return std::tie(left.group, left.effective_qos, left.stage) <
           std::tie(right.group, right.effective_qos, right.stage);
  }
};

using delivery_account = std::map<account_key, delivery_figures>;

/// Judges the books of all processes of a run, once it is over. Streams without an entry sent
/// nothing.
delivery_account judge_deliveries(const ledger& books, const stream_catalogue& catalogue);

}  // namespace gauntlet::history
