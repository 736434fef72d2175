#pragma once

// When the messages of one publication are due. Regular schedules are made in nominal time, where
// the load is always 100%, and bent (time_warp.hpp); what stands on the clock or follows a sensor
// is made in real time.

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "harness/base/seeded_stream.hpp"
#include "sim/plan/sensor_plan.hpp"
#include "sim/plan/stage_plan.hpp"
#include "sim/plan/time_warp.hpp"
#include "sim/scenario/publication.hpp"

namespace gauntlet::sim {

/// One message of a stream: where its schedule stands. 16 bytes; all that an engine keeps.
struct due_message {
  duration due{};
  std::uint32_t sequence = 0;
  bool operator==(const due_message&) const = default;
};

/// The load of the stages times that of a curve over the day. Where both change, their product is
/// followed in straight pieces, off by at most a 2000th of the product of the two changes.
std::vector<load_piece> combine_loads(const std::vector<load_piece>& stages,
                                      const std::vector<load_point>& curve, duration time_of_day);

/// A schedule made ready.
class schedule_plan {
 public:
  /// `stages` is the load that all publications without a curve share.
  schedule_plan(const publication& what, const std::vector<load_piece>& load,
                std::shared_ptr<const time_warp> stages, duration time_of_day);

  /// Whose schedule is asked for.
  struct stream {
    stream_key key;                ///< of the device's stream
    duration start{};              ///< when the device begins
    const sensor_plan* sensors{};  ///< of its group
    std::uint32_t index = 0;       ///< within the group
  };

  /// The first message, or nothing if none is due before the end.
  std::optional<due_message> first(const stream& who) const;
  /// The message after `last`, or nothing.
  std::optional<due_message> next(const stream& who, const due_message& last) const;

  /// Whether the time of a message follows from its number alone, so that numbers are exact.
  bool is_regular() const { return !poisson_ && !on_change_; }
  /// The number of the first message due at `from` or later; UINT32_MAX if there is none.
  std::uint32_t first_from(const stream& who, duration from) const;
  /// How many messages are due before `end`. Exact if is_regular(); of random intervals the mean;
  /// of changes of a sensor what a stretch of the beginning says.
  double count_before(const stream& who, duration end) const;

 private:
  std::optional<due_message> at(const stream& who, std::uint32_t sequence, duration earlier) const;
  duration regular(const stream& who, std::uint32_t sequence) const;
  duration aligned(const stream& who, std::uint32_t sequence) const;
  duration random(const stream& who, std::uint32_t sequence, duration earlier) const;
  std::optional<due_message> changed(const stream& who, std::uint32_t sequence, duration earlier,
                                     duration until) const;
  duration jitter_of(const stream& who, std::uint32_t burst) const;
  duration first_nominal(const stream& who) const;
  /// The real time of a nominal one; the end if it passes after it.
  duration bent(double nominal) const;
  /// A number that no regular message before the end has.
  std::uint64_t number_limit(const stream& who) const;
  std::uint32_t regular_before(const stream& who, duration end) const;
  double changes_before(const stream& who, duration end) const;

  duration every_{};
  duration late_max_{};
  duration time_of_day_{};
  duration end_{};
  std::optional<duration> first_;
  std::uint32_t count_max_ = UINT32_MAX;
  std::uint32_t burst_ = 1;
  duration spacing_{};
  bool poisson_ = false;
  bool aligned_ = false;
  std::optional<change_trigger> on_change_;
  std::shared_ptr<const time_warp> warp_;
};

}  // namespace gauntlet::sim
