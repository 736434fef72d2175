#pragma once

// Inside harness/net only: host names to addresses, asked once for each name.

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "harness/net/asio_loop.hpp"
#include "harness/net/socket_address.hpp"

namespace gauntlet::net {

/// What is known of a name. Ports are 0.
struct resolved_host {
  std::vector<socket_address> addresses;  ///< in the system's order
  std::size_t preferred = 0;              ///< the one that last accepted a connection
};

/// Hears the answer, once, from the loop; must not destroy other waiters.
class resolve_waiter {
 public:
  /// The host stays valid for the resolver's life.
  virtual void on_resolved(resolved_host& host) = 0;
  /// `error` is a clause for a person.
  virtual void on_unresolved(const std::string& error) = 0;

 protected:
  ~resolve_waiter() = default;
};

/// Asks the system in the background and keeps the answers; failures are forgotten, so that a later
/// dial asks again.
class host_resolver {
 public:
  explicit host_resolver(asio_loop& loop);
  ~host_resolver();
  host_resolver(const host_resolver&) = delete;
  host_resolver& operator=(const host_resolver&) = delete;

  /// The answer if it is known already, else null.
  resolved_host* find(const std::string& name);
  void resolve(const std::string& name, resolve_waiter& waiter);
  void forget(const std::string& name, const resolve_waiter& waiter);

 private:
  struct backend;

  std::map<std::string, resolved_host> known_;
  std::map<std::string, std::vector<resolve_waiter*>> asked_;
  std::shared_ptr<backend> backend_;
};

}  // namespace gauntlet::net
