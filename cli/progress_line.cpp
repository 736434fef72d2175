#include "cli/progress_line.hpp"

#include <cstdio>
#include <string>

#include <fmt/format.h>

#include "harness/base/units.hpp"
#include "reports/figures.hpp"

namespace gauntlet::cli {
namespace {

constexpr duration redraw_interval = std::chrono::milliseconds(500);
constexpr duration plain_interval = std::chrono::seconds(5);

std::string rate_text(std::uint64_t now, std::uint64_t before, duration time) {
  return reports::plain(reports::rate_of(now - before, time));
}

}  // namespace

progress_line::~progress_line() {
  if (drawn_ && on_terminal_) fmt::print(stderr, "\r\x1b[K");
}

void progress_line::show(const sim::run_progress& now) {
  const duration since = now.elapsed - last_.elapsed;
  const duration interval = on_terminal_ ? redraw_interval : plain_interval;
  const bool new_phase = now.phase != last_.phase;
  if (now.phase == sim::run_phase::finishing) return;
  if (since < interval && !new_phase) return;

  std::string text = fmt::format(
      "{} {}: {}/{} connected", reports::plain(reports::duration_of(now.elapsed)),
      sim::phase_name(now.phase), format_count(now.connected), format_count(now.devices));
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
  if (on_terminal_) {
    fmt::print(stderr, "\r{}\x1b[K", text);
  } else {
    fmt::print(stderr, "{}\n", text);
  }
  std::fflush(stderr);
  drawn_ = true;
  last_ = now;
}

}  // namespace gauntlet::cli
