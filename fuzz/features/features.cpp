#include "fuzz/features/features.hpp"

#include <algorithm>
#include <array>

#include "fuzz/input/name_space.hpp"
#include "harness/base/seeded_stream.hpp"
#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/fixed_header.hpp"

namespace gauntlet::fuzz {
namespace {

/// What the broker did, in one number.
std::uint64_t answer_of(const observation& seen, const arrival& each) {
  if (!each.is_framed) return 1;
  const byte_view packet = seen.packet_of(each);
  const std::uint64_t type = packet[0] >> 4U;
  const auto kind = static_cast<mqtt::packet_type>(type);
  std::uint64_t code = 0;
  const bool is_v5 = each.version == mqtt::protocol_version::v5;
  switch (kind) {
    case mqtt::packet_type::connack:
      if (packet.size() > 3) code = packet[3] * 2U + (packet[2] & 1U);
      break;
    case mqtt::packet_type::publish:
      code = packet[0] & 0x0FU;
      break;
    case mqtt::packet_type::puback:
    case mqtt::packet_type::pubrec:
    case mqtt::packet_type::pubrel:
    case mqtt::packet_type::pubcomp:
      if (packet.size() > 4) code = packet[4];
      break;
    case mqtt::packet_type::suback:
    case mqtt::packet_type::unsuback:
      code = packet.back();
      break;
    case mqtt::packet_type::disconnect:
    case mqtt::packet_type::auth:
      if (packet.size() > 2) code = packet[2];
      break;
    default:
      break;
  }
  return (type << 16U) | (code << 2U) | (is_v5 ? 2U : 0U);
}

/// Whether the system closes or resets a connection that the broker ends depends on whether the
/// broker had read all that was sent: a matter of time.
constexpr std::uint64_t end_of_connection = std::uint64_t{0xE} << 32U;

std::uint16_t place_of(const stream_key& key) {
  return static_cast<std::uint16_t>(key.bits() % (feature_places - 1) + 1);
}

class collector {
 public:
  collector(const observation& seen, std::vector<std::uint16_t>& found)
      : seen_(seen), found_(found) {}

  /// One thing that the broker did in answer to step `at`, alone and after the one before it.
  void add(std::uint16_t at, std::uint8_t connection, std::uint64_t did) {
    const played_step& cause = seen_.steps.at(at);
    const bool is_own = cause.connection == connection;
    const stream_key key = stream_key(cause.state).with(cause.first_byte).with(did).with(is_own);
    note(key);
    note(stream_key(previous_).with(did).with(cause.first_byte >> 4U).with(is_own));
    previous_ = did;
  }

 private:
  void note(const stream_key& key) { found_.push_back(place_of(key)); }

  const observation& seen_;
  std::vector<std::uint16_t>& found_;
  std::uint64_t previous_ = 0;
};

/// The first packet of each connection that breaks a rule, the rule, and whether the broker ended
/// the connection then: so each rule is broken at least once in an input that is looked at closely.
void find_broken_rules(const input& played, const observation& seen,
                       std::vector<std::uint16_t>& found) {
  byte_buffer bytes;
  std::array<std::uint32_t, connections_max> settled{};  // the opening whose first breach is past
  const std::size_t count = std::min(played.steps.size(), seen.steps.size());
  for (std::size_t i = 0; i < count; ++i) {
    const step& sent = played.steps[i];
    const played_step& met = seen.steps[i];
    std::uint32_t& past = settled.at(met.connection);
    if (sent.kind != step_kind::send || !met.was_accepted || past == met.opening) continue;
    enter_name_space(sent.bytes, seen.name_space, bytes);
    const auto decoded = mqtt::decode(bytes, met.version, mqtt::sender::client);
    if (decoded) continue;
    past = met.opening;
    const bool has_ended = std::any_of(seen.ends.begin(), seen.ends.end(), [&](const auto& end) {
      return end.step == i && end.connection == met.connection;
    });
    found.push_back(place_of(stream_key(static_cast<std::uint64_t>(met.version))
                                 .with(decoded.error().rule)
                                 .with(decoded.error().subject)
                                 .with(std::uint64_t{met.first_byte})
                                 .with(std::uint64_t{has_ended})));
  }
}

}  // namespace

void find_features(const input& played, const observation& seen,
                   std::vector<std::uint16_t>& found) {
  found.clear();
  find_broken_rules(played, seen, found);
  collector all(seen, found);
  auto end = seen.ends.begin();
  for (const arrival& each : seen.arrivals) {
    while (end != seen.ends.end() && end->step < each.step) {
      all.add(end->step, end->connection, end_of_connection);
      ++end;
    }
    all.add(each.step, each.connection, answer_of(seen, each));
  }
  for (; end != seen.ends.end(); ++end) all.add(end->step, end->connection, end_of_connection);
}

}  // namespace gauntlet::fuzz
