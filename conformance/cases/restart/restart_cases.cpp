#include "conformance/cases/restart/restart_cases.hpp"

namespace gauntlet::conformance {

void add_restart_cases(suite& to) {
  to.begin_theme("Restart");
  add_restart_retained_cases(to);
  add_restart_session_cases(to);
}

}  // namespace gauntlet::conformance
