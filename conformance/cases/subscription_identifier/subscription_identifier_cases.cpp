#include "conformance/cases/subscription_identifier/subscription_identifier_cases.hpp"

namespace gauntlet::conformance {

void add_subscription_identifier_cases(suite& to) {
  to.begin_theme("Subscription Identifiers");
  add_identifier_delivery_cases(to);
  add_identifier_overlap_cases(to);
  add_identifier_session_cases(to);
  add_identifier_error_cases(to);
}

}  // namespace gauntlet::conformance
