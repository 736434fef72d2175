#include "harness/history/receipt_tracker.hpp"

#include <algorithm>
#include <utility>

namespace gauntlet::history {

receipt_tracker::trouble& receipt_tracker::make_trouble() {
  if (!trouble_) trouble_ = std::make_unique<trouble>();
  return *trouble_;
}

receipt receipt_tracker::receive(std::uint32_t sequence, std::uint16_t epoch) {
  if (sequence >= next_) {
    const std::uint32_t skipped = next_ == 0 ? 0 : sequence - next_;
    if (sequence > next_) {
      const sequence_range range{next_, sequence - 1};
      make_trouble().missing.add(range);
      if (epoch != epoch_) make_trouble().excused.add(range);
    }
    epoch_ = epoch;
    next_ = sequence + 1;
    return {.kind = receipt_kind::in_order, .skipped = skipped};
  }
  epoch_ = epoch;
  if (trouble_ && trouble_->missing.remove(sequence)) {
    ++late_;
    return {.kind = receipt_kind::late};
  }
  ++duplicates_;
  return {.kind = receipt_kind::duplicate};
}

std::uint64_t receipt_tracker::received() const {
  return next_ - (trouble_ ? trouble_->missing.size() : 0);
}

sequence_set receipt_tracker::missing_below(std::uint32_t end) const {
  sequence_set missing;
  if (trouble_) {
    for (const sequence_range range : trouble_->missing.ranges()) {
      if (range.first < end) missing.add({range.first, std::min(range.last, end - 1)});
    }
  }
  if (next_ < end) missing.add({next_, end - 1});
  return missing;
}

const sequence_set& receipt_tracker::excused() const {
  static const sequence_set none;
  return trouble_ ? trouble_->excused : none;
}

void receipt_tracker::join(const receipt_tracker& other) {
  const std::uint64_t before = received() + other.received();
  const std::uint32_t end = std::max(next_, other.next_);
  sequence_set missing = intersection(missing_below(end), other.missing_below(end));
  sequence_set excused = intersection(this->excused(), other.excused());
  next_ = end;
  if (trouble_ || !missing.empty()) {
    make_trouble().missing = std::move(missing);
    make_trouble().excused = std::move(excused);
  }
  duplicates_ += other.duplicates_ + static_cast<std::uint32_t>(before - received());
}

receipt_tracker::parts receipt_tracker::to_parts() const {
  return {.next = next_,
          .duplicates = duplicates_,
          .late = late_,
          .epoch = epoch_,
          .missing = trouble_ ? trouble_->missing : sequence_set{},
          .excused = excused()};
}

receipt_tracker receipt_tracker::from_parts(parts from) {
  receipt_tracker tracker;
  tracker.next_ = from.next;
  tracker.duplicates_ = from.duplicates;
  tracker.late_ = from.late;
  tracker.epoch_ = from.epoch;
  if (!from.missing.empty() || !from.excused.empty()) {
    tracker.trouble_ = std::make_unique<trouble>(
        trouble{.missing = std::move(from.missing), .excused = std::move(from.excused)});
  }
  return tracker;
}

}  // namespace gauntlet::history
