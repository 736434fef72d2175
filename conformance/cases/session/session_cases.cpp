#include "conformance/cases/session/session_cases.hpp"

namespace gauntlet::conformance {

void add_session_cases(suite& to) { add_session_resume_cases(to); }

}  // namespace gauntlet::conformance
