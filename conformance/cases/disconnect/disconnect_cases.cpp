#include "conformance/cases/disconnect/disconnect_cases.hpp"

namespace gauntlet::conformance {

void add_disconnect_cases(suite& to) {
  to.begin_theme("Disconnecting and errors");
  add_disconnect_from_client_cases(to);
  add_disconnect_from_server_cases(to);
  add_packet_error_cases(to);
}

}  // namespace gauntlet::conformance
