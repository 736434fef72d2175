#pragma once

// Numbers as people read them, the same in every report.

#include <cstdint>
#include <string>

#include "harness/base/event_loop.hpp"

namespace gauntlet::reports {

/// A number with its unit apart, so that a page can set the unit smaller. The unit may be empty.
struct quantity {
  std::string number;
  std::string unit;
};

quantity count_of(std::uint64_t value);
/// Three significant digits in the unit that fits: 870 ns, 1.39 ms, 12.5 s; whole minutes and hours
/// above two minutes: "3 min 20 s". The micro sign is U+00B5.
quantity duration_of(duration value);
/// Three significant digits, in B, KiB, MiB or GiB.
quantity bytes_of(std::uint64_t value);
/// A rate of `count` in `time`, per second; 0 if no time passed.
quantity rate_of(std::uint64_t count, duration time);

/// "1.39 ms".
std::string plain(const quantity& value);

}  // namespace gauntlet::reports
