#include "conformance/cases/mixed_versions/mixed_versions_cases.hpp"

namespace gauntlet::conformance {

void add_mixed_versions_cases(suite& to) {
  to.begin_theme("3.1.1 and 5.0 together");
  add_mixed_message_cases(to);
  add_mixed_retained_and_will_cases(to);
  add_mixed_session_cases(to);
  add_mixed_isolation_cases(to);
}

}  // namespace gauntlet::conformance
