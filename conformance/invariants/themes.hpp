#pragma once

// The themes of invariants, one file each; all_invariants() calls them.

#include <vector>

#include "conformance/invariants/invariant.hpp"

namespace gauntlet::conformance {

/// Each adds the invariants of its theme at the end.
void add_fixed_header_invariants(std::vector<invariant>& to);
void add_length_invariants(std::vector<invariant>& to);
void add_text_invariants(std::vector<invariant>& to);
void add_property_invariants(std::vector<invariant>& to);
void add_reason_code_invariants(std::vector<invariant>& to);
void add_connack_invariants(std::vector<invariant>& to);
void add_connection_invariants(std::vector<invariant>& to);
void add_authentication_invariants(std::vector<invariant>& to);
void add_acknowledgement_invariants(std::vector<invariant>& to);
void add_publish_invariants(std::vector<invariant>& to);
void add_delivery_invariants(std::vector<invariant>& to);
void add_subscription_invariants(std::vector<invariant>& to);
void add_message_invariants(std::vector<invariant>& to);

}  // namespace gauntlet::conformance
