#include "harness/net/host_resolver.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/ip/basic_resolver.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "harness/net/asio_loop_parts.hpp"

namespace gauntlet::net {

using tcp = boost::asio::ip::tcp;

struct host_resolver::backend {
  explicit backend(asio_loop& loop) : resolver(loop.asio().context) {}
  boost::asio::ip::basic_resolver<tcp, asio_loop::parts::executor> resolver;
};

host_resolver::host_resolver(asio_loop& loop) : backend_(std::make_shared<backend>(loop)) {}

host_resolver::~host_resolver() = default;

resolved_host* host_resolver::find(const std::string& name) {
  const auto found = known_.find(name);
  return found == known_.end() ? nullptr : &found->second;
}

void host_resolver::resolve(const std::string& name, resolve_waiter& waiter) {
  std::vector<resolve_waiter*>& waiters = asked_[name];
  waiters.push_back(&waiter);
  if (waiters.size() > 1) return;
  backend_->resolver.async_resolve(
      name, "",
      [this, name, alive = std::weak_ptr<backend>(backend_)](
          const boost::system::error_code& error, const tcp::resolver::results_type& results) {
        if (alive.expired()) return;
        const std::vector<resolve_waiter*> answered = std::move(asked_[name]);
        asked_.erase(name);
        if (error || results.empty()) {
          const std::string text = "cannot resolve the host name " + name + ": " + error.message();
          for (resolve_waiter* one : answered) one->on_unresolved(text);
          return;
        }
        resolved_host& host = known_[name];
        for (const auto& entry : results) {
          host.addresses.push_back(socket_address::from(entry.endpoint().data()));
        }
        for (resolve_waiter* one : answered) one->on_resolved(host);
      });
}

void host_resolver::forget(const std::string& name, const resolve_waiter& waiter) {
  const auto found = asked_.find(name);
  if (found != asked_.end()) std::erase(found->second, &waiter);
}

}  // namespace gauntlet::net
