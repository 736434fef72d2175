#include "conformance/cases/will/will_cases.hpp"

namespace gauntlet::conformance {

void add_will_cases(suite& to) {
  to.begin_theme("Wills");
  add_will_absence_cases(to);
  add_will_delay_cases(to);
  add_will_message_cases(to);
  add_will_property_cases(to);
  add_will_publication_cases(to);
}

}  // namespace gauntlet::conformance
