#include "harness/fault_host/command.hpp"

#include <array>
#include <cerrno>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

#include "harness/target/child_process.hpp"

namespace gauntlet::fault_host {
namespace {

constexpr auto patience = std::chrono::seconds(10);

/// A file that only memory holds.
class memory_file {
 public:
  memory_file() : descriptor_(::memfd_create("gauntlet", MFD_CLOEXEC)) {}
  memory_file(const memory_file&) = delete;
  memory_file& operator=(const memory_file&) = delete;
  ~memory_file() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  bool is_open() const { return descriptor_ >= 0; }
  /// Good in this process and in those it starts.
  std::string path() const {
    return "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(descriptor_);
  }
  bool write(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t count = ::write(descriptor_, text.data(), text.size());
      if (count < 0) return false;
      text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }
  std::string read() const {
    std::string text;
    std::array<char, 4096> piece{};
    ssize_t count = 0;
    while ((count = ::pread(descriptor_, piece.data(), piece.size(),
                            static_cast<off_t>(text.size()))) > 0) {
      text.append(piece.data(), static_cast<std::size_t>(count));
    }
    return text;
  }

 private:
  int descriptor_;
};

std::string joined(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + word;
  return line;
}

/// What a program complains of, on one line and not too long.
std::string first_complaint(const std::string& output) {
  std::string line = output.substr(0, output.find('\n'));
  if (line.size() > 200) line.resize(200);
  return line.empty() ? "it says nothing" : line;
}

}  // namespace

outcome<std::string> run_command(const network_namespace* where, std::vector<std::string> words) {
  const std::string line = joined(words);
  const std::string program = words.front();
  if (!target::find_command(program)) {
    return environment_failed("there is no program " + program + "; install the package " +
                              (program == "nft" ? "nftables" : "iproute2"));
  }
  const memory_file output;
  if (!output.is_open()) {
    return environment_failed("no memory for the output of " + program + ": " +
                              std::generic_category().message(errno));
  }
  words.erase(words.begin());
  auto started = target::child_process::start(
      {.command = program,
       .arguments = std::move(words),
       .environment = {},
       .working_folder = "/",
       .output_file = output.path(),
       .network_namespace = where == nullptr ? -1 : where->descriptor()});
  if (!started) return started.error();
  const auto how = started->wait_exit(patience);
  std::string said = output.read();
  if (how && !how->signalled && how->code == 0) return said;
  return environment_failed(line + " " + (how ? how->to_string() : "did not end in time") + ": " +
                            first_complaint(said));
}

outcome<std::string> run_script(const network_namespace* where, std::vector<std::string> words,
                                std::string_view script) {
  const memory_file file;
  if (!file.is_open() || !file.write(script)) {
    return environment_failed("no memory for a script of " + words.front());
  }
  words.push_back(file.path());
  return run_command(where, std::move(words));
}

}  // namespace gauntlet::fault_host
