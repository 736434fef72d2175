#pragma once

// A network of the kernel's own making, apart from that of the machine: its interfaces, routes,
// filters and sockets. It has no name, so that it and all in it go with the last process that holds
// it, whatever becomes of that process.

#include <functional>
#include <string>

#include "harness/base/result.hpp"

namespace gauntlet::fault_host {

/// Holds one network namespace.
class network_namespace {
 public:
  /// A new and empty one; even its loopback interface is down. The failure says which right or
  /// feature is missing.
  static outcome<network_namespace> make();

  network_namespace(network_namespace&& other) noexcept;
  network_namespace& operator=(network_namespace&& other) noexcept;
  ~network_namespace();

  /// For setns(); belongs to this object.
  int descriptor() const { return descriptor_; }
  /// Under /proc, for programs that want a file; good while this object and the process are there.
  std::string path() const;
  /// Calls it in a thread inside and waits for its end. Sockets that it makes stay inside whoever
  /// uses them later.
  void within(const std::function<void()>& what) const;

 private:
  explicit network_namespace(int descriptor) : descriptor_(descriptor) {}

  int descriptor_ = -1;
};

}  // namespace gauntlet::fault_host
