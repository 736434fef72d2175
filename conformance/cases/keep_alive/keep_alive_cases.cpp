#include "conformance/cases/keep_alive/keep_alive_cases.hpp"

namespace gauntlet::conformance {

void add_keep_alive_cases(suite& to) {
  to.begin_theme("Keep alive");
  add_keep_alive_timeout_cases(to);
  add_ping_cases(to);
}

}  // namespace gauntlet::conformance
