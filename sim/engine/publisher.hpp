#pragma once

// The publishing side of one worker: sends what is due, planned or triggered, keeps the schedule
// lag, enters acknowledgements. It touches devices but does not decide about their connections.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "harness/base/event_loop.hpp"
#include "sim/engine/device.hpp"
#include "sim/engine/device_life.hpp"
#include "sim/engine/edge_nodes.hpp"
#include "sim/engine/in_flight_messages.hpp"
#include "sim/engine/offline_drops.hpp"
#include "sim/engine/triggered_messages.hpp"
#include "sim/engine/worker_books.hpp"
#include "sim/plan/fleet_plan.hpp"

namespace gauntlet::sim {

/// Sends the planned messages of one worker's devices.
class publisher {
 public:
  /// All but the number must outlive it.
  publisher(const fleet_plan& plan, worker_books& books, const device_lives& lives,
            std::uint32_t run_id);

  /// Makes room for the device's streams; once for each device, before start().
  void add_device(device& who);

  /// Planned times count from `start` on. open_device() must follow for each device.
  void start(time_point start);
  /// Sets the device's streams to their first messages.
  void open_device(const device& who);
  bool started() const { return started_; }
  time_point started_at() const { return start_; }
  bool stopped() const { return end_ != duration::max(); }
  /// No new messages from now on; those scheduled for later are not part of the run any more.
  void stop(time_point now);

  /// Lets a message of a triggered publication be due `after` from now (of the start of publishing,
  /// if that is still to come), never before those of its stream that have been sent. It goes out
  /// with the next send_due(). `answering` goes with an answer, whose publication says so. Answers
  /// false, and the message counts as planned and not sent, when too many wait already; and false
  /// when it would be due after the scenario's duration, when it is no part of the run. Answers to
  /// requests are, as long as the devices are up.
  bool trigger(const device& who, std::size_t publication, time_point now,
               duration after = duration::zero(), const answer_context* answering = nullptr);
  /// From now on the publication, which must be `recorded`, has a message every `every`, the first
  /// one that long from now; for `lasting`, or to the end. Afterwards its schedule is followed
  /// again.
  void change_interval(const device& who, std::size_t publication, time_point now, duration every,
                       std::optional<duration> lasting);
  /// Sets a sensor of the device from now on. Messages that were due before keep their values.
  void set_sensor(const device& who, std::string_view sensor, time_point now, literal_value value);
  /// What the device remembers of its sensors: what they were set to, and where those with a past
  /// have been. nullptr if there is nothing to remember.
  sensor_memory* memory_of(const device& who);

  /// Whether trigger() or change_interval() has done anything since the last call.
  bool take_triggered() { return std::exchange(triggered_lately_, false); }
  /// Lets an edge node of Sparkplug and the devices behind it be born: its birth messages are due
  /// now.
  void trigger_births(const device& who, time_point now);
  edge_nodes& nodes() { return nodes_; }
  /// Messages of a stream that have been sent, the first sending of each.
  std::uint32_t sent(const device& who, std::size_t publication) const {
    return streams_[who.first_stream + publication].next.sequence;
  }
  /// Triggered messages that wait to be sent.
  std::size_t waiting() const { return triggered_.waiting(); }

  /// When the device's next message is due; time_point::max() if there is none.
  time_point next_due(const device& who) const;

  /// Sends everything of the device that is due now and was due by `until`, as far as
  /// acknowledgements and the socket let it. Sets device::blocked when something due had to wait.
  void send_due(device& who, time_point now, duration until = duration::max());

  /// The device is back: of what has become due meanwhile, its buffer had no room for all. What it
  /// had none for will never be sent.
  void drop_overflow(const device& who, time_point now, duration until);

  /// Events of the device's session.
  void on_acknowledged(device& who, std::uint64_t tag, mqtt::qos qos, mqtt::reason_code code,
                       time_point now);
  void on_discarded(device& who, std::uint64_t tag, mqtt::qos qos);
  mqtt::publish_view on_resend(device& who, std::uint64_t tag);
  /// The device resets its connection: messages of QoS 0 sent just before may not arrive.
  void on_reset(const device& who, time_point now);
  /// The connection is gone, and the Topic Aliases with it. MQTT 5.0 §3.3.2.3.4
  void on_connection_lost(const device& who);

  /// True when all streams have sent their last message.
  bool over() const { return started_ && streams_open_ == 0; }
  std::size_t in_flight() const { return in_flight_.size(); }

  /// Enters planned, sent and acknowledged figures of the device's streams into the books; once, at
  /// the end.
  void close_device(const device& who);

 private:
  struct stream_state {
    due_message next;  // only while open
    std::uint32_t acknowledged = 0;
    bool open = false;
    bool alias_known = false;  ///< to the broker, on this connection
    bool outlasts = false;     ///< answers and births, which are due even after stop()
  };

  std::size_t publications_of(const device& who) const;
  std::size_t earliest(const device& who) const;
  void advance(const device& who, std::size_t publication);
  stamp_place stamp_of(const device& who, std::size_t publication) const;
  bool is_dropped(const device& who, std::size_t publication) const;
  void drop_one(const device& who, std::size_t publication);
  void use_alias(const device& who, std::size_t publication);
  void make_message(const device& who, std::size_t publication, const due_message& message,
                    duration sent, std::uint32_t context);
  bool step(const device& who, std::size_t publication);
  bool step_changed(const device& who, std::size_t publication);
  void add_request(const device& who, std::size_t publication, const stamp& mark);
  void apply(const answer_context& answering);
  void advance_triggered(const device& who, std::size_t publication);
  void close_triggered(const device& who, std::size_t publication);
  bool send_one(device& who, std::size_t publication, time_point now);
  void flush(device& who, time_point now);

  const fleet_plan& plan_;
  worker_books& books_;
  const device_lives& lives_;
  std::uint32_t run_id_;
  bool started_ = false;
  time_point start_{};
  duration end_ = duration::max();  // on the plan's time line
  std::uint64_t streams_open_ = 0;
  std::vector<stream_state> streams_;
  in_flight_messages in_flight_;
  triggered_messages triggered_;
  offline_drops drops_;
  edge_nodes nodes_;
  /// A planned stream whose interval was changed, by its place in streams_.
  struct changed_interval {
    duration every{};  ///< until `until`, then the plan's
    duration until{};
    due_message planned;  ///< where the plan stands
    bool plan_over = false;
  };
  boost::unordered_flat_map<std::uint32_t, changed_interval> changed_;
  boost::unordered_flat_map<std::uint32_t, std::unique_ptr<sensor_memory>> memories_;
  bool triggered_lately_ = false;
  byte_buffer out_;
  byte_buffer payload_;
  byte_buffer properties_;
  std::string topic_;
};

}  // namespace gauntlet::sim
