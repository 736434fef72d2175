#include "conformance/cases/connect/connect_cases.hpp"

namespace gauntlet::conformance {

void add_connect_cases(suite& to) {
  to.begin_theme("Connecting");
  add_assigned_identifier_cases(to);
  add_client_identifier_cases(to);
  add_connack_cases(to);
  add_connect_field_cases(to);
  add_connect_property_cases(to);
  add_connect_text_cases(to);
  add_first_packet_cases(to);
  add_protocol_version_cases(to);
}

}  // namespace gauntlet::conformance
