#include "conformance/cases/session/session_cases.hpp"

namespace gauntlet::conformance {

void add_session_cases(suite& to) {
  to.begin_theme("Sessions");
  add_clean_start_cases(to);
  add_session_expiry_cases(to);
  add_session_resume_cases(to);
  add_takeover_cases(to);
}

}  // namespace gauntlet::conformance
