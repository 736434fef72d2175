#include "fuzz/oracles/answer_rules.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>
#include <variant>

#include "fuzz/input/name_space.hpp"
#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/fixed_header.hpp"

namespace gauntlet::fuzz {
namespace {

using mqtt::packet_type;

/// Whether it is the CONNACK by which a server of MQTT 3.1.1 refuses a CONNECT of another version
/// (MQTT 3.1.1 §3.1.2.2).
bool refuses_version(byte_view packet) {
  static constexpr std::array<std::uint8_t, 4> refusal = {0x20, 0x02, 0x00, 0x01};
  return std::equal(packet.begin(), packet.end(), refusal.begin(), refusal.end());
}

/// What a client may wait for on one connection.
struct expected_answers {
  std::uint32_t opening = 0;
  bool is_unknown = false;  ///< something was sent that cannot be read
  bool has_connack = false;
  bool needs_connack = true;  ///< before anything else; false: the client may have no room for it
  /// Packet types and identifiers of requests; never taken back, since a broker may be late.
  std::set<std::pair<packet_type, std::uint16_t>> requests;
};

class judge {
 public:
  judge(const input& played, const observation& seen) : played_(played), seen_(seen) {}

  std::vector<suspicion> run() {
    std::size_t next_step = 0;
    for (const arrival& each : seen_.arrivals) {
      for (; next_step <= each.step && next_step < seen_.steps.size(); ++next_step) {
        note_request(played_.steps[next_step], seen_.steps[next_step]);
      }
      take(each);
    }
    return std::move(found_);
  }

 private:
  /// What is expected on that connection; nothing yet on one that was opened anew.
  expected_answers& on_opening(std::uint8_t connection, std::uint32_t opening) {
    expected_answers& on = expected_.at(connection);
    if (on.opening != opening) on = {.opening = opening};
    return on;
  }

  void note_request(const step& each, const played_step& met) {
    if (each.kind != step_kind::send || each.bytes.empty()) return;
    expected_answers& on = on_opening(each.connection, met.opening);
    const auto type = static_cast<packet_type>(each.bytes[0] >> 4U);
    // Bytes that were cut or spoiled may hold any identifier: then nothing is known.
    const auto decoded = mqtt::decode(each.bytes, met.version, mqtt::sender::client);
    if (!decoded) {
      on.is_unknown = true;
      return;
    }
    if (const auto* hello = std::get_if<mqtt::connect>(&*decoded)) {
      on.needs_connack = on.needs_connack && !may_lack_connack(*hello);
    }
    std::visit(
        [&](const auto& packet) {
          if constexpr (requires { packet.packet_identifier; }) {
            on.requests.emplace(type, packet.packet_identifier);
          }
        },
        *decoded);
  }

  void take(const arrival& each) {
    const byte_view bytes = seen_.packet_of(each);
    if (!each.is_framed || bytes.empty()) {
      add("sent bytes that are no packet", "bytes that are no packet", "", "2.1.4");
      return;
    }
    // A CONNECT that cannot be read leaves open which version the answer is in.
    if (on_opening(each.connection, each.opening).is_unknown) return;
    if (refuses_version(bytes)) {
      // The right answer of a server that knows 3.1.1 alone; in which form the rest is, is open.
      on_opening(each.connection, each.opening).is_unknown = true;
      return;
    }
    const auto decoded = mqtt::decode(bytes, each.version, mqtt::sender::server);
    if (!decoded) {
      const mqtt::decode_error& why = decoded.error();
      add("sent a packet that breaks a rule: " + mqtt::describe(why),
          "sends " + std::string(why.subject) + ": " + std::string(why.rule), why.statement,
          why.section);
      return;
    }
    std::visit([&](const auto& packet) { check(each, packet); }, *decoded);
  }

  template <class Packet>
  void check(const arrival& each, const Packet& packet) {
    expected_answers& on = on_opening(each.connection, each.opening);
    const packet_type type = mqtt::type_of(mqtt::packet(packet));
    if constexpr (std::is_same_v<Packet, mqtt::connack>) {
      if (on.has_connack) add("sent a second CONNACK", "second CONNACK", "MQTT-3.2.0-2", "3.2");
      on.has_connack = true;
    } else if (on.needs_connack && !on.has_connack && type != packet_type::auth &&
               type != packet_type::disconnect) {
      add("sent a packet other than AUTH before CONNACK", "packet before CONNACK", "MQTT-3.2.0-1",
          "3.2");
    }
    if constexpr (requires { packet.packet_identifier; }) check_identifier(on, type, packet);
  }

  template <class Packet>
  void check_identifier(const expected_answers& on, packet_type type, const Packet& packet) {
    const packet_type request = request_of(type);
    if (request == packet_type::publish && type == packet_type::publish) return;
    if (request == type) return;
    // A PUBREC asks for PUBREL, and a resumed session may go on with what an earlier one began.
    if (type == packet_type::pubrel) return;
    if (on.requests.count({request, packet.packet_identifier}) > 0) return;
    add("acknowledged a packet identifier that was not in use",
        "acknowledges nothing: type " + std::to_string(static_cast<int>(type)), "", "2.2.1");
  }

  static packet_type request_of(packet_type answer) {
    switch (answer) {
      case packet_type::puback:
      case packet_type::pubrec:
        return packet_type::publish;
      case packet_type::pubcomp:
        return packet_type::pubrel;
      case packet_type::suback:
        return packet_type::subscribe;
      case packet_type::unsuback:
        return packet_type::unsubscribe;
      default:
        return answer;
    }
  }

  void add(std::string sentence, std::string signature, std::string_view statement,
           std::string_view section) {
    const bool is_known = std::any_of(found_.begin(), found_.end(), [&](const suspicion& each) {
      return each.signature == signature;
    });
    if (is_known) return;
    found_.push_back({record::finding_kind::protocol, "the broker " + std::move(sentence),
                      std::move(signature), std::string(statement), std::string(section)});
  }

  const input& played_;
  const observation& seen_;
  std::array<expected_answers, connections_max> expected_;
  std::vector<suspicion> found_;
};

}  // namespace

bool may_lack_connack(const mqtt::connect& hello) {
  constexpr std::uint32_t room_for_any = 256;
  const auto size = hello.properties.find<mqtt::property_id::maximum_packet_size>();
  return size && *size < room_for_any;
}

std::vector<suspicion> breaches_of(const input& played, const observation& seen) {
  const input sent = in_name_space(played, seen.name_space);
  return judge(sent, seen).run();
}

}  // namespace gauntlet::fuzz
