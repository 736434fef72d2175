#pragma once

// Which topics a filter matches where a defect of topics.inc is on (MQTT 5.0 §4.7). Filters are
// then compared one by one, not looked up.

#include <string_view>

#include "harness/broker/defects.hpp"

namespace gauntlet::broker {

/// Whether any defect of topics.inc is on.
bool matches_wrongly(const defect_set& defects);

/// Whether a message on `name` goes to a subscription with `filter`, as the defects have it; of a
/// shared subscription the filter behind the share name.
bool matches_wrongly(defect_set& defects, std::string_view filter, std::string_view name,
                     bool is_shared);

}  // namespace gauntlet::broker
