#pragma once

// A vector is a test made from data: one packet, or a few, that must be refused, or accepted and
// answered rightly. Its two versions may have different outcomes, hence halves.

#include <string>
#include <vector>

#include "conformance/suite/suite.hpp"
#include "conformance/vectors/canonical_packet.hpp"
#include "conformance/vectors/refusal.hpp"

namespace gauntlet::conformance {

/// What a vector is in one version.
struct vector_half {
  mqtt::protocol_version version = mqtt::protocol_version::v5;
  std::string outcome;  ///< for the title, such as "is refused"
  std::vector<statement_name> covers;
  std::vector<need> needs;
  std::vector<caught_defect> defects;
  std::function<void(context&)> body;
  requirement_level level = requirement_level::must;
};

/// A packet that must be refused, by the ruling on its bytes or on another's.
vector_half refused(mqtt::protocol_version version, const canonical_packet& like,
                    packet_maker breach);
vector_half refused(mqtt::protocol_version version, const canonical_packet& like,
                    packet_maker breach, ruling by);

/// A packet that must be accepted, and has the effect of the canonical packet.
vector_half accepted(mqtt::protocol_version version, const canonical_packet& like,
                     packet_maker packet, std::string_view covers);

/// Refused or accepted as the bytes break a rule or not.
vector_half refused_or_accepted(mqtt::protocol_version version, const canonical_packet& like,
                                packet_maker packet, std::string_view covers_if_accepted);

/// Adds "vector/<family>/<name>" with the halves given, of different versions. The title is
/// `subject` and the outcome.
void add_vector(suite& to, std::string_view family, std::string_view name, std::string subject,
                std::vector<vector_half> halves);

/// Both versions, for loops.
inline constexpr mqtt::protocol_version both_versions[] = {mqtt::protocol_version::v3_1_1,
                                                           mqtt::protocol_version::v5};
inline constexpr auto only_v5 = mqtt::protocol_version::v5;
inline constexpr auto only_v3 = mqtt::protocol_version::v3_1_1;

/// "0x0F".
std::string hex(unsigned byte);

}  // namespace gauntlet::conformance
