#include "sim/plan/time_warp.hpp"

#include <algorithm>
#include <cmath>

#include "harness/base/assert.hpp"

namespace gauntlet::sim {

time_warp::time_warp(const std::vector<load_piece>& pieces) {
  GAUNTLET_ASSERT(!pieces.empty());
  duration::rep real = 0;
  double nominal = 0;
  for (const load_piece& each : pieces) {
    GAUNTLET_ASSERT(each.length > duration::zero() && each.from >= 0 && each.to >= 0);
    const auto length = static_cast<double>(each.length.count());
    piece made{.real_begin = real,
               .real_end = real + each.length.count(),
               .nominal_begin = nominal,
               .nominal_end = nominal + (each.from + each.to) / 2 * length,
               .from = each.from,
               .to = each.to};
    identity_ = identity_ && each.from == 1 && each.to == 1;
    real = made.real_end;
    nominal = made.nominal_end;
    pieces_.push_back(made);
  }
}

const time_warp::piece& time_warp::piece_at(duration real) const {
  const auto after =
      std::upper_bound(pieces_.begin(), pieces_.end() - 1, real.count(),
                       [](duration::rep time, const piece& each) { return time < each.real_end; });
  return *after;
}

double time_warp::nominal(duration real) const {
  if (identity_ || real <= duration::zero()) return static_cast<double>(real.count());
  if (real >= length()) {
    return nominal_length() + static_cast<double>((real - length()).count());
  }
  const piece& at = piece_at(real);
  const auto within = static_cast<double>(real.count() - at.real_begin);
  const auto length = static_cast<double>(at.real_end - at.real_begin);
  return at.nominal_begin + within * (at.from + (at.to - at.from) * within / length / 2);
}

duration time_warp::real(double nominal) const {
  GAUNTLET_ASSERT(nominal >= 0 && nominal < nominal_length());
  if (identity_) return duration(static_cast<duration::rep>(nominal));
  // The first piece that ends later than this: of pieces at which time stands still none does.
  const piece& at =
      *std::upper_bound(pieces_.begin(), pieces_.end() - 1, nominal,
                        [](double time, const piece& each) { return time < each.nominal_end; });
  const double within = nominal - at.nominal_begin;
  const duration::rep length = at.real_end - at.real_begin;
  // Solves from x + (to - from) x^2 / 2 length = within in the form that cancels nothing.
  const double slope = (at.to - at.from) / static_cast<double>(length);
  const double discriminant = std::max(0.0, at.from * at.from + 2 * slope * within);
  const double divisor = at.from + std::sqrt(discriminant);
  const double x = divisor > 0 ? 2 * within / divisor : 0;
  // Rounding may not carry it over the border into the next piece.
  return duration(at.real_begin +
                  std::clamp<duration::rep>(static_cast<duration::rep>(x), 0, length - 1));
}

double time_warp::load(duration real) const {
  if (real < duration::zero() || real >= length()) return 1;
  const piece& at = piece_at(real);
  const auto within = static_cast<double>(real.count() - at.real_begin);
  return at.from + (at.to - at.from) * within / static_cast<double>(at.real_end - at.real_begin);
}

duration time_warp::resumed(duration real) const {
  if (real < duration::zero() || real >= length()) return real;
  const piece* at = &piece_at(real);
  if (at->from > 0 || at->to > 0) return real;
  while (at != &pieces_.back() && at->from == 0 && at->to == 0) ++at;
  const bool never = at->from == 0 && at->to == 0;
  return duration(never ? at->real_end : at->real_begin);
}

}  // namespace gauntlet::sim
