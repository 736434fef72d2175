#include "conformance/cases/connect/connect_cases.hpp"

namespace gauntlet::conformance {

void add_connect_cases(suite& to) { add_first_packet_cases(to); }

}  // namespace gauntlet::conformance
