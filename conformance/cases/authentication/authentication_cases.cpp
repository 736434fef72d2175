#include "conformance/cases/authentication/authentication_cases.hpp"

namespace gauntlet::conformance {

void add_authentication_cases(suite& to) {
  to.begin_theme("Authentication and access");
  add_access_control_cases(to);
  add_enhanced_authentication_cases(to);
  add_login_cases(to);
  add_re_authentication_cases(to);
}

}  // namespace gauntlet::conformance
