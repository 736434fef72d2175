#pragma once

// Request/response: what makes a publication a request. MQTT 5.0 §4.10
//
// In 5.0 a request carries a Response Topic and Correlation Data; in 3.1.1 the answer goes to where
// the answering side says, and carries the stamp of the request at the end of its payload.

#include "harness/base/event_loop.hpp"
#include "sim/scenario/text_template.hpp"

namespace gauntlet::sim {

/// The answer that each message of a publication asks for.
struct request_settings {
  /// Where it is awaited; the device is subscribed to it without saying so.
  text_template response_topic;
  /// How long the answer may take.
  duration timeout = std::chrono::seconds(5);
};

}  // namespace gauntlet::sim
