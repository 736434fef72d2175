#include "harness/history/due_times.hpp"

#include "harness/base/assert.hpp"

namespace gauntlet::history {

void due_times::add(duration due) {
  GAUNTLET_ASSERT(!full() && due >= last_);
  compact_writer(steps_).number(static_cast<std::uint64_t>((due - last_).count()));
  last_ = due;
  ++count_;
}

std::uint32_t due_times::first_from(duration from) const {
  if (from > last_) return count_;
  compact_reader steps(steps_);
  duration due{};
  for (std::uint32_t number = 0; number < count_; ++number) {
    due += duration(static_cast<duration::rep>(steps.number()));
    if (due >= from) return number;
  }
  return count_;
}

void due_times::write(compact_writer& out) const {
  out.number(count_);
  compact_reader steps(steps_);
  for (std::uint32_t number = 0; number < count_; ++number) out.number(steps.number());
}

due_times due_times::read(compact_reader& in) {
  due_times made;
  for (std::uint64_t left = in.count(); left > 0 && !in.failed(); --left) {
    const std::uint64_t step = in.number();
    const auto room = static_cast<std::uint64_t>((duration::max() - made.last_).count());
    if (made.full() || step > room) {
      in.fail();
    } else {
      made.add(made.last_ + duration(static_cast<duration::rep>(step)));
    }
  }
  return made;
}

}  // namespace gauntlet::history
