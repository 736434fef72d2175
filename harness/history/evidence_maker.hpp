#pragma once

// The work behind evidence_builder: one connection's packets become records, and at the end records
// are related to each other. Internal to it.

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "harness/history/evidence.hpp"
#include "harness/history/evidence_builder.hpp"
#include "harness/mqtt/codec.hpp"

namespace gauntlet::history {

/// Told what links saw, in the order in which the broker saw it; `made` grows with each packet, and
/// finish() relates its records and hands it out.
class evidence_maker final : public packet_observer {
 public:
  explicit evidence_maker(message_namer namer) : namer_(std::move(namer)) {}

  void on_open(connection_index connection, time_point at) override;
  void on_packet(const packet_seen& packet) override;
  void on_end(const end_seen& seen_end) override;
  void on_fault(const fault_seen& fault) override;
  evidence finish();

  evidence made;

 private:
  // What a client's exchanges stand at, over its connections.
  struct client_state {
    struct attempt_place {
      std::uint32_t publication = none;
      std::uint32_t attempt = none;
    };
    std::unordered_map<std::uint16_t, attempt_place> outbound;  // its own, by Packet Identifier
    std::unordered_map<std::uint16_t, std::uint32_t> inbound;   // deliveries to it
    std::unordered_map<message_key, std::uint32_t> last_by_key;
    std::unordered_map<std::string, std::uint32_t> filters;  // subscriptions in the session
    std::uint32_t connection = none;                         // the latest that was accepted
  };
  struct connection_state {
    std::uint32_t record = none;  // into made.connections; `none` before CONNECT
    time_point opened{};
    mqtt::protocol_version version = mqtt::protocol_version::v5;
    end_record client_end, broker_end;
    std::unordered_map<std::uint16_t, std::string> aliases_to_broker, aliases_to_client;
    std::unordered_map<std::uint16_t, std::vector<std::uint32_t>> subscribes, unsubscribes;
  };
  // One side's view of a packet: who is told what, and when.
  struct seen {
    connection_state& on;
    packet_times times;
    bool copied = false;
  };

  void from_client(const seen& where, byte_view bytes);
  void from_broker(const seen& where, byte_view bytes);
  void publish_from_client(const seen& where, byte_view bytes);
  void publish_from_broker(const seen& where, byte_view bytes);
  void note_malformed(const seen& where, std::string why);
  void start(const seen& where, const mqtt::connect& packet);
  void take_connack(const seen& where, const mqtt::connack& packet);
  void take_subscribe(const seen& where, const mqtt::subscribe& packet);
  void take_suback(const seen& where, const mqtt::suback& packet);
  void take_unsubscribe(const seen& where, const mqtt::unsubscribe& packet);
  void take_unsuback(const seen& where, const mqtt::unsuback& packet);
  void answer_of_client(const seen& where, const mqtt::packet& packet);
  publish_attempt* attempt_of(const seen& where, std::uint16_t identifier);
  void answer_of_broker(const seen& where, const mqtt::packet& packet);
  std::uint32_t publication_for(std::uint32_t client, const publication_record& like);

  bool is_superseded(const connection_state& on) const;
  std::uint32_t topic_index(std::string_view name);
  std::uint32_t client_index(std::string_view id);
  static message_content content_of(const mqtt::publish_view& message);
  message_key name_of(const mqtt::publish_view& message) const;

  void end_subscriptions();
  void name_deliveries();
  void decide_outcomes();

  message_namer namer_;
  std::unordered_map<std::uint32_t, connection_state> connections_;
  std::vector<client_state> clients_;
  std::unordered_map<std::string, std::uint32_t> topic_indices_;
  std::unordered_map<std::string, std::uint32_t> client_indices_;
};

}  // namespace gauntlet::history
