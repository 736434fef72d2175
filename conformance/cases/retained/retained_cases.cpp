#include "conformance/cases/retained/retained_cases.hpp"

namespace gauntlet::conformance {

void add_retained_cases(suite& to) {
  to.begin_theme("Retained messages");
  add_retained_storing_cases(to);
  add_retained_clearing_cases(to);
  add_retained_delivery_cases(to);
  add_retained_handling_cases(to);
  add_retained_flag_cases(to);
  add_retained_expiry_cases(to);
  add_retained_properties_cases(to);
}

}  // namespace gauntlet::conformance
