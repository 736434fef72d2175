#include "conformance/cases/expiry/expiry_cases.hpp"

namespace gauntlet::conformance {

void add_expiry_cases(suite& to) {
  to.begin_theme("Message expiry");
  add_message_expiry_cases(to);
}

}  // namespace gauntlet::conformance
