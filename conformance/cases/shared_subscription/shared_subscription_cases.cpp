#include "conformance/cases/shared_subscription/shared_subscription_cases.hpp"

namespace gauntlet::conformance {

void add_shared_subscription_cases(suite& to) {
  to.begin_theme("Shared subscriptions");
  add_shared_delivery_cases(to);
  add_shared_member_cases(to);
  add_shared_options_cases(to);
  add_shared_unfinished_cases(to);
  add_share_name_cases(to);
}

}  // namespace gauntlet::conformance
