#pragma once

// A network of our own between this machine and a broker, which can be broken below TCP:
//
//   this machine             wire                        far side
//   gauntletN ------------ w0    w1 -------------------- eth0  -> 127.0.0.1 of the far side
//   198.18.x.1/30       forwards and spoils              198.18.x.6/30
//
// Wire and far side are network namespaces without names. Neither end sees what the wire does but
// by what arrives. Whoever connects to the far side's address reaches what listens on 127.0.0.1
// there. When this object goes, or its process however that happens, the kernel removes all of it.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/result.hpp"
#include "harness/base/seeded_stream.hpp"
#include "harness/fault_host/network_namespace.hpp"
#include "harness/fault_host/packet_relay.hpp"

namespace gauntlet::fault_host {

/// What the wire does to packets, for as long as nothing else is asked.
struct link_state {
  /// Both ends have lost their carrier: nothing passes and nobody is told.
  bool down = false;
  /// Each packet is answered with a TCP reset.
  bool rejects = false;
  /// Share of packets that vanish, 0 to 1, drawn by the kernel.
  double loss = 0;
  /// Of each direction; what is too much waits in the wire, and what waits too long is dropped.
  std::optional<std::uint64_t> bytes_per_s;
  /// Of each direction; packets go through this process while there is any.
  packet_treatment treatment;

  bool operator==(const link_state&) const = default;
};

/// Whose sockets.
enum class link_end : std::uint8_t { near, far };

/// One such network. Belongs to one thread; each call waits for the programs that it runs, some
/// milliseconds each.
class private_link {
 public:
  /// What packets of a treatment are struck is drawn from `seed`. The failure is a sentence that
  /// says what this machine lacks.
  static outcome<std::unique_ptr<private_link>> make(std::uint64_t seed = 0);
  ~private_link();
  private_link(const private_link&) = delete;
  private_link& operator=(const private_link&) = delete;

  /// Where clients connect to.
  const std::string& far_address() const { return far_address_; }
  /// What clients come from.
  const std::string& near_address() const { return near_address_; }
  /// The interface on this machine.
  const std::string& interface() const { return interface_; }
  /// Where the broker belongs.
  const network_namespace& far_side() const { return far_; }

  /// Makes the wire so; what stays as it is is not touched. After a failure the wire is as it was
  /// in the parts that came later.
  outcome<void> shape(const link_state& wanted);
  const link_state& state() const { return state_; }

  /// Destroys the connections of one end as its kernel sees them; the other end gets a reset. How
  /// many they were.
  outcome<std::size_t> kill_sockets(link_end whose);

  /// The near ends of about `share` of all connections are gone as if their machine had lost power:
  /// nothing of them reaches the far side any more, no FIN and no reset, while the clients learn at
  /// once that they have no connection. Lasts until bring_back(). How many they were.
  outcome<std::size_t> vanish(double share, seeded_stream& draws);
  /// Connections that vanished may be heard again; the far side then learns that they are gone.
  outcome<void> bring_back();

 private:
  private_link(network_namespace wire, network_namespace far, std::uint64_t seed);
  outcome<void> lay(std::uint32_t number);
  outcome<void> set_filter();
  outcome<void> set_rate(std::optional<std::uint64_t> bytes_per_s);
  outcome<void> set_treatment(const packet_treatment& wanted);
  outcome<void> open_relay();
  outcome<std::vector<std::uint16_t>> near_ports() const;
  outcome<std::size_t> kill_near(const std::vector<std::uint16_t>& ports) const;

  network_namespace wire_;
  network_namespace far_;
  const std::uint64_t seed_;
  std::unique_ptr<packet_relay> relay_;  ///< from the first treatment on
  std::string interface_;
  std::string near_address_;
  std::string far_address_;
  link_state state_;
};

}  // namespace gauntlet::fault_host
