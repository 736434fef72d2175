#include "fuzz/coverage/coverage_map.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace gauntlet::fuzz {
namespace {

failure cannot(std::string_view what, const std::filesystem::path& path, int error) {
  return environment_failed("cannot " + std::string(what) + " the coverage map " + path.string() +
                            ": " + std::generic_category().message(error));
}

}  // namespace

outcome<coverage_map> coverage_map::create(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return cannot("make", path, errno);
  if (::ftruncate(file, coverage_counters) != 0) {
    const int error = errno;
    ::close(file);
    ::unlink(path.c_str());
    return cannot("size", path, error);
  }
  return map(path, file, true);
}

outcome<coverage_map> coverage_map::open(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) return cannot("open", path, errno);
  struct stat found {};
  if (::fstat(file, &found) != 0 || found.st_size != static_cast<off_t>(coverage_counters)) {
    ::close(file);
    return cannot("use", path, EINVAL);
  }
  return map(path, file, false);
}

outcome<coverage_map> coverage_map::map(const std::filesystem::path& path, int file, bool is_own) {
  void* const at = ::mmap(nullptr, coverage_counters, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  const int error = errno;
  ::close(file);
  if (at == MAP_FAILED) {
    if (is_own) ::unlink(path.c_str());
    return cannot("map", path, error);
  }
  return coverage_map(path, static_cast<std::uint8_t*>(at), is_own);
}

coverage_map::coverage_map(coverage_map&& other) noexcept
    : path_(std::move(other.path_)),
      counters_(std::exchange(other.counters_, nullptr)),
      is_own_(std::exchange(other.is_own_, false)) {}

coverage_map& coverage_map::operator=(coverage_map&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(counters_, other.counters_);
  std::swap(is_own_, other.is_own_);
  return *this;
}

coverage_map::~coverage_map() {
  if (counters_ != nullptr) ::munmap(counters_, coverage_counters);
  if (is_own_) ::unlink(path_.c_str());
}

void coverage_map::clear() { std::memset(counters_, 0, coverage_counters); }

void coverage_map::copy_to(std::span<std::uint8_t, coverage_counters> to) const {
  std::memcpy(to.data(), counters_, coverage_counters);
}

std::size_t coverage_map::edges_hit() const {
  return static_cast<std::size_t>(std::count_if(counters_, counters_ + coverage_counters,
                                                [](std::uint8_t count) { return count != 0; }));
}

}  // namespace gauntlet::fuzz
