#include "harness/history/pair_judgement.hpp"

#include <algorithm>

namespace gauntlet::history {
namespace {

// The numbers below `sent` that were scheduled inside `span`.
sequence_set numbers_in(const time_span& span, std::uint32_t sent,
                        const std::function<std::uint32_t(time_point)>& first_scheduled_from) {
  sequence_set numbers;
  const std::uint32_t first = first_scheduled_from(span.from);
  const std::uint32_t end =
      span.until == time_point::max() ? sent : std::min(sent, first_scheduled_from(span.until));
  if (first < end) numbers.add({first, end - 1});
  return numbers;
}

void add_all(sequence_set& into, const sequence_set& from) {
  for (const sequence_range range : from.ranges()) into.add(range);
}

// Of the numbers of a span that ended in a break, those that the broker may have dropped with the
// session: everything after the last receipt before the break. Before it, order had passed them by.
sequence_set excused_in(const sequence_set& numbers, const receipt_tracker& receipts,
                        std::uint16_t epoch) {
  if (receipts.epoch() > epoch) return intersection(numbers, receipts.excused());
  sequence_set tail;
  if (receipts.next() < UINT32_MAX) tail.add({receipts.next(), UINT32_MAX});
  return intersection(numbers, tail);
}

std::uint64_t received_below(const receipt_tracker& receipts, std::uint32_t end) {
  return end - receipts.missing_below(end).size();
}

}  // namespace

delivery_figures judge_pair(const pair_claim& claim,
                            const std::function<std::uint32_t(time_point)>& first_scheduled_from) {
  const published_stream& published = claim.published;
  const receipt_tracker& receipts = claim.receipts;

  sequence_set due;
  sequence_set excused;
  for (std::size_t epoch = 0; epoch < claim.subscribed.size(); ++epoch) {
    const time_span& span = claim.subscribed[epoch];
    const sequence_set numbers = numbers_in(span, published.sent, first_scheduled_from);
    add_all(due, numbers);
    if (span.until != time_point::max()) {
      add_all(excused, excused_in(numbers, receipts, static_cast<std::uint16_t>(epoch)));
    }
  }

  const sequence_set missing = intersection(receipts.missing_below(published.sent), due);
  const sequence_set owned = difference(difference(due, published.uncertain), published.rejected);
  const sequence_set missing_owned = intersection(missing, owned);
  const sequence_set forgiven = intersection(missing_owned, excused);

  delivery_figures figures;
  figures.expected = owned.size() - forgiven.size();
  figures.lost = missing_owned.size() - forgiven.size();
  figures.delivered = figures.expected - figures.lost;
  figures.uncertain = forgiven.size() + intersection(missing, published.uncertain).size();

  const std::uint64_t real = received_below(receipts, std::min(published.sent, receipts.next()));
  const std::uint64_t never_sent = receipts.received() - real;
  const std::uint64_t refused =
      published.rejected.size() -
      intersection(receipts.missing_below(published.sent), published.rejected).size();
  figures.unexpected = never_sent + refused;
  figures.extra = real - refused - figures.delivered;

  const std::uint64_t permitted = (claim.matching - 1) * receipts.received();
  figures.duplicated =
      receipts.duplicates() - std::min<std::uint64_t>(receipts.duplicates(), permitted);
  figures.reordered = receipts.late();
  return figures;
}

}  // namespace gauntlet::history
