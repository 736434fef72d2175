#pragma once

// The two halves of a story about retained messages: somebody retains, somebody subscribes later.

#include "conformance/cases/support/deliveries.hpp"

namespace gauntlet::conformance {

/// Retains a message at QoS 1, which a broker may not drop at will, on the topic of that tail.
void retain(context& test, std::string_view tail, std::string_view payload,
            mqtt::qos qos = mqtt::qos::at_least_once);

/// A new client that subscribes to the filter of that tail.
client& late_reader(context& test, std::string_view name, std::string_view tail,
                    mqtt::qos maximum_qos = mqtt::qos::at_least_once,
                    mqtt::subscription_options options = {});

/// A message with RETAIN 1 and this payload comes, and is acknowledged.
mqtt::publish expect_retained(client& to, std::string_view payload);

}  // namespace gauntlet::conformance
