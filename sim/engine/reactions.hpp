#pragma once

// What devices do when messages come: set sensors, change intervals, publish, answer. It decides;
// the publisher sends.
//
// Bounded: a device does not react to what its own reactions have sent, and nothing answers an
// answer; longer loops within one scenario are refused when it is read (reaction_checks.hpp), and
// what waits is bounded in any case (triggered_messages.hpp).

#include <cstdint>
#include <optional>
#include <string>

#include "harness/mqtt/publish_view.hpp"
#include "sim/engine/device.hpp"
#include "sim/engine/publisher.hpp"
#include "sim/engine/worker_books.hpp"
#include "sim/plan/fleet_plan.hpp"

namespace gauntlet::sim {

/// The reactions of one worker's devices.
class reactions {
 public:
  reactions(const fleet_plan& plan, publisher& sender, worker_books& books)
      : plan_(plan), sender_(sender), books_(books) {}

  /// Does what the device's group says about a message. `mark` is its stamp, if it is one of this
  /// run.
  void on_message(const device& who, const mqtt::publish_view& message,
                  const std::optional<stamp>& mark, time_point now);

 private:
  struct incoming {
    const mqtt::publish_view& message;
    const std::optional<stamp>& mark;
    time_point now;
  };

  void apply(const device& who, const reaction& what, const incoming& from);
  void set_sensor(const device& who, const sensor_change& what, const incoming& from);
  void change_interval(const device& who, const interval_change& what, const incoming& from);
  void publish(const device& who, const reaction_publication& what, const incoming& from,
               const answer_context* answering);
  void answer(const device& who, const reaction_publication& what, const incoming& from);
  bool is_intact(const device& who, const incoming& from);
  std::optional<literal_value> look_up(const device& who, const json_pointer& where,
                                       const incoming& from);

  const fleet_plan& plan_;
  publisher& sender_;
  worker_books& books_;
  std::string filter_;
  answer_context answering_;
};

}  // namespace gauntlet::sim
