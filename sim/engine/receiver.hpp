#pragma once

// The receiving side of one worker: what its devices are subscribed to and since when, and what
// came.

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "harness/base/event_loop.hpp"
#include "sim/engine/device.hpp"
#include "sim/engine/worker_books.hpp"
#include "sim/plan/fleet_part.hpp"
#include "sim/plan/fleet_plan.hpp"
#include "sim/plan/unstamped_topics.hpp"

namespace gauntlet::sim {

/// Subscribes one worker's devices and enters their receipts.
class receiver {
 public:
  receiver(const fleet_plan& plan, worker_books& books, std::uint32_t run_id, fleet_part part = {});

  /// Makes room for the device's subscriptions; once for each device.
  void add_device(const device& who);

  /// The stamps' times count from `start` on.
  void start(time_point start) { start_ = start; }

  /// Appends the SUBSCRIBE packets of the device to `out`; answers how many SUBACKs to expect.
  /// Filters with the same Subscription Identifier share a packet.
  std::uint16_t subscribe(device& who, byte_buffer& out);
  /// Enters a SUBACK; `tag` is the first subscription that its SUBSCRIBE asked for.
  void on_suback(device& who, std::uint64_t tag, const mqtt::suback& answer);
  /// Whether the device needs no SUBSCRIBE: its subscriptions stand, or it wants none.
  bool is_subscribed(const device& who) const;
  /// All subscriptions of the device stand from now on.
  void on_subscribed(const device& who, time_point now);
  /// The device left as planned at `when`. With its session the subscriptions end at once;
  /// deliveries on their way to it are owed by nobody.
  void on_left(const device& who, time_point when, bool keeps_session);
  /// The device is connected again.
  void on_back(const device& who, time_point when);
  /// The session, and the subscriptions with it, ended at `when`.
  void on_session_lost(const device& who, time_point when);

  /// Enters a message, and answers its stamp if it is of a stream of this run.
  /// `duplicate_exactly_once` as in mqtt::session_handler.
  std::optional<stamp> on_publish(const device& who, const mqtt::publish_view& message,
                                  bool duplicate_exactly_once, time_point now);

  /// Enters the device's subscriptions into the ledger; once, at the end.
  void close_device(const device& who);

 private:
  std::optional<stamp> find_stamp(const mqtt::publish_view& message, time_point now) const;
  void enter(const device& who, const mqtt::publish_view& message, const stamp& mark,
             time_point now);
  static constexpr std::uint8_t refused = 0xff;

  struct subscriber_state {
    time_point since = time_point::max();  ///< max: not subscribed now
    std::uint32_t first_grant = 0;
    std::uint16_t epoch = 0;
    std::unique_ptr<std::vector<history::time_span>> earlier;  ///< spans that a break has ended
  };

  const device_group& group_of(const device& who) const {
    return plan_.described().fleet[who.group];
  }
  bool is_answer(const stamp& mark) const;
  void count_unstamped(const mqtt::publish_view& message, time_point now);
  bool is_missed(const device& who, std::uint32_t stream) const;
  void enter_will(const device& who, const mqtt::publish_view& message, const stamp& mark);
  bool is_replay(const subscriber_state& state, const mqtt::publish_view& message,
                 const stamp& mark) const;

  const fleet_plan& plan_;
  worker_books& books_;
  unstamped_topics unstamped_;
  bool any_answers_ = false;
  bool any_in_properties_ = false;  ///< some stamps stand in user properties
  std::vector<bool> shares_;        ///< by group: has shared subscriptions
  std::uint32_t run_id_;
  fleet_part part_;  ///< whose messages can be timed: those of other hosts have other clocks
  time_point start_ = time_point::max();
  std::vector<subscriber_state> subscribers_;  ///< by local device number
  /// When devices were away as planned, by local number; only of those that ever were.
  boost::unordered_flat_map<std::uint32_t, std::vector<history::time_span>> away_;
  std::vector<std::uint8_t> granted_;  ///< QoS, or `refused`, for each subscription
};

}  // namespace gauntlet::sim
