#include "tests/end_to_end/processes.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <sstream>

#include "tests/end_to_end/program.hpp"

namespace gauntlet::test {
namespace {

/// What /proc/PID/stat says: "7 (a name) S 1 ...".
struct process_status {
  std::string name;
  char state = 'X';
  pid_t parent = 0;
};

std::optional<process_status> read_status(const std::string& pid) {
  const std::string text = read_file("/proc/" + pid + "/stat");
  const std::size_t begin = text.find('(');
  const std::size_t end = text.rfind(')');
  if (begin == text.npos || end == text.npos) return std::nullopt;
  process_status status{.name = text.substr(begin + 1, end - begin - 1)};
  std::istringstream(text.substr(end + 1)) >> status.state >> status.parent;
  return status;
}

bool runs(const process_status& status) { return status.state != 'Z' && status.state != 'X'; }

}  // namespace

std::vector<pid_t> children_of(pid_t parent) { return children_of(parent, {}); }

std::vector<pid_t> children_of(pid_t parent, std::string_view name) {
  std::vector<pid_t> children;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string pid = entry.path().filename().string();
    if (pid.find_first_not_of("0123456789") != pid.npos) continue;
    const auto status = read_status(pid);
    if (!status || status->parent != parent || !runs(*status)) continue;
    if (name.empty() || status->name == name) children.push_back(std::atoi(pid.c_str()));
  }
  return children;
}

bool is_alive(pid_t pid) {
  const auto status = read_status(std::to_string(pid));
  return status && runs(*status);
}

bool handles(pid_t pid, int signal) {
  constexpr std::string_view line = "\nSigCgt:\t";
  const std::string status = read_file("/proc/" + std::to_string(pid) + "/status");
  const std::size_t at = status.find(line);
  if (at == status.npos) return false;
  const auto caught = std::strtoull(status.c_str() + at + line.size(), nullptr, 16);
  return (caught >> (signal - 1) & 1U) != 0;
}

bool all_gone(const std::vector<pid_t>& pids) {
  return std::none_of(pids.begin(), pids.end(), [](pid_t pid) { return is_alive(pid); });
}

}  // namespace gauntlet::test
