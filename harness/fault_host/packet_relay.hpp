#pragma once

// A bad network in user space, for kernels without netem: packets of IP that the kernel hands to a
// TUN device are kept, doubled, held or spoilt, and handed back through the same device.

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "harness/base/result.hpp"
#include "harness/fault_host/network_namespace.hpp"
#include "harness/fault_host/packet_treatment.hpp"

namespace gauntlet::fault_host {

/// One TUN device with a thread that treats what it is given. Whoever routes packets to the device
/// has to see to it that those which come from it take another way.
class packet_relay {
 public:
  /// Makes the device in `where`. Packets to `far_address` go one way, all others the other way;
  /// each way has draws of its own. The failure says what this machine lacks.
  static outcome<std::unique_ptr<packet_relay>> make(const network_namespace& where,
                                                     const std::string& device,
                                                     const std::string& far_address,
                                                     std::uint64_t seed);
  ~packet_relay();
  packet_relay(const packet_relay&) = delete;
  packet_relay& operator=(const packet_relay&) = delete;

  /// From now on. Without any treatment everything that waits leaves at once, in its order.
  void treat(const packet_treatment& wanted);

  /// What has waited too long in too long a queue: more than `queue_max` packets never wait.
  std::uint64_t dropped() const;
  static constexpr std::size_t queue_max = 20'000;

 private:
  class worker;
  explicit packet_relay(std::unique_ptr<worker> made);

  std::unique_ptr<worker> worker_;
};

}  // namespace gauntlet::fault_host
