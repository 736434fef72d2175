#include "fuzz/oracles/process_watch.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <poll.h>
#include <string_view>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include "harness/target/child_process.hpp"
#include "harness/target/process_usage.hpp"

namespace gauntlet::fuzz {
namespace {

constexpr std::array<std::string_view, 3> sanitizer_signs = {
    "ERROR: AddressSanitizer: ", "runtime error: ", "ERROR: LeakSanitizer: "};
/// What programs of other languages write when they break.
constexpr std::array<std::string_view, 7> crash_signs = {
    "panic: ",         "fatal error: ",
    "CRASH REPORT",    "Exception in thread",
    "Uncaught ",       "Traceback (most recent call last)",
    "terminate called"};
constexpr int frames_max = 3;

std::string_view line_at(std::string_view text, std::size_t at) {
  return text.substr(at, text.find('\n', at) - at);
}

/// Addresses, numbers and process identifiers differ from one time to the next.
std::string without_numbers(std::string_view line) {
  std::string text;
  for (std::size_t i = 0; i < line.size() && text.size() < 160; ++i) {
    const bool is_number = std::isdigit(static_cast<unsigned char>(line[i])) != 0;
    if (!is_number) {
      text += line[i];
      continue;
    }
    while (i + 1 < line.size() && std::isxdigit(static_cast<unsigned char>(line[i + 1])) != 0) ++i;
    text += 'N';
  }
  return text;
}

/// " in handle__connect (/usr/...)" of the lines "#0 0x... in NAME ...".
std::string frames_after(std::string_view log, std::size_t at) {
  std::string frames;
  for (int i = 0; i < frames_max; ++i) {
    const std::string mark = "#" + std::to_string(i) + " 0x";
    at = log.find(mark, at);
    if (at == log.npos) break;
    const std::string_view line = line_at(log, at);
    const std::size_t name = line.find(" in ");
    if (name == line.npos) break;
    const std::string_view rest = line.substr(name + 4);
    frames += (frames.empty() ? " in " : " < ") + std::string(rest.substr(0, rest.find(' ')));
  }
  return frames;
}

std::optional<std::size_t> sanitizer_at(std::string_view log) {
  for (const std::string_view sign : sanitizer_signs) {
    const std::size_t at = log.find(sign);
    if (at == log.npos) continue;
    // Go says "panic: runtime error: ", too.
    constexpr std::string_view of_go = "panic: ";
    const bool is_of_go = at >= of_go.size() && log.substr(at - of_go.size()).starts_with(of_go);
    if (!is_of_go) return at;
  }
  return std::nullopt;
}

/// The innermost function of a panic of Go, " in packets.(*Packet).SubscribeDecode"; empty if there
/// is none.
std::string function_of_panic(std::string_view log, std::size_t at) {
  constexpr std::string_view mark = "[running]:\n";
  const std::size_t running = log.find(mark, at);
  if (running == log.npos) return {};
  std::string_view line = line_at(log, running + mark.size());
  line = line.substr(0, line.rfind('('));
  line = line.substr(line.rfind('/') == line.npos ? 0 : line.rfind('/') + 1);
  return line.empty() ? std::string() : " in " + std::string(line);
}

bool is_mapped(pid_t pid, std::string_view library) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/maps");
  for (std::string line; std::getline(file, line);) {
    if (line.find(library) != line.npos) return true;
  }
  return false;
}

/// Go leaves a mark in each program.
bool is_program_of_go(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/exe", std::ios::binary);
  constexpr std::size_t searched_max = 64U << 20U;  // it stands behind the code
  std::string program(searched_max, '\0');
  file.read(program.data(), static_cast<std::streamsize>(program.size()));
  // In two parts, or this program would hold the mark, too.
  const std::string mark = std::string("\xff Go ") + "buildinf:";
  return program.find(mark) != program.npos;
}

/// The nanoseconds that each thread has run or waited for a processor: the first two numbers of
/// /proc/PID/task/TID/schedstat.
std::map<std::string, std::uint64_t> busy_times(pid_t pid) {
  std::map<std::string, std::uint64_t> all;
  std::error_code none;
  const std::filesystem::path tasks = "/proc/" + std::to_string(pid) + "/task";
  for (const auto& task : std::filesystem::directory_iterator(tasks, none)) {
    std::ifstream file(task.path() / "schedstat");
    std::uint64_t ran = 0;
    std::uint64_t waited = 0;
    if (file >> ran >> waited) all.emplace(task.path().filename().string(), ran + waited);
  }
  return all;
}

}  // namespace

std::optional<std::string> wait_end_of_process(pid_t pid, std::chrono::milliseconds wait) {
  const int descriptor = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
  if (descriptor < 0) return end_of_process(pid);
  pollfd asked{.fd = descriptor, .events = POLLIN, .revents = 0};
  poll(&asked, 1, static_cast<int>(wait.count()));
  close(descriptor);
  return end_of_process(pid);
}

std::optional<std::string> end_of_process(pid_t pid) {
  siginfo_t info{};
  if (waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) != 0) {
    return "is gone";
  }
  if (info.si_pid != pid) return std::nullopt;
  const bool signalled = info.si_code != CLD_EXITED;
  return target::process_exit{.signalled = signalled, .code = info.si_status}.to_string();
}

std::uint64_t resident_bytes(pid_t pid) {
  const auto usage = target::read_process_usage(pid);
  return usage ? usage->resident_bytes : 0;
}

std::optional<std::string> collector_of(pid_t pid) {
  for (const auto& [library, name] : {std::pair("libjvm.so", "Java"),
                                      {"beam.smp", "Erlang"},
                                      {"/node", "JavaScript"},
                                      {"libnode.so", "JavaScript"}}) {
    if (is_mapped(pid, library)) return name;
  }
  if (is_program_of_go(pid)) return "Go";
  return std::nullopt;
}

double busiest_thread_share(pid_t pid, std::chrono::milliseconds span) {
  const auto begun = std::chrono::steady_clock::now();
  const auto before = busy_times(pid);
  // What is measured is what happens in a time in which nothing is asked of the broker.
  poll(nullptr, 0, static_cast<int>(span.count()));
  const auto after = busy_times(pid);
  const std::chrono::nanoseconds took = std::chrono::steady_clock::now() - begun;
  std::uint64_t most = 0;
  for (const auto& [thread, time] : after) {
    const auto earlier = before.find(thread);
    if (earlier != before.end()) most = std::max(most, time - earlier->second);
  }
  return std::min(1.0, static_cast<double>(most) / static_cast<double>(took.count()));
}

std::string reason_in_log(std::string_view log) {
  if (const auto at = sanitizer_at(log)) {
    const std::string_view line = line_at(log, *at);
    // "heap-use-after-free on address ..." and "runtime error: load of null pointer ...".
    return without_numbers(line.substr(0, line.find(" on address"))) + frames_after(log, *at);
  }
  for (const std::string_view sign : crash_signs) {
    if (const std::size_t at = log.find(sign); at != log.npos) {
      return without_numbers(line_at(log, at)) + function_of_panic(log, at);
    }
  }
  return {};
}

bool is_of_sanitizer(std::string_view log) { return sanitizer_at(log).has_value(); }

}  // namespace gauntlet::fuzz
