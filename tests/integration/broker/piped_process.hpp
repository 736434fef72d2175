#pragma once

// A program whose standard input we write and whose standard output we read line by line.

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/result.hpp"
#include "harness/target/child_process.hpp"

namespace gauntlet::broker {

/// What to run.
struct piped_options {
  std::string command;  ///< a path, or a name to be found in PATH
  std::vector<std::string> arguments;
  std::map<std::string, std::string> environment;  ///< added to ours
  std::filesystem::path folder;  ///< empty and its own: pipes and what it prints as errors
};

/// A program on its way, killed when this object goes. Belongs to the thread that started it.
class piped_process {
 public:
  static outcome<piped_process> start(const piped_options& options);
  piped_process(piped_process&& other) noexcept;
  piped_process& operator=(piped_process&&) = delete;
  ~piped_process();

  /// Writes a line to it. Blocks while the pipe is full.
  void write_line(const std::string& line);
  /// The next line that has come; does not wait.
  std::optional<std::string> read_line();
  /// What becomes readable when a line comes, for poll(); negative after the end of its output.
  int output() const { return output_; }
  target::child_process& process() { return process_; }
  /// What it printed as errors.
  std::string errors() const;

 private:
  piped_process(target::child_process process, int input, int output, std::filesystem::path errors)
      : process_(std::move(process)), input_(input), output_(output), errors_(std::move(errors)) {}

  target::child_process process_;
  int input_ = -1;
  int output_ = -1;
  std::filesystem::path errors_;
  std::string begun_;  // of a line whose end has not come
};

}  // namespace gauntlet::broker
