#include "conformance/cases/subscribe/subscribe_cases.hpp"

namespace gauntlet::conformance {

void add_subscribe_cases(suite& to) {
  to.begin_theme("Subscribe");
  add_suback_cases(to);
  add_subscribe_error_cases(to);
  add_subscribe_limit_cases(to);
  add_subscribe_qos_cases(to);
  add_subscribe_replace_cases(to);
  add_subscriber_cases(to);
  add_overlapping_cases(to);
  add_no_local_cases(to);
}

}  // namespace gauntlet::conformance
