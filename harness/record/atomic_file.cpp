#include "harness/record/atomic_file.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <string>
#include <system_error>
#include <unistd.h>

namespace gauntlet::record {
namespace {

// Closes on leaving; -1 stands for none.
class descriptor {
 public:
  explicit descriptor(int number) : number_(number) {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() { close(); }

  int number() const { return number_; }
  bool close() {
    const auto closed = number_ < 0 || ::close(number_) == 0;
    number_ = -1;
    return closed;
  }

 private:
  int number_;
};

failure failed(const char* what, const std::filesystem::path& file) {
  return environment_failed("cannot " + std::string(what) + " " + file.string() + ": " +
                            std::system_category().message(errno));
}

bool write_all(int file, std::string_view content) {
  while (!content.empty()) {
    const auto written = ::write(file, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

outcome<void> write_file_atomically(const std::filesystem::path& file, std::string_view content) {
  auto temporary = file;
  temporary += ".tmp";
  {
    descriptor out(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (out.number() < 0) return failed("write", temporary);
    if (!write_all(out.number(), content) || ::fsync(out.number()) != 0 || !out.close()) {
      auto why = failed("write", temporary);
      ::unlink(temporary.c_str());
      return why;
    }
  }
  if (std::rename(temporary.c_str(), file.c_str()) != 0) {
    auto why = failed("replace", file);
    ::unlink(temporary.c_str());
    return why;
  }
  // The rename itself is safe only once the folder is. Some file systems cannot sync folders; the
  // file is in place all the same.
  const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  descriptor parent(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (parent.number() >= 0) ::fsync(parent.number());
  return {};
}

outcome<std::string> read_file(const std::filesystem::path& file) {
  descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (in.number() < 0) {
    return bad_input("cannot read " + file.string() + ": " + std::system_category().message(errno));
  }
  std::string content;
  char block[65536];
  for (;;) {
    const auto count = ::read(in.number(), block, sizeof block);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      return bad_input("cannot read " + file.string() + ": " +
                       std::system_category().message(errno));
    }
    if (count == 0) return content;
    content.append(block, static_cast<std::size_t>(count));
  }
}

}  // namespace gauntlet::record
