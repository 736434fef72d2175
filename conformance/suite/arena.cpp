#include "conformance/suite/arena.hpp"

namespace gauntlet::conformance {

mqtt::connect with_login(const arena& where, mqtt::connect packet) {
  if (!where.login || packet.user_name) return packet;
  const byte_view password = as_bytes(where.login->password);
  packet.user_name = where.login->user_name;
  packet.password = byte_buffer(password.begin(), password.end());
  return packet;
}

}  // namespace gauntlet::conformance
