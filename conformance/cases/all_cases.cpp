#include "conformance/cases/all_cases.hpp"

namespace gauntlet::conformance {

suite all_cases() {
  suite all;
  add_connection_cases(all);
  add_keep_alive_cases(all);
  add_session_cases(all);
  add_will_cases(all);
  return all;
}

}  // namespace gauntlet::conformance
