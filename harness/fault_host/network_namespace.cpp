#include "harness/fault_host/network_namespace.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sched.h>
#include <string>
#include <thread>
#include <unistd.h>
#include <utility>

#include "harness/base/assert.hpp"

namespace gauntlet::fault_host {

outcome<network_namespace> network_namespace::make() {
  int made = -1;
  int error = 0;
  // Only a thread of its own may leave the namespace that all others are in.
  std::thread([&made, &error] {
    if (::unshare(CLONE_NEWNET) == 0) {
      made = ::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    }
    if (made < 0) error = errno;
  }).join();
  if (made >= 0) return network_namespace(made);
  if (error == EPERM) {
    return environment_failed(
        "no right to make a network namespace: it takes root, or the capabilities CAP_SYS_ADMIN "
        "and CAP_NET_ADMIN");
  }
  return environment_failed("cannot make a network namespace: " +
                            std::generic_category().message(error));
}

network_namespace::network_namespace(network_namespace&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

network_namespace& network_namespace::operator=(network_namespace&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

network_namespace::~network_namespace() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::string network_namespace::path() const {
  return "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(descriptor_);
}

void network_namespace::within(const std::function<void()>& what) const {
  std::thread([this, &what] {
    GAUNTLET_ASSERT(::setns(descriptor_, CLONE_NEWNET) == 0);
    what();
  }).join();
}

}  // namespace gauntlet::fault_host
