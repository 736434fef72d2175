#pragma once

// What the defects of the list robustness do to the process that the broker runs in.

#include <functional>

namespace gauntlet::broker {

/// Empty functions: the process belongs to others too, and options with such a defect are refused.
struct process_harm {
  std::function<void()> crash;  ///< ends the process
  std::function<void()> hang;   ///< does not come back
  std::function<void()> leak;   ///< takes memory for good
  std::function<void()> spin;   ///< comes back, and keeps a processor busy from then on

  explicit operator bool() const { return crash && hang && leak && spin; }
};

/// Harms the process in earnest. For a program that is nothing but a broker.
process_harm harm_in_earnest();

}  // namespace gauntlet::broker
