#pragma once

// One line on stderr that says how a long command is doing: redrawn in place on a terminal,
// elsewhere a plain line now and then.

#include <string>

#include "harness/base/event_loop.hpp"

namespace gauntlet::cli {

/// Belongs to one thread. Wipes its line when it goes.
class status_line {
 public:
  explicit status_line(bool on_terminal) : on_terminal_(on_terminal) {}
  ~status_line();
  status_line(const status_line&) = delete;
  status_line& operator=(const status_line&) = delete;

  /// Whether a line drawn `since` the last one is due.
  bool is_due(duration since) const;
  void draw(const std::string& text);

 private:
  bool on_terminal_;
  bool drawn_ = false;
};

}  // namespace gauntlet::cli
