#pragma once

// Shorthands for figures that stand in result.json; private to reports.

#include <string>
#include <string_view>

#include "harness/record/histogram.hpp"
#include "reports/page_data.hpp"

namespace gauntlet::reports {

/// A count that says something good or nothing; quiet if zero.
void add_count(page_data& to, std::string_view key, std::string path, std::uint64_t value);
/// A count that should be zero: an alarm if it is not, or a notice where the standard `allows` it.
void add_trouble(page_data& to, std::string_view key, std::string path, std::uint64_t value,
                 bool allows = false);
void add_duration(page_data& to, std::string_view key, std::string path, duration value);
void add_bytes(page_data& to, std::string_view key, std::string path, std::uint64_t value);
/// Count, mean, percentiles and maximum of a histogram, as items of list "figures"; all but the
/// count are left empty if it is.
void add_percentiles(page_data& to, const std::string& path, const record::histogram& from);

}  // namespace gauntlet::reports
