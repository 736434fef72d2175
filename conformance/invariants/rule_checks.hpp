#pragma once

// What most invariants of form are made of: rules that the codec knows. It stops at the first rule
// that a packet breaks, so a packet that is wrong in one point says nothing of the others.

#include <functional>
#include <string>
#include <string_view>

#include "conformance/invariants/invariant.hpp"
#include "conformance/invariants/observed_packet.hpp"
#include "harness/mqtt/rules.hpp"

namespace gauntlet::conformance {

/// Whether a packet has what a rule is about.
using concern = std::function<bool(const observed_packet&)>;
using invariant_check = std::function<finding(const observed_packet&)>;

/// Whether the codec found this rule broken; `subject` is the codec's word for the field, or empty
/// for any.
bool breaks(const observed_packet& came, const mqtt::rule& broken, std::string_view subject = {});

/// Broken where the codec says so; holds for legal packets that are concerned. Without `type` for
/// every type.
invariant_check keeps(const mqtt::rule& rule, std::string_view subject = {},
                      concern is_concerned = {});
invariant_check keeps_in(mqtt::packet_type type, const mqtt::rule& rule,
                         std::string_view subject = {}, concern is_concerned = {});

/// The properties of any packet; null for packets without and in 3.1.1.
const mqtt::property_list* properties_of(const observed_packet& came);
/// For rules about one property.
concern has_property(mqtt::property_id id);

/// "Receive Maximum" as "receive-maximum", "PUBACK" as "puback".
std::string in_words_of_ids(std::string_view name);

}  // namespace gauntlet::conformance
