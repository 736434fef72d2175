#include "conformance/cases/unsubscribe/unsubscribe_cases.hpp"

namespace gauntlet::conformance {

void add_unsubscribe_cases(suite& to) {
  to.begin_theme("Unsubscribe");
  add_unsuback_cases(to);
  add_unsubscribe_effect_cases(to);
  add_unsubscribe_unfinished_cases(to);
  add_unsubscribe_error_cases(to);
}

}  // namespace gauntlet::conformance
