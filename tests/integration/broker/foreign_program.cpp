#include "tests/integration/broker/foreign_program.hpp"

#include <algorithm>
#include <poll.h>
#include <utility>
#include <vector>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "tests/integration/broker/mosquitto_program.hpp"
#include "tests/integration/broker/piped_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace gauntlet::broker {
namespace {

using namespace std::chrono_literals;
using boost::json::object;
using folder_pointer = std::unique_ptr<test::temporary_directory>;

// One process that takes commands as lines.
class driven_program final : public foreign_program {
 public:
  driven_program(folder_pointer folder, piped_process process)
      : folder_(std::move(folder)), process_(std::move(process)) {}

  void command(const object& what) override { process_.write_line(boost::json::serialize(what)); }

  std::optional<object> next(clock::time_point deadline) override {
    for (;;) {
      if (const auto line = process_.read_line()) return boost::json::parse(*line).as_object();
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock::now());
      if (left <= 0ms || process_.output() < 0) return std::nullopt;
      pollfd output{.fd = process_.output(), .events = POLLIN, .revents = 0};
      ::poll(&output, 1, static_cast<int>(left.count()));
    }
  }

  void kill() override { process_.process().kill(); }
  std::string errors() const { return process_.errors(); }

 private:
  folder_pointer folder_;
  piped_process process_;
};

// How to start an implementation: the first of the commands that is there and finds its library.
struct recipe {
  std::vector<std::string> commands;
  std::vector<std::string> arguments;
  std::string packages;  ///< of Debian, that bring command and library
};

recipe recipe_of(client_kind kind) {
  const std::string scripts = GAUNTLET_CLIENT_SCRIPTS;
  switch (kind) {
    case client_kind::paho_python:
      // Debian's module is found by Debian's interpreter, which need not come first in PATH.
      return {{"/usr/bin/python3", "python3"}, {scripts + "/paho_client.py"}, "python3-paho-mqtt"};
    case client_kind::mqttjs:
      return {{"node", "nodejs"}, {scripts + "/mqttjs_client.js"}, "nodejs node-mqtt"};
    case client_kind::paho_go:
      // Go fetches what go.sum pins into its own cache, outside of this tree.
      return {{"/bin/sh"},
              {"-c",
               "missing='{\"event\":\"missing\"}'; cd \"$0\" && type go >/dev/null && "
               "timeout 60 go mod download || { echo \"$missing\"; exit; }; exec go run .",
               scripts + "/paho_go"},
              "golang-go (and let it reach its module proxy once)"};
    case client_kind::mosquitto:
      break;
  }
  return {};
}

/// A program that has said that it is ready, or nothing when it lacks its library.
outcome<std::unique_ptr<foreign_program>> try_command(const std::string& command,
                                                      const recipe& how) {
  auto folder = std::make_unique<test::temporary_directory>();
  auto started = piped_process::start(
      {.command = command,
       .arguments = how.arguments,
       // Where Debian keeps modules; an interpreter from elsewhere does not look there.
       .environment = {{"NODE_PATH", "/usr/share/nodejs:/usr/lib/nodejs"}},
       .folder = folder->path()});
  if (!started) return started.error();
  auto program = std::make_unique<driven_program>(std::move(folder), std::move(*started));
  const auto first = program->next(foreign_program::clock::now() + 150s);  // Go compiles
  if (!first) {
    return failure{exit_code::internal_error, command + " did not start: " + program->errors()};
  }
  if (first->at("event") == "ready") return std::unique_ptr<foreign_program>(std::move(program));
  return std::unique_ptr<foreign_program>();
}

}  // namespace

std::string_view to_string(client_kind kind) {
  switch (kind) {
    case client_kind::paho_python:
      return "paho_python";
    case client_kind::mqttjs:
      return "mqttjs";
    case client_kind::paho_go:
      return "paho_go";
    case client_kind::mosquitto:
      return "mosquitto";
  }
  return "";
}

outcome<std::unique_ptr<foreign_program>> start_program(client_kind kind) {
  if (kind == client_kind::mosquitto) return start_mosquitto();
  const recipe how = recipe_of(kind);
  for (const std::string& command : how.commands) {
    if (!target::find_command(command)) continue;
    auto started = try_command(command, how);
    if (!started || *started) return started;
  }
  return environment_failed(std::string(to_string(kind)) + " is not here: apt-get install " +
                            how.packages);
}

}  // namespace gauntlet::broker
