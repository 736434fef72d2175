#pragma once

// One line per event, for people and for the run's folder. Lines read "event key=value ...", the
// client's own text quoted.

#include <cstdint>
#include <functional>
#include <string_view>

namespace gauntlet::broker {

/// How much to say. Each level includes those before it.
enum class log_level : std::uint8_t {
  none,
  error,    ///< the broker itself is in trouble: cannot listen, out of descriptors
  warning,  ///< a limit was reached, a message was dropped, a client broke the protocol
  info,     ///< connections, sessions and wills come and go
  debug,    ///< subscriptions and everything else that is not per message
};

/// "none", "error" and so on.
std::string_view to_string(log_level level);

/// Takes one line without a line end, from the broker's thread. Must not call the broker.
using log_sink = std::function<void(log_level, std::string_view line)>;

}  // namespace gauntlet::broker
