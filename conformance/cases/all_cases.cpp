#include "conformance/cases/all_cases.hpp"

#include "conformance/cases/authentication/authentication_cases.hpp"
#include "conformance/cases/connect/connect_cases.hpp"
#include "conformance/cases/disconnect/disconnect_cases.hpp"
#include "conformance/cases/expiry/expiry_cases.hpp"
#include "conformance/cases/flow_control/flow_control_cases.hpp"
#include "conformance/cases/keep_alive/keep_alive_cases.hpp"
#include "conformance/cases/mixed_versions/mixed_versions_cases.hpp"
#include "conformance/cases/ordering/ordering_cases.hpp"
#include "conformance/cases/packet_size/packet_size_cases.hpp"
#include "conformance/cases/properties/properties_cases.hpp"
#include "conformance/cases/qos/qos_cases.hpp"
#include "conformance/cases/request_response/request_response_cases.hpp"
#include "conformance/cases/restart/restart_cases.hpp"
#include "conformance/cases/retained/retained_cases.hpp"
#include "conformance/cases/session/session_cases.hpp"
#include "conformance/cases/shared_subscription/shared_subscription_cases.hpp"
#include "conformance/cases/subscribe/subscribe_cases.hpp"
#include "conformance/cases/subscription_identifier/subscription_identifier_cases.hpp"
#include "conformance/cases/topic_alias/topic_alias_cases.hpp"
#include "conformance/cases/topics/topics_cases.hpp"
#include "conformance/cases/transport/transport_cases.hpp"
#include "conformance/cases/two_endpoints/two_endpoints_cases.hpp"
#include "conformance/cases/unsubscribe/unsubscribe_cases.hpp"
#include "conformance/cases/will/will_cases.hpp"

namespace gauntlet::conformance {

suite all_cases() {
  suite all;
  add_connect_cases(all);
  add_authentication_cases(all);
  add_disconnect_cases(all);
  add_keep_alive_cases(all);
  add_qos_cases(all);
  add_session_cases(all);
  add_retained_cases(all);
  add_subscribe_cases(all);
  add_subscription_identifier_cases(all);
  add_shared_subscription_cases(all);
  add_unsubscribe_cases(all);
  add_topics_cases(all);
  add_mixed_versions_cases(all);
  add_transport_cases(all);
  add_restart_cases(all);
  add_two_endpoints_cases(all);
  add_will_cases(all);
  add_ordering_cases(all);
  add_flow_control_cases(all);
  add_topic_alias_cases(all);
  add_packet_size_cases(all);
  add_properties_cases(all);
  add_expiry_cases(all);
  add_request_response_cases(all);
  return all;
}

}  // namespace gauntlet::conformance
