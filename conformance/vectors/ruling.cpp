#include "conformance/vectors/ruling.hpp"

#include <algorithm>
#include <sstream>

#include "conformance/vectors/ruling_table.hpp"
#include "harness/base/assert.hpp"
#include "harness/broker/tolerating_defect.hpp"
#include "harness/mqtt/codec.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::decode_error;

std::optional<decode_error> error_in(byte_view packet, mqtt::protocol_version version) {
  const auto decoded = mqtt::decode(packet, version, mqtt::sender::client);
  if (decoded.has_value()) return std::nullopt;
  return decoded.error();
}

ruling_table::said said_of_property(const decode_error& error, std::string& text) {
  const auto* const found =
      std::ranges::find_if(ruling_table::property_rows, [&](const ruling_table::property_row& row) {
        return row.rule.says == error.rule && row.section == error.section;
      });
  if (found != std::end(ruling_table::property_rows)) return found->v5;
  GAUNTLET_ASSERT(error.rule == mqtt::rules::property_once.says);
  text = "PE-" + std::string(error.section) + "-a";
  return {text, detection::demanded};
}

ruling_table::said said_of(byte_view packet, const decode_error& error, std::string& text) {
  const std::uint32_t type = std::uint32_t{1} << (packet[0] >> 4U);
  for (const ruling_table::row& row : ruling_table::rows) {
    if (row.rule.says != error.rule || (row.packets & type) == 0) continue;
    if (!row.subject.empty() && row.subject != error.subject) continue;
    return error.version == mqtt::protocol_version::v5 ? row.v5 : row.v3_1_1;
  }
  return said_of_property(error, text);
}

// Whether the packet breaks off before it names its version: then a server cannot know how to say
// what is wrong.
bool is_before_version(const decode_error& error) {
  return error.subject == "Protocol Name" || error.subject == "Protocol Version";
}

// The defect that lets this one error pass, where that would show. A DISCONNECT that is taken for a
// good one ends the connection too.
std::optional<broker::defect> defect_to_catch(byte_view packet, const decode_error& error) {
  const bool ends_anyway = mqtt::packet_type_of(packet[0]) == mqtt::packet_type::disconnect &&
                           error.rule != mqtt::rules::reserved_flags.says;
  if (ends_anyway) return std::nullopt;
  return broker::tolerating_defect(packet, error);
}

std::vector<mqtt::reason_code> codes_for(const decode_error& error) {
  using mqtt::reason_code;
  std::vector<reason_code> codes = {error.reason_code};
  // Whether an error is malformed or a protocol error is often arguable.
  for (const reason_code each : {reason_code::malformed_packet, reason_code::protocol_error}) {
    if (each != error.reason_code) codes.push_back(each);
  }
  return codes;
}

}  // namespace

bool is_legal(byte_view packet, mqtt::protocol_version version) {
  return !error_in(packet, version);
}

std::vector<statement_name> statements(mqtt::protocol_version version, std::string_view ids) {
  std::vector<statement_name> names;
  std::istringstream words{std::string(ids)};
  for (std::string id; words >> id;) names.push_back({version, id});
  return names;
}

caught_defect caught_in(mqtt::protocol_version version, const char* name) {
  const bool is_v5 = version == mqtt::protocol_version::v5;
  return {name, is_v5 ? caught_defect::in::v5_only : caught_defect::in::v3_1_1_only};
}

std::vector<caught_defect> defects_of_refusals(detection refusal, mqtt::protocol_version version,
                                               breach_stage stage) {
  if (stage == breach_stage::opened) {
    return {caught_in(version, "keep-connection-after-refusing-connack")};
  }
  if (refusal == detection::demanded) return {caught_in(version, "ignore-protocol-error")};
  return {caught_in(version, "close-all-connections-at-error")};
}

ruling rule_on(byte_view packet, mqtt::protocol_version version, breach_stage stage) {
  const auto error = error_in(packet, version);
  GAUNTLET_ASSERT(error.has_value());
  std::string text;
  const ruling_table::said said = said_of(packet, *error, text);
  GAUNTLET_ASSERT(!said.statements.empty());
  ruling made;
  made.covers = statements(version, said.statements);
  made.refusal = said.refusal;
  made.codes = codes_for(*error);
  made.loses_framing =
      error->rule == mqtt::rules::four_length_bytes.says && error->subject == "Remaining Length";
  const bool is_version_unknown = made.loses_framing || is_before_version(*error);
  if (stage == breach_stage::opened && is_version_unknown) made.codes.clear();
  if (made.refusal == detection::expected && stage == breach_stage::connected) {
    // That nobody else suffers is demanded all the same.
    made.covers.push_back(
        {version, version == mqtt::protocol_version::v5 ? "PE-4.13.1-b" : "PR3-4.8-a"});
  }
  // Bytes that are no packet are not refused as one: no defect of refusals concerns them.
  if (stage == breach_stage::connected || !made.loses_framing) {
    made.defects = defects_of_refusals(made.refusal, version, stage);
  }
  const auto tolerating = defect_to_catch(packet, *error);
  if (tolerating && made.refusal == detection::demanded) {
    const auto& info = broker::all_defects()[static_cast<std::size_t>(*tolerating)];
    made.defects.push_back(caught_in(version, info.name.data()));
  }
  return made;
}

}  // namespace gauntlet::conformance
