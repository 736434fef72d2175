#include "conformance/cases/qos/qos_cases.hpp"

namespace gauntlet::conformance {

void add_qos_cases(suite& to) {
  to.begin_theme("QoS 0, 1 and 2");
  add_qos0_cases(to);
  add_puback_cases(to);
  add_pubrec_cases(to);
  add_repetition_cases(to);
  add_delivery_cases(to);
  add_redelivery_cases(to);
  add_wrong_answer_cases(to);
  add_refusing_acknowledgement_cases(to);
  add_acknowledgement_error_cases(to);
  add_acknowledgement_form_cases(to);
  add_publish_error_cases(to);
  add_identifier_cases(to);
}

}  // namespace gauntlet::conformance
