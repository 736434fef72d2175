#include "conformance/cases/flow_control/flow_control_cases.hpp"

namespace gauntlet::conformance {

void add_flow_control_cases(suite& to) {
  to.begin_theme("Flow control");
  add_client_receive_maximum_cases(to);
  add_exhausted_quota_cases(to);
  add_broker_receive_maximum_cases(to);
}

}  // namespace gauntlet::conformance
