#include "tests/integration/broker/piped_process.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace gauntlet::broker {

// Named pipes: a child_process has no input and writes to a file, so a shell binds the two to them.
// Both ends that are ours are opened before the shell opens its own, so that nobody waits.
outcome<piped_process> piped_process::start(const piped_options& options) {
  const std::filesystem::path commands = options.folder / "commands";
  const std::filesystem::path events = options.folder / "events";
  if (::mkfifo(commands.c_str(), 0600) != 0 || ::mkfifo(events.c_str(), 0600) != 0) {
    return environment_failed("cannot make pipes in " + options.folder.string());
  }
  const int output = ::open(events.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  const int input = ::open(commands.c_str(), O_RDWR | O_CLOEXEC);

  target::child_options child{.command = "/bin/sh",
                              .arguments = {"-c", "exec \"$0\" \"$@\" <commands >events"},
                              .environment = options.environment,
                              .working_folder = options.folder,
                              .output_file = options.folder / "errors"};
  child.arguments.push_back(options.command);
  child.arguments.insert(child.arguments.end(), options.arguments.begin(), options.arguments.end());
  auto started = target::child_process::start(child);
  if (!started || output < 0 || input < 0) {
    ::close(output);
    ::close(input);
    return started ? environment_failed("cannot open pipes") : started.error();
  }
  return piped_process(std::move(*started), input, output, child.output_file);
}

piped_process::piped_process(piped_process&& other) noexcept
    : process_(std::move(other.process_)),
      input_(std::exchange(other.input_, -1)),
      output_(std::exchange(other.output_, -1)),
      errors_(std::move(other.errors_)),
      begun_(std::move(other.begun_)) {}

piped_process::~piped_process() {
  if (input_ >= 0) ::close(input_);
  if (output_ >= 0) ::close(output_);
}

void piped_process::write_line(const std::string& line) {
  const std::string bytes = line + '\n';
  std::size_t written = 0;
  while (written < bytes.size() && !process_.poll_exit()) {
    const auto count = ::write(input_, bytes.data() + written, bytes.size() - written);
    if (count > 0) written += static_cast<std::size_t>(count);
  }
}

std::optional<std::string> piped_process::read_line() {
  std::array<char, 65'536> bytes{};
  for (;;) {
    if (const auto end = begun_.find('\n'); end != std::string::npos) {
      std::string line = begun_.substr(0, end);
      begun_.erase(0, end + 1);
      return line;
    }
    if (output_ < 0) return std::nullopt;
    const auto count = ::read(output_, bytes.data(), bytes.size());
    if (count > 0) {
      begun_.append(bytes.data(), static_cast<std::size_t>(count));
    } else if (count == 0) {
      // Before its exit, an end means that the shell has not opened the pipe yet.
      if (process_.poll_exit()) ::close(std::exchange(output_, -1));
      return std::nullopt;
    } else if (errno != EINTR) {
      return std::nullopt;  // nothing yet
    }
  }
}

std::string piped_process::errors() const {
  std::ifstream file(errors_);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace gauntlet::broker
