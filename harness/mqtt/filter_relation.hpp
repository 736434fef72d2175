#pragma once

// How two Topic Filters relate, as sets of the Topic Names that they match (MQTT 5.0 §4.7). Both
// must be valid, and no shared subscriptions.

#include <string_view>

namespace gauntlet::mqtt {

/// Whether `wide` matches every name that `narrow` matches. May say no for filters that are the
/// same set in different words, such as "+/#" for "#".
bool covers(std::string_view wide, std::string_view narrow);

/// Whether there is a name that both match.
bool overlap(std::string_view a, std::string_view b);

}  // namespace gauntlet::mqtt
