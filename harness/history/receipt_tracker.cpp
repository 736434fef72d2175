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
    const bool told = next_ != 0 && epoch == epoch_;
    const std::uint32_t skipped = told ? sequence - next_ : 0;
    if (sequence > next_) {
      const sequence_range range{next_, sequence - 1};
      make_trouble().missing.add(range);
      if (epoch != epoch_) make_trouble().excused.add(range);
      if (!told) make_trouble().untold.add(range);
    }
    epoch_ = epoch;
    next_ = sequence + 1;
    return {.kind = receipt_kind::in_order, .skipped = skipped};
  }
  epoch_ = epoch;
  if (trouble_ && trouble_->missing.remove(sequence)) {
    ++late_;
    trouble_->overtaken.add({sequence, sequence});
    return {.kind = receipt_kind::late, .was_skipped = !trouble_->untold.contains(sequence)};
  }
  ++duplicates_;
  make_trouble().repeated.add({sequence, sequence});
  return {.kind = receipt_kind::duplicate};
}

std::uint64_t receipt_tracker::received() const {
  return next_ - (trouble_ ? trouble_->missing.size() : 0);
}

std::uint32_t receipt_tracker::duplicates_in(sequence_range range) const {
  if (duplicates_ == 0) return 0;
  const sequence_set& repeated = trouble_->repeated;
  const std::uint32_t last = repeated.ranges().back().last;
  const auto distinct = static_cast<std::uint32_t>(repeated.size());
  const std::uint32_t further =
      last >= range.first && last <= range.last ? duplicates_ - distinct : 0;
  return static_cast<std::uint32_t>(repeated.size_in(range)) + further;
}

std::uint32_t receipt_tracker::late_in(sequence_range range) const {
  return late_ == 0 ? 0 : static_cast<std::uint32_t>(trouble_->overtaken.size_in(range));
}

std::uint64_t receipt_tracker::received_in(sequence_range range) const {
  if (range.first >= next_) return 0;
  range.last = std::min(range.last, next_ - 1);
  const std::uint64_t length = std::uint64_t{range.last} - range.first + 1;
  return length - (trouble_ ? trouble_->missing.size_in(range) : 0);
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
  sequence_set twice;
  const std::uint32_t common = std::min(next_, other.next_);
  if (common > 0) {
    sequence_set all;
    all.add({0, common - 1});
    twice = difference(difference(all, missing_below(common)), other.missing_below(common));
  }
  next_ = end;
  if (trouble_ || !missing.empty()) {
    make_trouble().missing = std::move(missing);
    make_trouble().excused = std::move(excused);
  }
  for (const sequence_range range : twice.ranges()) make_trouble().repeated.add(range);
  if (other.trouble_) {
    for (const sequence_range range : other.trouble_->repeated.ranges()) {
      make_trouble().repeated.add(range);
    }
  }
  duplicates_ += other.duplicates_ + static_cast<std::uint32_t>(before - received());
}

receipt_tracker::parts receipt_tracker::to_parts() const {
  return {.next = next_,
          .duplicates = duplicates_,
          .late = late_,
          .epoch = epoch_,
          .missing = trouble_ ? trouble_->missing : sequence_set{},
          .excused = excused(),
          .repeated = trouble_ ? trouble_->repeated : sequence_set{},
          .overtaken = trouble_ ? trouble_->overtaken : sequence_set{}};
}

receipt_tracker receipt_tracker::from_parts(parts from) {
  receipt_tracker tracker;
  tracker.next_ = from.next;
  tracker.duplicates_ = from.duplicates;
  tracker.late_ = from.late;
  tracker.epoch_ = from.epoch;
  if (!from.missing.empty() || !from.excused.empty() || !from.repeated.empty() ||
      !from.overtaken.empty()) {
    tracker.trouble_ = std::make_unique<trouble>(trouble{.missing = std::move(from.missing),
                                                         .excused = std::move(from.excused),
                                                         .repeated = std::move(from.repeated),
                                                         .overtaken = std::move(from.overtaken)});
  }
  return tracker;
}

}  // namespace gauntlet::history
