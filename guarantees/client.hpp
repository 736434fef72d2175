#pragma once

// A device of a scenario: it keeps to the standard, keeps what it has to send, comes back after
// each loss of its connection and goes on where it stood. What it does and when is the scenario's.

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/event_loop.hpp"
#include "harness/mqtt/client_session.hpp"
#include "harness/net/network.hpp"
#include "harness/target/profile.hpp"

namespace gauntlet::guarantees {

/// Where a broker is, and how to be let in.
struct access {
  net::endpoint where;
  std::shared_ptr<net::tls_client_context> tls;
  std::optional<target::credentials> login;
};

/// What a device says in each CONNECT.
struct client_settings {
  std::string id;
  mqtt::protocol_version version = mqtt::protocol_version::v5;
  std::uint32_t expiry_s = 600;  ///< Session Expiry Interval; 3.1.1: CleanSession 1 if 0
  bool returns_clean = false;    ///< each connection begins with Clean Start 1
  std::uint16_t keep_alive_s = 60;
  std::uint16_t receive_maximum = 0;  ///< 0: not said
  std::optional<mqtt::will> will;
  /// Between the loss of a connection and the next.
  duration back_after = std::chrono::milliseconds(100);
};

/// How a device leaves.
enum class departure : std::uint8_t {
  disconnect,            ///< DISCONNECT 0x00
  disconnect_with_will,  ///< DISCONNECT 0x04; in 3.1.1 as `close`
  close,                 ///< FIN without DISCONNECT
  reset,                 ///< a reset
};

/// One message to be sent; its payload names it.
struct message_plan {
  std::string topic;
  mqtt::qos qos = mqtt::qos::at_least_once;
  bool retain = false;
  bool empty = false;          ///< no payload: with RETAIN 1 a deletion
  std::uint32_t expiry_s = 0;  ///< Message Expiry Interval; 0: none
  bool properties = false;     ///< Content Type, Response Topic, Correlation Data, User Properties
};

class client final : private net::channel_handler, private mqtt::session_handler {
 public:
  /// Dials over `network`, which must outlive it.
  client(net::network& network, const access& broker, client_settings settings);
  ~client() override;
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  /// Connects, and from now on comes back.
  void come();
  /// Ends the connection, and stays away.
  void leave(departure how);
  /// Connects once more while the old connection stands.
  void take_over();
  /// What it says from the next CONNECT on.
  client_settings& settings() { return settings_; }

  /// Asks for a subscription, now or once connected, and again in each new session.
  void subscribe(const std::string& filter, mqtt::qos qos,
                 const mqtt::subscription_options& options = {}, std::uint32_t identifier = 0);
  /// Asks once more for all that it has asked for.
  void subscribe_again();
  void unsubscribe(const std::string& filter);
  /// Sends it now, or as soon as connection and quota allow it.
  void publish(const message_plan& what);
  /// One more message of each topic and QoS that it has published.
  void publish_last();
  /// Deletes what it has retained.
  void delete_retained();
  /// Connects with a clean session that ends with the connection, and leaves.
  void forget();

  const std::string& id() const { return settings_.id; }
  bool is_open() const { return session_.phase() == mqtt::session_phase::open; }
  /// It is to be connected, as far as it is concerned.
  bool is_here() const { return here_; }
  /// Connected, subscribed, and all that it had to send is acknowledged.
  bool is_idle() const;
  /// Messages that came, repetitions of QoS 2 left out.
  std::uint64_t received() const { return received_; }
  /// Of these, on topics that this filter matches.
  std::uint64_t received_on(const std::string& filter) const;
  bool is_subscribed_to(const std::string& topic) const;
  /// Topics with a last message, and how many it has sent on them.
  const std::vector<message_plan>& streams() const { return streams_; }
  std::uint32_t connections() const { return connections_; }
  time_point last_connack() const { return last_connack_; }
  time_point last_received() const { return last_received_; }
  mqtt::server_limits limits() const { return session_.limits(); }
  /// A subscription was refused.
  bool is_refused() const { return refused_; }
  /// Why the latest connection ended or was refused; for remarks.
  const std::string& last_trouble() const { return trouble_; }

 private:
  struct message {
    mqtt::publish packet;
    byte_buffer properties;
    bool sent = false;
  };
  struct wanted {
    mqtt::subscription what;
    std::uint32_t identifier = 0;
    bool granted = false;
  };

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

  void tick();
  void dial();
  void lose_connection();
  void flush();
  void send_waiting();
  void ask(std::size_t number);
  mqtt::connect connect_packet() const;
  message make(const message_plan& plan);

  net::network& network_;
  access broker_;
  client_settings settings_;
  mqtt::client_session session_;
  std::unique_ptr<timer> timer_;
  std::unique_ptr<net::channel> channel_;
  std::vector<std::unique_ptr<net::channel>> taken_over_;
  byte_buffer out_;
  bool here_ = false;
  bool refused_ = false;
  bool broken_ = false;  ///< the broker broke a rule; the connection is to be given up
  time_point back_at_{};
  time_point last_sent_{};
  time_point last_connack_{};
  time_point last_received_{};
  std::vector<wanted> subscriptions_;
  std::uint32_t requests_ = 0;  ///< SUBSCRIBE and UNSUBSCRIBE without answer
  std::vector<std::string> unsubscribes_;
  std::map<std::uint64_t, message> pending_;
  std::deque<std::uint64_t> waiting_;  ///< of these, not sent yet
  std::uint64_t next_tag_ = 1;
  std::map<std::string, std::uint32_t> numbers_;  ///< by topic
  std::vector<message_plan> streams_;
  std::map<std::string, std::uint64_t> received_on_;
  std::uint64_t received_ = 0;
  std::uint32_t connections_ = 0;
  std::string trouble_;
};

}  // namespace gauntlet::guarantees
