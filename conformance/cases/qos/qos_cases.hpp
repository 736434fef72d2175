#pragma once

// QoS 0, 1 and 2 in both directions. MQTT 5.0 §2.2.1, §3.3 to §3.7, §4.3, §4.4

#include "conformance/suite/suite.hpp"

namespace gauntlet::conformance {

/// All tests of this folder.
void add_qos_cases(suite& to);

// One file each.
void add_qos0_cases(suite& to);
void add_puback_cases(suite& to);
void add_pubrec_cases(suite& to);
void add_repetition_cases(suite& to);
void add_delivery_cases(suite& to);
void add_redelivery_cases(suite& to);
void add_wrong_answer_cases(suite& to);
void add_refusing_acknowledgement_cases(suite& to);
void add_acknowledgement_error_cases(suite& to);
void add_acknowledgement_form_cases(suite& to);
void add_publish_error_cases(suite& to);
void add_identifier_cases(suite& to);

}  // namespace gauntlet::conformance
