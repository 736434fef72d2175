#include "sim/engine/broken_connections.hpp"

#include <algorithm>

#include "harness/record/counted_reasons.hpp"

namespace gauntlet::sim {
namespace {

// A peer that was cut off notices late: TCP sends again after up to as long as it was silent, and a
// broker looks after its Keep Alives from time to time.
constexpr duration aftermath_min = std::chrono::seconds(5);
// Of the faults that began before a connection ended only the last can have ended it.
constexpr int times_looked_at = 16;

bool explains(const breaking_time& fault, const broken_connection& which) {
  if (which.ended < fault.from || which.begun > fault.until) return false;
  if (fault.ends_all || fault.until == time_point::max()) return true;
  return which.ended - fault.until <= std::max(aftermath_min, fault.until - fault.from);
}

}  // namespace

bool broken_connections::add(std::uint16_t group, std::string_view reason, time_point begun,
                             time_point ended) {
  if (all_.size() >= kept_max) return false;
  auto found = std::find(reasons_.begin(), reasons_.end(), reason);
  if (found == reasons_.end()) {
    if (reasons_.size() >= record::counted_reasons::different_max) {
      reason = record::counted_reasons::other;
      found = std::find(reasons_.begin(), reasons_.end(), reason);
    }
    if (found == reasons_.end()) found = reasons_.emplace(reasons_.end(), reason);
  }
  all_.push_back({.begun = begun,
                  .ended = ended,
                  .group = group,
                  .reason = static_cast<std::uint16_t>(found - reasons_.begin())});
  return true;
}

void broken_connections::write(compact_writer& out) const {
  out.number(reasons_.size());
  for (const std::string& each : reasons_) out.text(each);
  out.number(all_.size());
  for (const broken_connection& each : all_) {
    out.time(each.begun);
    out.time(each.ended);
    out.number(each.group);
    out.number(each.reason);
  }
}

broken_connections broken_connections::read(compact_reader& in) {
  broken_connections made;
  for (std::uint64_t n = in.count(); n > 0 && !in.failed(); --n) made.reasons_.push_back(in.text());
  for (std::uint64_t n = in.count(); n > 0 && !in.failed(); --n) {
    broken_connection& each = made.all_.emplace_back();
    each.begun = in.time();
    each.ended = in.time();
    each.group = in.number16();
    each.reason = in.number16();
    if (each.reason >= made.reasons_.size()) in.fail();
  }
  if (in.failed()) return {};
  return made;
}

std::string_view cause_of(const broken_connection& which, const std::vector<breaking_time>& times) {
  auto next = std::upper_bound(
      times.begin(), times.end(), which.ended,
      [](time_point ended, const breaking_time& each) { return ended < each.from; });
  for (int i = 0; i < times_looked_at && next != times.begin(); ++i) {
    --next;
    if (explains(*next, which)) return next->fault;
  }
  return {};
}

}  // namespace gauntlet::sim
