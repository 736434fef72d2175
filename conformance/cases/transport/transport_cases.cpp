#include "conformance/cases/transport/transport_cases.hpp"

namespace gauntlet::conformance {

void add_transport_cases(suite& to) {
  to.begin_theme("Transports");
  add_transport_stream_cases(to);
  add_across_transports_cases(to);
  add_websocket_frame_cases(to);
}

}  // namespace gauntlet::conformance
