#include "harness/target/child_process.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace gauntlet::target {
namespace {

/// A descriptor that is closed at the end of its scope.
class descriptor {
 public:
  explicit descriptor(int number = -1) : number_(number) {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() { close(); }

  int number() const { return number_; }
  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }

 private:
  int number_;
};

/// Everything the child needs, made before the fork: between fork and exec only calls that are safe
/// in a signal handler are allowed, and none of them allocates.
struct prepared_child {
  std::string program;
  std::vector<std::string> words;
  std::vector<std::string> environment_lines;
  std::vector<char*> argument_pointers;
  std::vector<char*> environment_pointers;
  std::string working_folder;
  int output = -1;
  int input = -1;
  int failure_pipe = -1;
  int network_namespace = -1;
  int mount_namespace = -1;
  pid_t parent = -1;
};

std::vector<char*> pointers_to(std::vector<std::string>& lines) {
  std::vector<char*> pointers;
  pointers.reserve(lines.size() + 1);
  for (std::string& line : lines) pointers.push_back(line.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> merged_environment(const std::map<std::string, std::string>& added) {
  std::vector<std::string> lines;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view line = *entry;
    if (!added.contains(std::string(line.substr(0, line.find('='))))) lines.emplace_back(line);
  }
  for (const auto& [name, value] : added) lines.push_back(name + "=" + value);
  return lines;
}

[[noreturn]] void give_up(int failure_pipe) {
  const int reason = errno;
  [[maybe_unused]] const auto written = ::write(failure_pipe, &reason, sizeof reason);
  ::_exit(127);
}

[[noreturn]] void become_child(const prepared_child& child) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  // We may have been orphaned before the line above took effect.
  if (::getppid() != child.parent) ::_exit(127);

  // Handlers are reset by exec, ignored signals and the mask are not.
  struct sigaction by_default {};
  by_default.sa_handler = SIG_DFL;
  for (const int number : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGCHLD}) {
    ::sigaction(number, &by_default, nullptr);
  }
  sigset_t nothing;
  ::sigemptyset(&nothing);
  ::sigprocmask(SIG_SETMASK, &nothing, nullptr);

  if (child.network_namespace >= 0 && ::setns(child.network_namespace, CLONE_NEWNET) != 0) {
    give_up(child.failure_pipe);
  }
  if (child.mount_namespace >= 0 && ::setns(child.mount_namespace, CLONE_NEWNS) != 0) {
    give_up(child.failure_pipe);
  }
  rlimit descriptors{};
  if (::getrlimit(RLIMIT_NOFILE, &descriptors) == 0) {
    descriptors.rlim_cur = descriptors.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &descriptors);
  }
  if (::dup2(child.input, STDIN_FILENO) < 0 || ::dup2(child.output, STDOUT_FILENO) < 0 ||
      ::dup2(child.output, STDERR_FILENO) < 0 || ::chdir(child.working_folder.c_str()) != 0) {
    give_up(child.failure_pipe);
  }
  ::execve(child.program.c_str(), child.argument_pointers.data(),
           child.environment_pointers.data());
  give_up(child.failure_pipe);
}

process_exit exit_from(int wait_status) {
  if (WIFSIGNALED(wait_status)) return {.signalled = true, .code = WTERMSIG(wait_status)};
  return {.signalled = false, .code = WEXITSTATUS(wait_status)};
}

process_exit reap(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return exit_from(status);
}

/// Waits for what is left of a killed group. Who starts a program again at once would otherwise
/// find that its ports are taken.
void reap_group(pid_t leader) {
  while (::waitpid(-leader, nullptr, 0) > 0 || errno == EINTR) {
  }
}

/// Whether the process has ended. It stays a zombie, so that its number is not given to another.
bool has_ended(pid_t pid) {
  siginfo_t info{};
  return ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == pid;
}

bool is_program(const std::filesystem::path& file) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(file, ignored) && ::access(file.c_str(), X_OK) == 0;
}

failure cannot_start(const std::string& program, int reason) {
  return environment_failed("cannot start " + program + ": " +
                            std::generic_category().message(reason));
}

}  // namespace

std::string process_exit::to_string() const {
  if (!signalled) return "exited with status " + std::to_string(code);
  const char* name = ::sigdescr_np(code);
  return "was killed by signal " + std::to_string(code) + " (" + (name ? name : "unknown") + ")";
}

std::optional<std::filesystem::path> find_command(std::string_view command) {
  if (command.find('/') != command.npos) {
    return is_program(command) ? std::optional(std::filesystem::path(command)) : std::nullopt;
  }
  const char* path = std::getenv("PATH");
  const std::string folders =
      std::string(path ? path : "/usr/bin:/bin") + ":/usr/local/sbin:/usr/sbin:/sbin";
  for (std::size_t begin = 0; begin <= folders.size();) {
    const std::size_t end = std::min(folders.find(':', begin), folders.size());
    const auto file = std::filesystem::path(folders.substr(begin, end - begin)) / command;
    if (is_program(file)) return file;
    begin = end + 1;
  }
  return std::nullopt;
}

outcome<child_process> child_process::start(const child_options& options) {
  const auto program = find_command(options.command);
  if (!program) return environment_failed("cannot start " + options.command + ": not found");

  const descriptor input(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const descriptor output(
      ::open(options.output_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  if (output.number() < 0) {
    return environment_failed("cannot write " + options.output_file.string() + ": " +
                              std::generic_category().message(errno));
  }
  std::array<int, 2> pipe_ends{};
  if (input.number() < 0 || ::pipe2(pipe_ends.data(), O_CLOEXEC) != 0) {
    return cannot_start(options.command, errno);
  }
  const descriptor failure_reader(pipe_ends[0]);
  descriptor failure_writer(pipe_ends[1]);

  prepared_child child{.program = program->string(),
                       .words = options.arguments,
                       .environment_lines = merged_environment(options.environment),
                       .working_folder = options.working_folder.string(),
                       .output = output.number(),
                       .input = input.number(),
                       .failure_pipe = failure_writer.number(),
                       .network_namespace = options.network_namespace,
                       .mount_namespace = options.mount_namespace,
                       .parent = ::getpid()};
  child.words.insert(child.words.begin(), options.command);
  child.argument_pointers = pointers_to(child.words);
  child.environment_pointers = pointers_to(child.environment_lines);

  // What the program leaves behind when it ends becomes ours: kill() can then wait for that too.
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  // Not fork(): handlers that libraries (and ThreadSanitizer) run in the child may start threads
  // there, and a process with threads may not enter another mount namespace.
  const pid_t pid = ::_Fork();
  if (pid == 0) become_child(child);
  if (pid < 0) return cannot_start(options.command, errno);
  child_process started(pid);
  failure_writer.close();
  // The pipe closes by itself when exec succeeds.
  int reason = 0;
  ssize_t count = -1;
  do {
    count = ::read(failure_reader.number(), &reason, sizeof reason);
  } while (count < 0 && errno == EINTR);
  if (count == static_cast<ssize_t>(sizeof reason)) return cannot_start(options.command, reason);
  return started;
}

child_process::child_process(child_process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), exit_(other.exit_) {}

child_process& child_process::operator=(child_process&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(exit_, other.exit_);
  return *this;
}

child_process::~child_process() {
  if (pid_ > 0) kill();
}

std::optional<process_exit> child_process::poll_exit() {
  // kill() also ends whatever the process has started and left behind.
  if (!exit_ && has_ended(pid_)) kill();
  return exit_;
}

std::optional<process_exit> child_process::wait_exit(std::chrono::milliseconds limit) {
  if (exit_) return exit_;
  // Debian's C library has no name for this call yet.
  const descriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
  pollfd ended{.fd = handle.number(), .events = POLLIN, .revents = 0};
  ::poll(&ended, 1, static_cast<int>(limit.count()));
  return poll_exit();
}

void child_process::signal(int number) {
  if (!exit_) ::kill(-pid_, number);
}

process_exit child_process::kill() {
  if (!exit_) {
    ::kill(-pid_, SIGKILL);
    exit_ = reap(pid_);
    reap_group(pid_);
  }
  return *exit_;
}

}  // namespace gauntlet::target
