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

// What can be said of a pair, as sets of numbers.
struct pair_findings {
  sequence_set expected;   // due, and owned by the broker to the end
  sequence_set lost;       // of those, not received
  sequence_set uncertain;  // not received, and the broker need not have owned or kept it
  sequence_set refused;    // received although the broker had refused it
};

pair_findings find(const pair_claim& claim,
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

  for (const time_span& span : claim.not_due) {
    due = difference(due, numbers_in(span, published.sent, first_scheduled_from));
  }

  const sequence_set all_missing = receipts.missing_below(published.sent);
  const sequence_set missing = intersection(all_missing, due);
  const sequence_set owned = difference(difference(due, published.uncertain), published.rejected);
  const sequence_set missing_owned = intersection(missing, owned);
  const sequence_set forgiven = intersection(missing_owned, excused);

  pair_findings found;
  found.expected = difference(owned, forgiven);
  found.lost = difference(missing_owned, forgiven);
  found.uncertain = intersection(missing, published.uncertain);
  add_all(found.uncertain, forgiven);
  found.refused = difference(published.rejected, all_missing);
  return found;
}

delivery_figures figures_in(sequence_range window, const pair_claim& claim,
                            const pair_findings& found) {
  const receipt_tracker& receipts = claim.receipts;
  delivery_figures figures;
  figures.expected = found.expected.size_in(window);
  figures.lost = found.lost.size_in(window);
  figures.delivered = figures.expected - figures.lost;
  figures.uncertain = found.uncertain.size_in(window);

  const std::uint64_t received = receipts.received_in(window);
  sequence_range sent = window;
  const bool any_sent = claim.published.sent > window.first;
  if (any_sent) sent.last = std::min(window.last, claim.published.sent - 1);
  const std::uint64_t real = any_sent ? receipts.received_in(sent) : 0;
  const std::uint64_t refused = found.refused.size_in(window);
  figures.unexpected = received - real + refused;
  figures.extra = real - refused - figures.delivered;

  const std::uint64_t copies = receipts.duplicates_in(window);
  figures.duplicated = copies - std::min(copies, (claim.matching - 1) * received);
  figures.reordered = receipts.late_in(window);
  return figures;
}

}  // namespace

std::vector<delivery_figures> judge_pair(
    const pair_claim& claim, const std::function<std::uint32_t(time_point)>& first_scheduled_from,
    std::span<const sequence_range> windows) {
  const pair_findings found = find(claim, first_scheduled_from);
  std::vector<delivery_figures> figures;
  for (const sequence_range window : windows) figures.push_back(figures_in(window, claim, found));
  return figures;
}

}  // namespace gauntlet::history
