#pragma once

// A client that lives as devices do: it publishes its streams, leaves in every way there is, comes
// back, resumes, subscribes anew, and keeps to the standard all the while. Runs on any network
// under virtual time; equal seeds live equal lives.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/event_loop.hpp"
#include "harness/base/seeded_stream.hpp"
#include "harness/mqtt/client_session.hpp"
#include "harness/net/network.hpp"

namespace gauntlet::history::proof {

/// Messages of one topic, numbered from 0 in their payloads.
struct lively_stream {
  std::string topic;
  mqtt::qos qos = mqtt::qos::at_least_once;
  duration every = std::chrono::milliseconds(200);
  bool retain = false;
  double empty_share = 0;      ///< messages with an empty payload: retained ones that delete
  std::uint32_t expiry_s = 0;  ///< Message Expiry Interval of every second one; 0: none
  bool properties = false;     ///< Content Type, Response Topic, Correlation Data, User Properties
};

/// How a client leaves.
enum class departure : std::uint8_t {
  abort,                 ///< reset
  close,                 ///< FIN without DISCONNECT
  disconnect,            ///< DISCONNECT 0x00
  disconnect_with_will,  ///< DISCONNECT 0x04; in 3.1.1 as `close`
  take_over,             ///< by a connection of its own, while the old one stands
};

/// When a client comes and goes; both draws are uniform.
struct lively_absence {
  duration stay_min, stay_max;
  duration away_min, away_max;
  std::vector<departure> ways;
};

/// The will of each connection, on topic "w/<client>/<number of the connection>".
struct lively_will {
  mqtt::qos qos = mqtt::qos::exactly_once;
  bool retain = false;
  std::vector<std::uint32_t> delays_s = {0};  ///< one is drawn a connection; 3.1.1 has none
};

struct lively_traits {
  std::string id;
  mqtt::protocol_version version = mqtt::protocol_version::v5;
  std::uint16_t keep_alive_s = 10;
  std::vector<std::uint32_t> expiries_s = {600};  ///< drawn a connection; 3.1.1: CleanSession if 0
  double clean_start_share = 0;                   ///< connections that begin with Clean Start 1
  std::uint16_t receive_maximum = 0;              ///< 0: not said
  std::optional<lively_will> will;
  std::vector<mqtt::subscription> subscriptions;
  std::optional<std::uint32_t> subscription_identifier;
  std::vector<lively_stream> streams;
  std::optional<lively_absence> absence;
  /// Connections on which it subscribes to nothing, and should get nothing if it starts clean.
  double silent_share = 0;
  /// Asks for all its subscriptions again this often, with Retain Handling drawn; 0: never.
  duration subscribe_again{};
  /// Takes its subscriptions back and asks again this often; 0: never.
  duration unsubscribe_every{};
};

class lively_client final : public net::channel_handler, public mqtt::session_handler {
 public:
  lively_client(net::network& network, net::endpoint broker, lively_traits traits,
                std::uint64_t seed);

  void start();
  /// Connects anew, leaves no more, and publishes no more.
  void stay();
  /// Sends one last message of each stream. After stay().
  void send_sentinels();
  /// Nothing waits: connected, subscribed, all that was published is acknowledged.
  bool settled() const;
  std::uint64_t published() const { return published_; }
  std::uint64_t received() const { return received_; }
  const std::string& id() const { return traits_.id; }

  void on_open(net::channel& open) override;
  void on_bytes(net::channel& from, byte_view bytes) override;
  void on_end(net::channel& ended, const net::channel_end& end) override;
  void on_connack(const mqtt::connack& answer) override;
  void on_publish(const mqtt::publish_view& message, bool duplicate_exactly_once) override;
  void on_acknowledged(std::uint64_t tag, mqtt::qos qos, mqtt::reason_code code) override;
  void on_suback(std::uint64_t tag, const mqtt::suback& answer) override;
  void on_unsuback(std::uint64_t tag, const mqtt::unsuback& answer) override;
  mqtt::publish_view on_resend(std::uint64_t tag, std::uint16_t packet_identifier) override;
  void on_discarded(std::uint64_t tag, mqtt::qos qos, bool received) override;

 private:
  struct message {
    mqtt::publish packet;
    byte_buffer properties;
  };
  struct stream_state {
    time_point due{};
    std::uint32_t next = 0;
  };

  void tick();
  void dial();
  void leave();
  void lose_connection();
  void publish_due();
  bool publish_next(std::size_t stream);
  void subscribe(bool again);
  void unsubscribe();
  void flush();
  bool open() const { return session_.phase() == mqtt::session_phase::open; }
  duration draw(duration min, duration max);
  mqtt::connect connect_packet();
  mqtt::property_list properties_of(const lively_stream& stream, std::uint32_t number) const;

  net::network& network_;
  net::endpoint broker_;
  lively_traits traits_;
  seeded_stream draws_;
  mqtt::client_session session_;
  std::unique_ptr<timer> timer_;
  std::unique_ptr<net::channel> channel_;
  std::vector<std::unique_ptr<net::channel>> taken_over_;
  byte_buffer out_;
  std::vector<stream_state> streams_;
  std::map<std::uint64_t, message> pending_;
  std::uint64_t next_tag_ = 0;
  std::uint64_t published_ = 0;
  std::uint64_t received_ = 0;
  std::uint32_t connections_ = 0;
  std::uint32_t requests_ = 0;  ///< SUBSCRIBE and UNSUBSCRIBE without answer
  bool subscribed_ = false;
  bool staying_ = false;
  bool publishing_ = true;
  bool broken_ = false;  ///< the broker broke a rule; the connection is to be given up
  std::size_t sentinels_left_ = 0;
  time_point last_sent_{};
  time_point leaves_at_{};
  time_point back_at_{};
  time_point again_at_{};
};

}  // namespace gauntlet::history::proof
