#pragma once

// One program that we run: its start, its signals, its end. It never outlives us, and it has no
// terminal. It knows nothing of brokers.

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include "harness/base/result.hpp"

namespace gauntlet::target {

/// What to run and where its output goes.
struct child_options {
  std::string command;  ///< a path, or a name to be found in PATH
  std::vector<std::string> arguments;
  std::map<std::string, std::string> environment;  ///< added to ours
  std::filesystem::path working_folder;
  std::filesystem::path output_file;  ///< both of its outputs are appended here
  int network_namespace = -1;         ///< to live in; -1: ours
  int mount_namespace = -1;           ///< likewise; the working folder is one of it
};

/// How a process ended.
struct process_exit {
  bool signalled = false;
  int code = 0;  ///< exit status, or the signal's number

  /// "exited with status 1" or "was killed by signal 9 (Killed)".
  std::string to_string() const;
};

/// The file that `command` means: itself when it holds a slash, otherwise the first executable of
/// that name in PATH or in the folders of system programs, which PATH often leaves out.
std::optional<std::filesystem::path> find_command(std::string_view command);

/// A started process, killed when this object goes. Belongs to the thread that started it: the
/// kernel kills the process when that thread ends.
class child_process {
 public:
  /// Starts the program as the leader of its own process group, with standard input from /dev/null
  /// and as many descriptors as the system allows. The failure names the program and the reason.
  static outcome<child_process> start(const child_options& options);

  child_process(child_process&& other) noexcept;
  child_process& operator=(child_process&& other) noexcept;
  ~child_process();

  pid_t pid() const { return pid_; }
  /// How it ended, once it has. Does not wait.
  std::optional<process_exit> poll_exit();
  /// How it ended, if that happens within `limit`; blocks the thread, loop and all.
  std::optional<process_exit> wait_exit(std::chrono::milliseconds limit);
  /// Sends a signal to the process and to what it has started. Does nothing after its end.
  void signal(int number);
  /// Kills it and all of its group, and waits until all have ended, which the kernel makes short.
  process_exit kill();

 private:
  explicit child_process(pid_t pid) : pid_(pid) {}

  pid_t pid_ = -1;
  std::optional<process_exit> exit_;
};

}  // namespace gauntlet::target
