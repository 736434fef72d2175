#include "harness/net/channel.hpp"

#include "harness/base/assert.hpp"

namespace gauntlet::net {

std::string_view to_string(end_kind kind) {
  switch (kind) {
    case end_kind::finished:
      return "finished";
    case end_kind::reset:
      return "reset";
    case end_kind::resolve_failed:
      return "resolve failed";
    case end_kind::connect_failed:
      return "connect failed";
    case end_kind::timed_out:
      return "timed out";
    case end_kind::tls_failed:
      return "TLS failed";
    case end_kind::upgrade_failed:
      return "upgrade failed";
    case end_kind::framing_failed:
      return "framing failed";
  }
  GAUNTLET_ASSERT(false && "end_kind out of range");
}

}  // namespace gauntlet::net
