#include "cli/progress_line.hpp"

#include <string>

#include <fmt/format.h>

#include "harness/base/units.hpp"
#include "reports/figures.hpp"

namespace gauntlet::cli {
namespace {

std::string rate_text(std::uint64_t now, std::uint64_t before, duration time) {
  return reports::plain(reports::rate_of(now - before, time));
}

}  // namespace

void progress_line::show(const sim::run_progress& now) {
  const duration since = now.elapsed - last_.elapsed;
  const bool new_phase = now.phase != last_.phase;
  if (now.phase == sim::run_phase::finishing) return;
  if (!line_.is_due(since) && !new_phase) return;

  std::string text = fmt::format(
      "{} {}: {}/{} connected", reports::plain(reports::duration_of(now.elapsed)),
      sim::phase_name(now.phase), format_count(now.connected), format_count(now.devices));
  if (!now.stage.empty()) {
    text += fmt::format(", {} at {:.0f}%", now.stage, now.load * 100);
  }
  if (now.failures > 0) {
    text += fmt::format(", {} failures", format_count(now.failures));
  }
  if (now.sent > 0) {
    text += fmt::format(", out {}, in {}, p99 {}", rate_text(now.sent, last_.sent, since),
                        rate_text(now.received, last_.received, since),
                        reports::plain(reports::duration_of(now.latency_p99)));
  }
  if (now.missing > 0) {
    text += fmt::format(", {} missing", format_count(static_cast<std::uint64_t>(now.missing)));
  }
  if (now.phase == sim::run_phase::publishing) {
    text += fmt::format(", {} left",
                        reports::plain(reports::duration_of(
                            std::chrono::ceil<std::chrono::seconds>(now.publishing_left))));
  }
  line_.draw(text);
  last_ = now;
}

}  // namespace gauntlet::cli
