#include "tests/end_to_end/program.hpp"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <ostream>
#include <poll.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace gauntlet::test {
namespace {

constexpr int look_again_ms = 5;

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> merged_environment(const std::vector<std::string>& added) {
  std::vector<std::string> lines = added;
  for (char** entry = environ; *entry != nullptr; ++entry) lines.emplace_back(*entry);
  return lines;
}

std::chrono::steady_clock::time_point deadline_in(std::chrono::seconds limit) {
  return std::chrono::steady_clock::now() + limit;
}

bool is_over(std::chrono::steady_clock::time_point deadline) {
  return std::chrono::steady_clock::now() >= deadline;
}

}  // namespace

std::ostream& operator<<(std::ostream& to, const program_end& how) {
  if (!how.in_time) to << "did not end in time";
  if (how.in_time && how.signal != 0) to << "was killed by signal " << how.signal;
  if (how.in_time && how.signal == 0) to << "exited with " << how.code;
  return to << "\n--- stdout\n" << how.out << "\n--- stderr\n" << how.err << "\n---\n";
}

program::program(const temporary_directory& folder, const std::vector<std::string>& words,
                 const std::vector<std::string>& environment) {
  static int count = 0;
  const std::string stem = folder.file("program" + std::to_string(++count));
  out_file_ = stem + ".out";
  err_file_ = stem + ".err";
  std::vector<std::string> copied = words;
  const std::vector<char*> arguments = pointers_to(copied);
  std::vector<std::string> lines = merged_environment(environment);
  const std::vector<char*> variables = pointers_to(lines);
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("cannot fork");
  if (pid_ > 0) {
    ::setpgid(pid_, pid_);  // here too: whoever comes first, it is done before a signal is sent
    return;
  }
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(126);
  const int in = ::open("/dev/null", O_RDONLY);
  const int out = ::open(out_file_.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  const int err = ::open(err_file_.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  ::dup2(in, STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  if (::chdir(folder.path().c_str()) == 0) {
    ::execvpe(arguments[0], arguments.data(), variables.data());
  }
  ::_exit(127);
}

program::program(program&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      out_file_(std::move(other.out_file_)),
      err_file_(std::move(other.err_file_)),
      wait_status_(other.wait_status_) {}

program::~program() {
  if (pid_ <= 0) return;
  ::kill(-pid_, SIGKILL);
  if (!wait_status_) ::waitpid(pid_, nullptr, 0);
}

std::string program::out() const { return read_file(out_file_); }
std::string program::err() const { return read_file(err_file_); }

bool program::is_running() {
  reap_if_over();
  return !wait_status_;
}

void program::signal(int number) const {
  if (!wait_status_) ::kill(pid_, number);
}

void program::signal_group(int number) const { ::kill(-pid_, number); }

void program::reap_if_over() {
  int status = 0;
  if (!wait_status_ && ::waitpid(pid_, &status, WNOHANG) == pid_) wait_status_ = status;
}

void program::pause() {
  // Debian's C library has no name for this call yet.
  const int handle = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  pollfd end{.fd = handle, .events = POLLIN, .revents = 0};
  ::poll(&end, 1, look_again_ms);
  ::close(handle);
}

bool program::await(const std::function<bool()>& condition, std::chrono::seconds limit) {
  const auto deadline = deadline_in(limit);
  while (!condition()) {
    if (is_over(deadline)) return false;
    if (!is_running()) return condition();
    pause();
  }
  return true;
}

program_end program::finish(std::chrono::seconds limit) {
  const auto deadline = deadline_in(limit);
  while (is_running() && !is_over(deadline)) pause();
  program_end how;
  if (!wait_status_) {
    how.in_time = false;
    signal_group(SIGKILL);
    int status = 0;
    ::waitpid(pid_, &status, 0);
    wait_status_ = status;
  } else if (WIFSIGNALED(*wait_status_)) {
    how.signal = WTERMSIG(*wait_status_);
  } else {
    how.code = WEXITSTATUS(*wait_status_);
  }
  how.out = out();
  how.err = err();
  return how;
}

bool await(const std::function<bool()>& condition, std::chrono::seconds limit) {
  const auto deadline = deadline_in(limit);
  while (!condition()) {
    if (is_over(deadline)) return false;
    ::poll(nullptr, 0, look_again_ms);
  }
  return true;
}

std::string read_file(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace gauntlet::test
