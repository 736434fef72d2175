#include "harness/net/network.hpp"

#include "harness/base/assert.hpp"

namespace gauntlet::net {
namespace {

std::string_view scheme_of(transport kind) {
  switch (kind) {
    case transport::tcp:
      return "mqtt";
    case transport::tls:
      return "mqtts";
    case transport::ws:
      return "ws";
    case transport::wss:
      return "wss";
  }
  GAUNTLET_ASSERT(false && "transport out of range");
}

}  // namespace

std::string to_string(const endpoint& where) {
  std::string text{scheme_of(where.transport)};
  text += "://";
  const bool ipv6 = where.host.find(':') != std::string::npos;
  text += ipv6 ? '[' + where.host + ']' : where.host;
  text += ':' + std::to_string(where.port);
  if (where.transport == transport::ws || where.transport == transport::wss) text += where.path;
  return text;
}

}  // namespace gauntlet::net
