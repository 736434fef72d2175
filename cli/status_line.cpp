#include "cli/status_line.hpp"

#include <cstdio>

#include <fmt/format.h>

namespace gauntlet::cli {
namespace {

constexpr duration redraw_interval = std::chrono::milliseconds(500);
constexpr duration plain_interval = std::chrono::seconds(5);

}  // namespace

status_line::~status_line() {
  if (drawn_ && on_terminal_) fmt::print(stderr, "\r\x1b[K");
}

bool status_line::is_due(duration since) const {
  return since >= (on_terminal_ ? redraw_interval : plain_interval);
}

void status_line::draw(const std::string& text) {
  if (on_terminal_) {
    fmt::print(stderr, "\r{}\x1b[K", text);
  } else {
    fmt::print(stderr, "{}\n", text);
  }
  std::fflush(stderr);
  drawn_ = true;
}

}  // namespace gauntlet::cli
