#pragma once

// One line per event, for people and for programs: "event key=value key=value". A line can be taken
// apart without knowing the event, whatever text a client put into it.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace gauntlet::broker {

/// How much to say. Each level includes those before it.
enum class log_level : std::uint8_t {
  none,
  error,    ///< the broker itself is in trouble: cannot listen, out of descriptors
  warning,  ///< a limit was reached, a message was dropped, a client broke the protocol
  info,     ///< connections, sessions and wills come and go
  debug,    ///< subscriptions and each message
};

/// "none", "error" and so on.
std::string_view to_string(log_level level);

/// Takes one line without a line end, from the broker's thread. Must not call the broker.
using log_sink = std::function<void(log_level, std::string_view line)>;

/// Text as the value of a key. As it is if it has only letters, digits and signs that mean nothing
/// in a line; else in double quotes, where \" \\ \n \r \t and \xHH (a byte) stand for what would
/// break the line, fool a terminal, or is not UTF-8. Of long text the beginning and the size.
std::string log_value(std::string_view text);

/// Of longer text this many bytes are shown.
inline constexpr std::size_t log_value_bytes_max = 1024;

}  // namespace gauntlet::broker
