#include "conformance/runner/lane.hpp"

#include <utility>

namespace gauntlet::conformance {

lane::lane(const broker_access& access, const std::atomic<bool>& stopping)
    : access_(access), network_(loop_), arena_{.network = network_} {
  arena_.endpoint_for = [&access](mqtt::protocol_version version) {
    return version == mqtt::protocol_version::v5 ? access.for_v5 : access.for_v3_1_1;
  };
  arena_.login = access.login;
  arena_.timeout_scale = access.timeout_scale;
  arena_.prefix = access.prefix;
  arena_.able_v3_1_1 = access.able_v3_1_1;
  arena_.able_v5 = access.able_v5;
  arena_.websocket = access.websocket;
  arena_.tls_endpoint = access.tls_endpoint;
  arena_.guarded = access.guarded;
  arena_.second = access.second;
  arena_.stopping = &stopping;
}

outcome<void> lane::prepare() {
  if (!access_.tls) return {};
  auto prepared = network_.prepare_tls(*access_.tls);
  if (!prepared) return prepared.error();
  arena_.tls = std::move(*prepared);
  return {};
}

}  // namespace gauntlet::conformance
