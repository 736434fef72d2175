#pragma once

// A real broker as a process of ours: configured, started, watched, measured, stopped. It may be
// killed, paused and started again on the same ports with the same data.

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/event_loop.hpp"
#include "harness/base/result.hpp"
#include "harness/net/network.hpp"
#include "harness/target/child_process.hpp"
#include "harness/target/placement.hpp"
#include "harness/target/process_usage.hpp"
#include "harness/target/profile.hpp"
#include "harness/target/small_disk.hpp"

namespace gauntlet::target {

/// Belongs to the thread of its network's loop. Destroying it kills the process.
class managed_broker {
 public:
  /// Called once at the end of the process, whoever ended it: from the loop, or from inside stop()
  /// and kill(). `expected` says that those two ended it. Must not call start().
  using exit_function = std::function<void(const process_exit& how, bool expected)>;

  /// Chooses ports, writes the broker's files into `folder`, which is made when it is not there,
  /// and runs the profile's preparation; blocks the thread for as long as that takes. With
  /// `disk_bytes` the folder is a disk of its own to the broker, if this machine allows it.
  static outcome<std::unique_ptr<managed_broker>> prepare(
      const profile& broker, const std::filesystem::path& folder, net::network& network,
      std::optional<placement> place = {}, std::optional<std::uint64_t> disk_bytes = {});

  managed_broker(const managed_broker&) = delete;
  managed_broker& operator=(const managed_broker&) = delete;
  ~managed_broker();

  /// Starts the process and waits, running the loop, until it answers a CONNECT, of that version
  /// if it speaks it.
  /// Also starts it anew after its end. The failure tells the broker's last log lines.
  outcome<void> start(mqtt::protocol_version probe_version, duration ready_within);

  /// Starts the process as start() does, and does not wait: what has to answer is in questions().
  outcome<void> launch();
  /// One listener to be asked, and how.
  struct question {
    net::endpoint where;
    mqtt::protocol_version version;
    std::optional<credentials> login;
  };
  /// The listeners without TLS: first one that speaks the version, if there is one.
  std::vector<question> questions(mqtt::protocol_version version) const;

  /// SIGTERM, and SIGKILL when the profile's patience is over; runs the loop meanwhile.
  void stop();
  /// SIGTERM alone; on_exit() tells the end.
  void terminate();
  /// SIGKILL, and waits for the end.
  void kill();
  /// Freezes and thaws the process: its connections stay, and nothing answers.
  void pause();
  void resume();

  bool is_running() const { return process_.has_value(); }
  /// Of the running process; -1 when there is none.
  pid_t pid() const { return process_ ? process_->pid() : -1; }
  const profile& broker() const { return profile_; }
  /// The addresses in the order of the profile's listeners.
  const std::vector<net::endpoint>& endpoints() const { return endpoints_; }
  /// The address of the listener that asks for a login; nothing if the profile has none.
  const std::optional<net::endpoint>& guarded_endpoint() const { return guarded_endpoint_; }
  /// The file with the authority of its TLS listeners; empty without TLS.
  std::string authority_file() const;
  /// Makes the process hear a signal, such as SIGHUP.
  void signal(int number);
  /// The files that it has made in its folder since it was prepared, its log left out: its state,
  /// as far as that can be told from outside.
  std::vector<std::filesystem::path> state_files() const;
  const std::filesystem::path& folder() const { return folder_; }
  /// Its disk, or why it has none of its own.
  const outcome<small_disk>& disk() const { return disk_; }
  const std::filesystem::path& log_file() const { return log_file_; }
  /// The last lines of its output, at most `lines_max`.
  std::string log_tail(std::size_t lines_max = 5) const;
  const std::vector<usage_sample>& usage() const { return usage_; }
  void on_exit(exit_function on_exit) { on_exit_ = std::move(on_exit); }

 private:
  managed_broker(const profile& broker, const std::filesystem::path& folder, net::network& network,
                 std::optional<placement> place);
  /// The folder as this process sees it.
  std::filesystem::path seen_folder() const { return disk_ ? disk_->path() : folder_; }
  void take_ports(const std::vector<std::uint16_t>& ports);
  outcome<void> make_folder() const;
  outcome<void> write_files();
  outcome<void> run_preparation();
  /// The command's words with placeholders replaced; the first is the program.
  outcome<child_options> command_line(const std::vector<std::string>& words) const;
  outcome<void> wait_until_ready(mqtt::protocol_version version, duration ready_within);
  outcome<void> wait_for_answer(const question& asked, time_point deadline, duration ready_within);
  /// What the folder holds before the first start.
  void note_own_files();
  /// "; its log FILE ends with: ...".
  std::string end_of_log() const;
  void watch();
  void note_exit(const process_exit& how);

  profile profile_;
  std::filesystem::path folder_;
  std::filesystem::path log_file_;
  outcome<small_disk> disk_ = environment_failed("the broker has no disk of its own");
  std::set<std::filesystem::path> own_files_;
  net::network& network_;
  std::optional<placement> place_;
  std::map<std::string, std::string, std::less<>> values_;
  std::vector<net::endpoint> endpoints_;
  std::optional<net::endpoint> guarded_endpoint_;
  std::optional<child_process> process_;
  std::optional<process_exit> last_exit_;
  bool ending_ = false;  ///< the end that comes is our own doing
  time_point next_sample_{};
  std::vector<usage_sample> usage_;
  exit_function on_exit_;
  std::unique_ptr<timer> watch_timer_;
};

}  // namespace gauntlet::target
