// Asks an installed broker for its version.

#include <algorithm>
#include <array>
#include <sys/mman.h>
#include <unistd.h>

#include "harness/base/ascii.hpp"
#include "harness/target/child_process.hpp"
#include "harness/target/profile.hpp"

namespace gauntlet::target {
namespace {

constexpr std::chrono::seconds patience(10);  // a Java program may take its time

/// The first thing in the text that looks like a version: digits with dots between them.
std::string first_version(std::string_view text) {
  for (std::size_t begin = 0; begin < text.size(); ++begin) {
    if (!is_digit(text[begin]) || (begin > 0 && text[begin - 1] == '.')) continue;
    std::size_t end = begin;
    while (end < text.size() && (is_digit(text[end]) || text[end] == '.')) ++end;
    std::string_view word = text.substr(begin, end - begin);
    while (word.ends_with('.')) word.remove_suffix(1);
    if (word.find('.') != word.npos) return std::string(word);
    begin = end;
  }
  return {};
}

}  // namespace

std::optional<std::string> installed_version(const profile& broker) {
  if (!find_command(broker.command)) return std::nullopt;
  if (broker.version_arguments.empty()) return std::string();

  const int memory = ::memfd_create("version", MFD_CLOEXEC);
  if (memory < 0) return std::string();
  std::string version;
  auto asked = child_process::start({.command = broker.command,
                                     .arguments = broker.version_arguments,
                                     .environment = {},
                                     .working_folder = "/",
                                     .output_file = "/proc/self/fd/" + std::to_string(memory)});
  if (asked && asked->wait_exit(patience)) {
    std::array<char, 4096> text{};
    const ssize_t size = ::pread(memory, text.data(), text.size(), 0);
    if (size > 0) version = first_version({text.data(), static_cast<std::size_t>(size)});
  }
  ::close(memory);
  return version;
}

}  // namespace gauntlet::target
