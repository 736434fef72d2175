#include "harness/broker/address_limit.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace gauntlet::broker {
namespace {

// "127.0.0.1:51234" and "[::1]:51234" without the port.
std::string address_in(std::string peer_name) {
  peer_name.resize(std::min(peer_name.rfind(':'), peer_name.size()));
  return peer_name;
}

}  // namespace

bool count_address(broker_state& broker, connection& opened) {
  const std::size_t limit = broker.options.limits.connections_per_address_max;
  if (limit == 0) return true;
  const auto [place, added] =
      broker.connections_by_address.try_emplace(address_in(opened.link->peer_name()), 0U);
  if (place->second >= limit) return false;
  ++place->second;
  opened.address = &*place;
  return true;
}

void discount_address(broker_state& broker, connection& gone) {
  if (gone.address == nullptr) return;
  auto& [address, connections] = *std::exchange(gone.address, nullptr);
  if (--connections > 0) return;
  broker.connections_by_address.erase(broker.connections_by_address.find(address));
}

}  // namespace gauntlet::broker
