#pragma once

// A program as a user runs it: arguments in; both outputs, apart from each other, and the exit
// status out. Unlike target::child_process it leaves behind what the program leaves behind, so that
// a test can see orphans.

#include <chrono>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include "tests/support/sanitizers.hpp"
#include "tests/support/temporary_directory.hpp"

namespace gauntlet::test {

/// What a program left when it ended.
struct program_end {
  int code = -1;   ///< exit status; -1 if a signal ended it, or if it did not end in time
  int signal = 0;  ///< what killed it
  bool in_time = true;
  std::string out;  ///< standard output
  std::string err;  ///< standard error
};

/// Prints everything: the message of a failed assertion.
std::ostream& operator<<(std::ostream& to, const program_end& how);

/// A started program, the leader of its own process group as a shell would make it. Whatever of it
/// still runs is killed at the end of the test, even if the test itself is killed.
class program {
 public:
  /// Starts words[0], found in PATH. Its working folder is `folder`, where its outputs are files
  /// too. Lines of `environment` are added to ours.
  program(const temporary_directory& folder, const std::vector<std::string>& words,
          const std::vector<std::string>& environment = {});
  program(program&& other) noexcept;
  program& operator=(program&&) = delete;
  ~program();

  pid_t pid() const { return pid_; }
  /// Its outputs so far.
  std::string out() const;
  std::string err() const;
  bool is_running();

  /// Sends a signal to the program alone.
  void signal(int number) const;
  /// Sends a signal to it and all of its process group, as Ctrl-C in a terminal does.
  void signal_group(int number) const;

  /// Waits until `condition` holds, it ends, or the time is over; whether it holds.
  bool await(const std::function<bool()>& condition,
             std::chrono::seconds limit = std::chrono::seconds(15));
  /// Waits for its end. After `limit` it is killed, and the answer says that it was not in time.
  program_end finish(std::chrono::seconds limit = std::chrono::seconds(is_sanitized ? 150 : 30));

 private:
  /// Waits a moment, or until it ends.
  void pause();
  void reap_if_over();

  pid_t pid_ = -1;
  std::string out_file_;
  std::string err_file_;
  std::optional<int> wait_status_;
};

/// Waits until `condition` holds, for as long as `limit`; whether it holds.
bool await(const std::function<bool()>& condition,
           std::chrono::seconds limit = std::chrono::seconds(15));

/// The whole content of a file; empty if there is none.
std::string read_file(const std::string& file);

}  // namespace gauntlet::test
