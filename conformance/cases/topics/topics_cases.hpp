#pragma once

// Topic Names and Topic Filters: which match, which are valid, and that nothing changes them. MQTT
// 5.0 §4.7

#include "conformance/suite/suite.hpp"

namespace gauntlet::conformance {

/// All tests of this folder.
void add_topics_cases(suite& to);

// One file each.
void add_matching_cases(suite& to);
void add_topic_name_cases(suite& to);
void add_dollar_topic_cases(suite& to);
void add_invalid_topic_name_cases(suite& to);
void add_invalid_filter_cases(suite& to);

}  // namespace gauntlet::conformance
