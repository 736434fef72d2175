#include "harness/target/serving_process.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

namespace gauntlet::target {
namespace {

std::string folder_of(pid_t pid) { return "/proc/" + std::to_string(pid); }

std::vector<pid_t> children_of(pid_t pid) {
  std::vector<pid_t> found;
  std::error_code none;
  for (const auto& task : std::filesystem::directory_iterator(folder_of(pid) + "/task", none)) {
    std::ifstream file(task.path() / "children");
    for (pid_t child = 0; file >> child;) found.push_back(child);
  }
  return found;
}

/// Adds the names that /proc/PID/fd has for the sockets that listen on the port, as the process's
/// own network sees them. Columns: number, local address and port in hexadecimal, remote ones,
/// state (0A is listening), six more, and the inode. proc(5)
void add_listeners(const std::string& file_name, std::uint16_t port, std::set<std::string>& to) {
  constexpr std::string_view listening = "0A";
  std::ifstream file(file_name);
  std::string line;
  std::getline(file, line);  // the heading
  while (std::getline(file, line)) {
    std::istringstream columns(line);
    std::string number, local, remote, state, ignored, inode;
    columns >> number >> local >> remote >> state;
    for (int i = 0; i < 5; ++i) columns >> ignored;
    if (!(columns >> inode) || state != listening) continue;
    const std::string_view digits = std::string_view(local).substr(local.rfind(':') + 1);
    std::uint16_t found = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), found, 16);
    if (found == port) to.insert("socket:[" + inode + "]");
  }
}

bool has_descriptor(pid_t pid, const std::set<std::string>& sockets) {
  std::error_code none;
  for (const auto& each : std::filesystem::directory_iterator(folder_of(pid) + "/fd", none)) {
    const auto to = std::filesystem::read_symlink(each.path(), none);
    if (!none && sockets.count(to.string()) > 0) return true;
  }
  return false;
}

}  // namespace

std::vector<pid_t> process_tree(pid_t root) {
  std::vector<pid_t> all{root};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto children = children_of(all[i]);
    all.insert(all.end(), children.begin(), children.end());
  }
  return all;
}

pid_t serving_process(pid_t root, std::uint16_t port) {
  std::set<std::string> sockets;
  for (const char* const table : {"/net/tcp", "/net/tcp6"}) {
    add_listeners(folder_of(root) + table, port, sockets);
  }
  // What a script has started last is nearest to the broker: a shell may hold a copy.
  const std::vector<pid_t> all = process_tree(root);
  const auto found = std::find_if(all.rbegin(), all.rend(),
                                  [&](pid_t each) { return has_descriptor(each, sockets); });
  return found == all.rend() ? root : *found;
}

}  // namespace gauntlet::target
