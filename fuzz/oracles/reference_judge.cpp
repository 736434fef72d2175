#include "fuzz/oracles/reference_judge.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "fuzz/execution/connack_code.hpp"
#include "fuzz/input/name_space.hpp"
#include "fuzz/oracles/answer_rules.hpp"
#include "harness/broker/broker_core.hpp"
#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/fixed_header.hpp"

namespace gauntlet::fuzz {
namespace {

/// A connection's way out that keeps nothing but its end.
class silent_carrier final : public broker::carrier {
 public:
  std::size_t send(byte_view) override { return 0; }
  void close() override { is_closed_ = true; }
  void pause_reading() override {}
  void resume_reading() override {}
  std::string peer_name() const override { return "reference"; }
  bool is_closed() const { return is_closed_; }

 private:
  bool is_closed_ = false;
};

struct line {
  silent_carrier carrier;
  std::unique_ptr<broker::connection> connection;
  byte_buffer packet;    ///< what has come of the packet at hand
  std::size_t read = 0;  ///< of it, by the broker
};

/// The size of the packet at the front, or nothing if it is not there as a whole.
std::size_t size_of_first(byte_view bytes) {
  if (bytes.empty()) return 0;
  const auto length = mqtt::read_remaining_length(bytes.subspan(1));
  if (length.found != mqtt::remaining_length_field::state::complete) return 0;
  const std::size_t size = 1 + length.size + std::size_t{length.value};
  return size <= bytes.size() ? size : 0;
}

/// The reference broker's options without what the standard leaves to the server.
broker::options lenient() {
  broker::options chosen;
  chosen.check_payload_format = false;
  return chosen;
}

/// The reference broker with the lines of one input.
class reference {
 public:
  reference() : core_(lenient()) {}
  ~reference() {
    for (auto& each : lines_) end(each);
  }

  /// Whether it holds this connection open.
  bool serves(std::uint8_t connection) const {
    const auto& on = lines_.at(connection);
    return on && on->connection != nullptr && !on->carrier.is_closed();
  }

  /// The packet, or its beginning, after which it ended the step's own connection. A step may hold
  /// the end of one packet and the beginning of the next.
  std::optional<byte_buffer> play(const step& each) {
    auto& on = lines_.at(each.connection);
    if (each.kind != step_kind::send) {
      if (each.kind != step_kind::half_close) end(on);
      return std::nullopt;
    }
    if (!on) {
      on = std::make_unique<line>();
      on->connection = core_.open(on->carrier, now_);
    }
    if (on->connection == nullptr || on->carrier.is_closed()) return std::nullopt;
    on->packet.insert(on->packet.end(), each.bytes.begin(), each.bytes.end());
    while (on->read < on->packet.size()) {
      if (auto refused = read_packet(*on)) return refused;
    }
    return std::nullopt;
  }

 private:
  std::optional<byte_buffer> read_packet(line& on) {
    const std::size_t whole = size_of_first(on.packet);
    const std::size_t size = whole > 0 ? whole : on.packet.size();
    core_.received(*on.connection, byte_view(on.packet).subspan(on.read, size - on.read), now_);
    core_.flush();
    if (on.carrier.is_closed()) {
      return byte_buffer(on.packet.begin(), on.packet.begin() + static_cast<std::ptrdiff_t>(size));
    }
    on.read = size;
    if (whole > 0) {
      on.packet.erase(on.packet.begin(), on.packet.begin() + static_cast<std::ptrdiff_t>(whole));
      on.read = 0;
    }
    return std::nullopt;
  }

  void end(std::unique_ptr<line>& on) {
    if (!on) return;
    if (on->connection && !on->carrier.is_closed())
      core_.ended(*on->connection, "end of step", now_);
    core_.flush();
    on.reset();
  }

  time_point now_{std::chrono::hours(1)};
  broker::broker_core core_;
  std::array<std::unique_ptr<line>, connections_max> lines_;
};

bool ended_by_target(const observation& seen, std::uint8_t connection, std::size_t step) {
  for (const broker_end& each : seen.ends) {
    if (each.connection == connection && each.step >= step) return true;
  }
  return false;
}

bool has_connack(const observation& seen, std::uint32_t opening, std::size_t until, bool success) {
  return std::any_of(seen.arrivals.begin(), seen.arrivals.end(), [&](const arrival& each) {
    const auto code = connack_code(seen.packet_of(each));
    return each.opening == opening && each.step <= until && code && (*code == 0) == success;
  });
}

/// Whether the target refused the connection of step `at` by then.
bool has_refused(const observation& seen, std::size_t at) {
  return has_connack(seen, seen.steps[at].opening, at, false);
}

/// Whether the target never accepted the connection whose CONNECT it had before step `at`. One that
/// takes its time to refuse a client (RabbitMQ: three seconds) reads nothing of it meanwhile.
bool has_not_accepted(const observation& seen, std::size_t at) {
  const played_step& met = seen.steps[at];
  return met.row == state_row::connecting &&
         !has_connack(seen, met.opening, seen.steps.size(), true);
}

/// Whether we ended the connection ourselves some time after step `at`. A broker that serves
/// connections side by side may end them late, and is given time at the end of the input alone.
bool is_cut_short(const input& played, std::size_t at) {
  const auto from = played.steps.begin() + static_cast<std::ptrdiff_t>(at);
  return std::any_of(from, played.steps.end(), [&](const step& next) {
    const bool ends = next.kind == step_kind::close || next.kind == step_kind::reset;
    return ends && next.connection == played.steps[at].connection;
  });
}

std::string type_name(byte_view packet) {
  if (packet.empty()) return "nothing";
  const unsigned type = packet[0] >> 4U;
  if (type == 0) return "packet type 0";
  return std::string(mqtt::packet_type_name(static_cast<mqtt::packet_type>(type)));
}

/// Whether the standard leaves a server its choice where the reference broker ends the connection
/// and others do not: after an acknowledgement of something that is not under way, and after a
/// CONNECT that leaves no room for the answer.
bool is_left_to_the_server(byte_view packet, mqtt::protocol_version version) {
  const auto decoded = mqtt::decode(packet, version, mqtt::sender::client);
  if (!decoded) return false;
  if (const auto* hello = std::get_if<mqtt::connect>(&*decoded)) return may_lack_connack(*hello);
  const auto type = mqtt::type_of(*decoded);
  return type == mqtt::packet_type::puback || type == mqtt::packet_type::pubrec ||
         type == mqtt::packet_type::pubrel || type == mqtt::packet_type::pubcomp;
}

/// Whether what was sent on this connection before step `at` was waited for: nothing of it is left
/// that could end the connection later.
bool is_settled(const input& played, std::size_t at, std::uint8_t connection) {
  for (std::size_t i = at; i-- > 0;) {
    if (played.steps[i].connection == connection) return played.steps[i].barrier;
  }
  return false;
}

/// Whether the target ended another connection at step `at` that has no part in it.
bool has_ended_another(const input& played, const observation& seen, std::size_t at,
                       const reference& correct) {
  return std::any_of(seen.ends.begin(), seen.ends.end(), [&](const broker_end& each) {
    return each.step == at && each.connection != played.steps[at].connection &&
           correct.serves(each.connection) && is_settled(played, at, each.connection);
  });
}

/// What the target did about a packet that it has to end the connection for.
enum class reaction : std::uint8_t { kept_connection, ended_another };

suspicion describe_breach(reaction what, byte_view packet, mqtt::protocol_version version) {
  const auto decoded = mqtt::decode(packet, version, mqtt::sender::client);
  const std::string type = type_name(packet);
  const std::string in_version = "MQTT " + std::string(mqtt::version_name(version));
  const bool kept = what == reaction::kept_connection;
  const std::string sentence =
      (kept ? "the broker keeps the connection after "
            : "the broker ended the connection of a client that broke no rule after another's ") +
      type;
  const std::string signature = in_version + (kept ? " tolerates " : " ends others at ") + type;
  if (!decoded) {
    const mqtt::decode_error& why = decoded.error();
    return {record::finding_kind::protocol,
            sentence + " that breaks a rule: " + mqtt::describe(why),
            signature + ": " + std::string(why.subject) + ": " + std::string(why.rule),
            std::string(why.statement), std::string(why.section)};
  }
  return {record::finding_kind::protocol,
          sentence + " that was not allowed in this state of the connection (" + in_version + ")",
          signature + " in the wrong state", "", "4.13"};
}

}  // namespace

std::optional<suspicion> tolerated_breach(const input& of, const observation& seen) {
  if (seen.life != broker_life::serves) return std::nullopt;
  const input played = in_name_space(of, seen.name_space);
  reference correct;
  for (std::size_t i = 0; i < played.steps.size() && i < seen.steps.size(); ++i) {
    const step& each = played.steps[i];
    const auto refused = correct.play(each);
    const bool has_ended = ended_by_target(seen, each.connection, i);
    if (!refused) {
      // Where the target is stricter, the two go on in different worlds.
      for (const broker_end& end : seen.ends) {
        if (end.step == i) return std::nullopt;
      }
      if (has_refused(seen, i)) return std::nullopt;
      continue;
    }
    const auto version = seen.steps[i].version;
    const auto type = static_cast<mqtt::packet_type>(refused->front() >> 4U);
    // A CONNECT may end another connection by taking it over.
    if (type != mqtt::packet_type::connect && has_ended_another(played, seen, i, correct)) {
      return describe_breach(reaction::ended_another, *refused, version);
    }
    const bool is_goodbye = type == mqtt::packet_type::disconnect;
    if (has_ended || is_goodbye || is_cut_short(played, i)) return std::nullopt;
    if (has_not_accepted(seen, i)) return std::nullopt;
    if (is_left_to_the_server(*refused, version)) return std::nullopt;
    return describe_breach(reaction::kept_connection, *refused, version);
  }
  return std::nullopt;
}

}  // namespace gauntlet::fuzz
