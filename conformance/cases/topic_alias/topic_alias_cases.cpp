#include "conformance/cases/topic_alias/topic_alias_cases.hpp"

namespace gauntlet::conformance {

void add_topic_alias_cases(suite& to) {
  to.begin_theme("Topic Aliases");
  add_client_alias_cases(to);
  add_alias_error_cases(to);
  add_broker_alias_cases(to);
}

}  // namespace gauntlet::conformance
