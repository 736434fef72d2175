#pragma once

// Client programs that share no line with us, all commanded and heard in one language: JSON objects
// that clients/README.md lists. A program plays any number of MQTT clients, told apart by "client".

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "harness/base/result.hpp"

namespace gauntlet::broker {

/// The implementations there are.
enum class client_kind { paho_python, mqttjs, paho_go, mosquitto };

std::string_view to_string(client_kind kind);

/// A program on its way. Belongs to the thread that started it.
class foreign_program {
 public:
  using clock = std::chrono::steady_clock;

  virtual ~foreign_program() = default;
  /// Has it do something.
  virtual void command(const boost::json::object& what) = 0;
  /// The next thing that it saw, unless the deadline or the program's end comes first.
  virtual std::optional<boost::json::object> next(clock::time_point deadline) = 0;
  /// Ends it without a word to the broker.
  virtual void kill() = 0;
  /// The broker is about to go: nobody may try to connect again.
  virtual void forget_clients() {}
};

/// Starts one. The failure says what is missing here and how to get it (environment_failed) or what
/// else went wrong (internal_error).
outcome<std::unique_ptr<foreign_program>> start_program(client_kind kind);

}  // namespace gauntlet::broker
