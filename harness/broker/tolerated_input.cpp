#include "harness/broker/tolerated_input.hpp"

#include <algorithm>

#include "harness/broker/disconnect.hpp"
#include "harness/broker/tolerated_errors.hpp"
#include "harness/broker/tolerating_defect.hpp"
#include "harness/mqtt/codec.hpp"

namespace gauntlet::broker {
namespace {

std::uint32_t place_of(byte_view packet, const mqtt::decode_error& error) {
  if (mending::is_in_will_properties(packet, error)) return in::will;
  return std::uint32_t{1} << (packet[0] >> 4U);
}

bool is_one_of(const tolerated_error& known, const mqtt::decode_error& error, std::uint32_t place) {
  return known.rule.says == error.rule && (known.packets & place) != 0 &&
         (known.subject.empty() || known.subject == error.subject);
}

const tolerated_error* find_tolerated(byte_view packet, const mqtt::decode_error& error) {
  const std::uint32_t place = place_of(packet, error);
  const auto* const found = std::ranges::find_if(
      tolerated_errors, [&](const auto& known) { return is_one_of(known, error, place); });
  return found == std::end(tolerated_errors) ? nullptr : found;
}

// Mends until nothing is left of this error, nor of what followed it.
byte_buffer mend(const tolerated_error& tolerated, byte_view packet, mqtt::decode_error error,
                 mqtt::protocol_version version) {
  constexpr int mendings_max = 1000;
  byte_buffer mended = tolerated.mend(packet, error);
  for (int i = 0; i < mendings_max && !mended.empty(); ++i) {
    const auto decoded = mqtt::decode(mended, version, mqtt::sender::client);
    if (decoded.has_value()) break;
    error = decoded.error();
    if (error.rule == mqtt::rules::fields_fill.says) {
      mended = mending::without_rest(mended, error);
    } else if (error.rule == tolerated.rule.says) {
      mended = tolerated.mend(mended, error);
    } else {
      break;  // another error: that is for the caller to refuse
    }
  }
  return mended;
}

}  // namespace

std::optional<byte_buffer> tolerate(broker_state& broker, const connection& from, byte_view packet,
                                    const mqtt::decode_error& error) {
  const tolerated_error* const tolerated = find_tolerated(packet, error);
  if (tolerated == nullptr || !broker.defects.strikes(tolerated->which)) return std::nullopt;
  return mend(*tolerated, packet, error, from.version);
}

std::optional<defect> tolerating_defect(byte_view packet, const mqtt::decode_error& error) {
  if (error.rule == mqtt::rules::four_length_bytes.says && error.subject == "Remaining Length") {
    return defect::accept_five_byte_remaining_length;
  }
  const tolerated_error* const tolerated = find_tolerated(packet, error);
  if (tolerated == nullptr) return std::nullopt;
  const byte_buffer taken = mend(*tolerated, packet, error, error.version);
  const bool passes =
      taken.empty() || mqtt::decode(taken, error.version, mqtt::sender::client).has_value();
  return passes ? std::optional(tolerated->which) : std::nullopt;
}

bool refuse_large_packet(broker_state& broker, connection& from, std::size_t size) {
  constexpr std::size_t largest_with_two_bytes = 1 + 2 + 16'383;
  if (size <= largest_with_two_bytes) return false;
  if (!broker.defects.strikes(defect::refuse_remaining_length_of_three_bytes)) return false;
  refuse(broker, from, mqtt::reason_code::packet_too_large, "a Remaining Length of three bytes");
  return true;
}

bool tolerate_lost_framing(broker_state& broker, const mqtt::decode_error& error) {
  return error.rule == mqtt::rules::four_length_bytes.says &&
         broker.defects.strikes(defect::accept_five_byte_remaining_length);
}

}  // namespace gauntlet::broker
