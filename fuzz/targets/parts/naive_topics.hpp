#pragma once

// Topic Names and Topic Filters as the standard tells them, level by level and without regard to
// speed: what our own code is compared with.

#include <string_view>

namespace gauntlet::fuzz {

/// MQTT 5.0 §4.7.1 and §4.7.3
bool is_valid_name(std::string_view name);
/// The same for filters, without shared subscriptions.
bool is_valid_filter(std::string_view filter);
/// "$share/name/filter" with all its parts. MQTT 5.0 §4.8.2
bool is_valid_shared(std::string_view filter);

/// Both valid, the filter without "$share/". MQTT 5.0 §4.7.1, §4.7.2
bool naive_matches(std::string_view filter, std::string_view name);

}  // namespace gauntlet::fuzz
