#include <algorithm>

#include "sim/plan/schedule_plan.hpp"

namespace gauntlet::sim {
namespace {

constexpr duration day = std::chrono::hours(24);

/// A load at a time of the plan; linear up to the next.
struct corner {
  duration at{};
  double load = 1;
};

double between(const corner& left, const corner& right, duration at) {
  const auto part = static_cast<double>((at - left.at).count());
  return left.load +
         (right.load - left.load) * part / static_cast<double>((right.at - left.at).count());
}

/// The curve day after day, from a corner at or before 0 to one at or after `length`.
std::vector<corner> unrolled(const std::vector<load_point>& curve, duration time_of_day,
                             duration length) {
  std::vector<corner> corners;
  for (duration midnight = -day - time_of_day;; midnight += day) {
    for (const load_point& each : curve) {
      const corner next{.at = midnight + each.at, .load = each.load};
      if (next.at <= duration::zero()) corners.clear();
      corners.push_back(next);
      if (next.at >= length) return corners;
    }
  }
}

void append_product(std::vector<load_piece>& out, duration length, const load_piece& stage,
                    double curve_from, double curve_to) {
  const bool both_change = stage.from != stage.to && curve_from != curve_to;
  const std::int64_t parts = both_change ? std::min<std::int64_t>(16, length.count()) : 1;
  const auto product = [&](duration at) {
    const double part = static_cast<double>(at.count()) / static_cast<double>(length.count());
    return (stage.from + (stage.to - stage.from) * part) *
           (curve_from + (curve_to - curve_from) * part);
  };
  for (std::int64_t i = 0; i < parts; ++i) {
    const duration begin = length * i / parts;
    const duration end = length * (i + 1) / parts;
    out.push_back({.length = end - begin, .from = product(begin), .to = product(end)});
  }
}

}  // namespace

std::vector<load_piece> combine_loads(const std::vector<load_piece>& stages,
                                      const std::vector<load_point>& curve, duration time_of_day) {
  duration length{};
  for (const load_piece& each : stages) length += each.length;
  const std::vector<corner> corners = unrolled(curve, time_of_day, length);
  std::vector<load_piece> pieces;
  std::size_t next = 1;  // corners[next - 1] <= begin < corners[next]
  duration begin{};
  for (const load_piece& stage : stages) {
    const corner stage_begin{.at = begin, .load = stage.from};
    const corner stage_end{.at = begin + stage.length, .load = stage.to};
    while (begin < stage_end.at) {
      while (corners[next].at <= begin) ++next;
      const corner& left = corners[next - 1];
      const corner& right = corners[next];
      const duration end = std::min(stage_end.at, right.at);
      const load_piece part{.length = end - begin,
                            .from = between(stage_begin, stage_end, begin),
                            .to = between(stage_begin, stage_end, end)};
      append_product(pieces, part.length, part, between(left, right, begin),
                     between(left, right, end));
      begin = end;
    }
  }
  return pieces;
}

}  // namespace gauntlet::sim
