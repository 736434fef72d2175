#include "conformance/cases/packet_size/packet_size_cases.hpp"

namespace gauntlet::conformance {

void add_packet_size_cases(suite& to) {
  to.begin_theme("Maximum Packet Size");
  add_client_maximum_cases(to);
  add_acknowledgement_size_cases(to);
  add_broker_maximum_cases(to);
}

}  // namespace gauntlet::conformance
