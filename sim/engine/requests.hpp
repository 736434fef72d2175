#pragma once

// The asking side of request/response: which request an answer belongs to, how long it took, and
// what never came. What is needed of a request comes back in its answer, so that only the numbers
// answered are kept.

#include <cstdint>
#include <optional>
#include <string>

#include <boost/unordered/unordered_flat_map.hpp>

#include "harness/history/sequence_set.hpp"
#include "harness/mqtt/publish_view.hpp"
#include "sim/engine/device.hpp"
#include "sim/engine/publisher.hpp"
#include "sim/engine/worker_books.hpp"
#include "sim/plan/fleet_plan.hpp"

namespace gauntlet::sim {

/// Enters answers to the requests of one worker's devices.
class requests {
 public:
  requests(const fleet_plan& plan, worker_books& books, std::uint32_t run_id)
      : plan_(plan), books_(books), run_id_(run_id) {}

  /// Looks at a message of a device that sends requests; enters it if it is an answer. `mark` is
  /// its stamp, `start` the beginning of the plan's time line.
  void on_message(const device& who, const mqtt::publish_view& message,
                  const std::optional<stamp>& mark, time_point start, time_point now);

  /// Enters the requests of a device and what became of those without an answer; once, at the end.
  void close_device(const device& who, const publisher& sender, time_point now);

 private:
  bool is_answer(const device& who, const mqtt::publish_view& message,
                 const std::optional<stamp>& mark);
  void enter(const device& who, const stamp& request, const request_settings& asked,
             duration arrived);
  std::uint32_t first_due_from(const device& who, std::uint32_t publication, std::uint32_t sent,
                               duration from) const;

  const fleet_plan& plan_;
  worker_books& books_;
  std::uint32_t run_id_;
  boost::unordered_flat_map<std::uint32_t, history::sequence_set> answered_;  ///< by stream
  std::string topic_;
};

}  // namespace gauntlet::sim
