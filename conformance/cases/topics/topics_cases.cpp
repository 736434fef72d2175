#include "conformance/cases/topics/topics_cases.hpp"

namespace gauntlet::conformance {

void add_topics_cases(suite& to) {
  to.begin_theme("Topics");
  add_matching_cases(to);
  add_topic_name_cases(to);
  add_dollar_topic_cases(to);
  add_invalid_topic_name_cases(to);
  add_invalid_filter_cases(to);
}

}  // namespace gauntlet::conformance
