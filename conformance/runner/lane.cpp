#include "conformance/runner/lane.hpp"

namespace gauntlet::conformance {

arena make_arena(net::network& network, const broker_access& access) {
  arena made{.network = network};
  made.endpoint_for = [&access](mqtt::protocol_version version) {
    return version == mqtt::protocol_version::v5 ? access.for_v5 : access.for_v3_1_1;
  };
  made.login = access.login;
  made.timeout_scale = access.timeout_scale;
  made.prefix = access.prefix;
  made.able_v3_1_1 = access.able_v3_1_1;
  made.able_v5 = access.able_v5;
  made.websocket = access.websocket;
  made.tls_endpoint = access.tls_endpoint;
  made.guarded = access.guarded;
  made.second = access.second;
  made.tls = access.tls;
  return made;
}

}  // namespace gauntlet::conformance
