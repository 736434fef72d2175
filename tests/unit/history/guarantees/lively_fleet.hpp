#pragma once

// Clients that ask every guarantee at once: streams at all QoS in both versions, sessions that come
// and go, retained registers, wills of all kinds, expiring messages, a shared subscription, long
// absences. A run publishes, comes to rest, sends a last message of each stream and waits.

#include <functional>
#include <memory>
#include <vector>

#include "tests/unit/history/guarantees/lively_client.hpp"

namespace gauntlet::history::proof {

struct lively_fleet_plan {
  std::uint64_t seed = 1;
  duration publishing = std::chrono::seconds(30);
  /// Gap between two messages of an ordinary stream.
  duration every = std::chrono::milliseconds(100);
};

class lively_fleet {
 public:
  /// Clients dial over `network`, which may carry faults; it must outlive the fleet.
  lively_fleet(net::network& network, const net::endpoint& broker, const lively_fleet_plan& plan);

  /// Publishes until the time is over. `heal` is then called once, before the fleet comes to rest.
  void run(const std::function<void()>& heal);

  /// When the last messages of the streams began to be sent.
  time_point drain_began() const { return drain_began_; }
  std::uint64_t published() const;
  std::uint64_t received() const;
  /// Clients that never came to rest, for messages of tests.
  std::string unsettled() const;

 private:
  void add_publishers();
  void add_subscribers();
  void add_retained();
  void add_wills();
  void add_expiry();
  void add_shared();
  lively_client& add(lively_traits traits);
  bool settled() const;

  net::network& network_;
  net::endpoint broker_;
  lively_fleet_plan plan_;
  std::vector<std::unique_ptr<lively_client>> clients_;
  time_point drain_began_{};
};

}  // namespace gauntlet::history::proof
