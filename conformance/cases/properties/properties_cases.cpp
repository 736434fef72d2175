#include "conformance/cases/properties/properties_cases.hpp"

namespace gauntlet::conformance {

void add_properties_cases(suite& to) {
  to.begin_theme("Properties and payload");
  add_forwarded_cases(to);
  add_payload_cases(to);
  add_property_error_cases(to);
  add_problem_information_cases(to);
}

}  // namespace gauntlet::conformance
