#include "harness/target/small_disk.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sched.h>
#include <string>
#include <sys/mount.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace gauntlet::target {
namespace {

constexpr const char* filler = "gauntlet-takes-all-room";

}  // namespace

outcome<small_disk> small_disk::make(const std::filesystem::path& folder, std::uint64_t bytes) {
  const std::string place = folder.string();
  const std::string size = "mode=0755,size=" + std::to_string(bytes);
  int made = -1;
  int root = -1;
  int error = 0;
  // Only a thread of its own may leave the namespace that all others are in.
  std::thread([&] {
    const bool is_mounted = ::unshare(CLONE_NEWNS) == 0 &&
                            ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                            ::mount("gauntlet", place.c_str(), "tmpfs", 0, size.c_str()) == 0;
    if (is_mounted) {
      made = ::open("/proc/thread-self/ns/mnt", O_RDONLY | O_CLOEXEC);
      root = ::open(place.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    }
    if (made < 0 || root < 0) error = errno;
  }).join();
  if (error == 0) return small_disk(made, root);
  if (made >= 0) ::close(made);
  return environment_failed("cannot give the broker a disk of its own, which takes root: " +
                            std::generic_category().message(error));
}

small_disk::small_disk(small_disk&& other) noexcept
    : namespace_(std::exchange(other.namespace_, -1)), root_(std::exchange(other.root_, -1)) {}

small_disk& small_disk::operator=(small_disk&& other) noexcept {
  std::swap(namespace_, other.namespace_);
  std::swap(root_, other.root_);
  return *this;
}

small_disk::~small_disk() {
  if (namespace_ >= 0) ::close(namespace_);
  if (root_ >= 0) ::close(root_);
}

std::filesystem::path small_disk::path() const {
  return "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(root_);
}

outcome<void> small_disk::fill() const {
  const int file = ::openat(root_, filler, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  ssize_t written = file < 0 ? -1 : 0;
  static constexpr std::array<char, 65'536> nothing{};
  while (written >= 0) written = ::write(file, nothing.data(), nothing.size());
  const int error = errno;
  if (file >= 0) ::close(file);
  if (error == ENOSPC) return {};
  return environment_failed("the broker's disk cannot be filled: " +
                            std::generic_category().message(error));
}

outcome<void> small_disk::free() const {
  if (::unlinkat(root_, filler, 0) == 0 || errno == ENOENT) return {};
  return environment_failed("the broker's disk cannot be freed: " +
                            std::generic_category().message(errno));
}

}  // namespace gauntlet::target
