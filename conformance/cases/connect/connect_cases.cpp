#include "conformance/cases/connect/connect_cases.hpp"

namespace gauntlet::conformance {

void add_connect_cases(suite& to) {
  to.begin_theme("Connecting");
  add_announced_cases(to);
  add_assigned_identifier_cases(to);
  add_byte_stream_cases(to);
  add_client_identifier_cases(to);
  add_connack_cases(to);
  add_connack_property_cases(to);
  add_connect_field_cases(to);
  add_connect_property_cases(to);
  add_connect_text_cases(to);
  add_connect_timeout_cases(to);
  add_first_packet_cases(to);
  add_pipelining_cases(to);
  add_protocol_version_cases(to);
  add_refused_connect_cases(to);
}

}  // namespace gauntlet::conformance
