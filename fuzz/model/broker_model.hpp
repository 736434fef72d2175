#pragma once

// An abstract broker: it knows of each client what the standard lets a broker do, and nothing of
// how one works. Operations are told before their packets are sent, packets when they come; what
// the broker may not do, and what it still owes, comes out as a violation.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fuzz/model/message.hpp"
#include "fuzz/model/operation.hpp"
#include "fuzz/model/rule.hpp"
#include "fuzz/model/session.hpp"
#include "harness/base/event_loop.hpp"
#include "harness/mqtt/packets.hpp"

namespace gauntlet::fuzz::model {

/// A QoS 2 message whose PUBREL has not been sent.
struct unfinished_publication {
  std::uint32_t number = 0;
  std::uint16_t packet_identifier = 0;
};

/// Pure: no clock, no sockets. Topics come and go without their name space.
class broker_model {
 public:
  explicit broker_model(const std::vector<mqtt::protocol_version>& clients);

  /// CONNECT is about to be sent. Ends the client's present connection, if there is one.
  void begin_connect(std::uint8_t client, const connect_operation& how, time_point now);
  /// CONNACK with success has come.
  std::optional<violation> accept(std::uint8_t client, const mqtt::connack& answer);
  /// The connection ends and no other takes its place. `with_will`: not by DISCONNECT with Normal
  /// disconnection. `session_expiry_s`: that of DISCONNECT.
  void end_connection(std::uint8_t client, bool with_will,
                      std::optional<std::uint32_t> session_expiry_s, time_point now);

  void begin_subscribe(std::uint8_t client, const subscribe_operation& what);
  std::optional<violation> granted(std::uint8_t client, const subscribe_operation& what,
                                   mqtt::reason_code code);
  /// Answers whether there was such a subscription.
  bool unsubscribe(std::uint8_t client, const unsubscribe_operation& what);
  /// A message; its number.
  std::uint32_t publish(std::uint8_t client, const publish_operation& what, time_point now);
  /// The PUBREL of a message that was begun on an earlier connection, or just now, is about to be
  /// sent.
  void finish(std::uint32_t number);
  /// The broker has refused it.
  void refuse(std::uint32_t number);

  void hold(std::uint8_t client) { at(client).holds = true; }
  /// What the client acknowledges now.
  std::vector<mqtt::packet> release(std::uint8_t client);

  /// A PUBLISH has come: what is wrong with it, and the answer.
  std::pair<std::optional<violation>, std::optional<mqtt::packet>> receive(
      std::uint8_t client, const mqtt::publish& packet, time_point now);
  /// The answer to PUBREL.
  std::optional<mqtt::packet> receive_release(std::uint8_t client, const mqtt::pubrel& packet);

  /// What the broker has to have sent by now and has not.
  std::optional<violation> owed() const;
  /// What owed() complains of is owed no longer.
  void forgive();

  /// The next moment at which something happens by itself: a will, the end of a session, an expiry.
  std::optional<time_point> next_deadline() const;
  /// The same, after `moment`.
  std::optional<time_point> next_deadline_after(time_point moment) const;
  /// The broker may act on all deadlines up to `until` from now on.
  void open_deadlines(time_point until);
  /// The broker must have acted on them.
  void pass_deadlines(time_point until);

  bool is_connected(std::uint8_t client) const { return at(client).connected; }
  bool holds(std::uint8_t client) const { return at(client).holds; }
  /// Of the connection, as CONNECT asked and CONNACK granted.
  std::uint32_t session_expiry_s(std::uint8_t client) const { return at(client).expiry_s; }
  /// As CONNECT asked.
  std::uint32_t asked_expiry_s(std::uint8_t client) const {
    return at(client).asked.session_expiry_s;
  }
  mqtt::protocol_version version(std::uint8_t client) const { return at(client).version; }
  bool has_session(std::uint8_t client) const { return at(client).state.exists; }
  const message& message_of(std::uint32_t number) const { return messages_[number - 1]; }
  /// Taken out, to be finished on the connection that has just resumed the session.
  std::vector<unfinished_publication> take_unfinished(std::uint8_t client);
  void remember_unfinished(std::uint8_t client, unfinished_publication which);
  /// The payload number of the will of the CONNECT that is about to be sent.
  std::uint32_t next_number() const { return static_cast<std::uint32_t>(messages_.size() + 1); }
  /// The topics that may retain something.
  std::vector<std::string> retained_topics() const;

 private:
  enum class ending : std::uint8_t { alone, taken_over };
  struct client_state {
    mqtt::protocol_version version = mqtt::protocol_version::v5;
    bool connected = false;
    bool holds = false;
    std::uint32_t connections = 0;
    std::uint16_t receive_maximum = 65'535;
    std::uint32_t expiry_s = 0;
    bool began_clean = true;
    std::optional<will_plan> will;   ///< of the connection
    std::uint32_t will_message = 0;  ///< its number
    std::optional<time_point> session_end;
    bool may_be_gone = false;  ///< whether the session lives on is open until CONNACK
    session state;
    std::vector<unfinished_publication> unfinished;
    connect_operation asked;
  };
  /// A will that waits for its delay.
  struct waiting_will {
    std::uint8_t client = 0;
    std::uint32_t number = 0;
    time_point due{};
    bool open = false;  ///< may have been published
  };
  /// What a topic may retain; 0: nothing.
  struct retained_topic {
    std::string topic;
    std::vector<std::uint32_t> possible;
    std::uint32_t last_write = 0;  ///< number of the last message with RETAIN 1
  };

  client_state& at(std::uint8_t client) { return clients_[client]; }
  const client_state& at(std::uint8_t client) const { return clients_[client]; }
  void end(client_state& who, bool with_will, ending how, time_point now);
  retained_topic& retained_at(const std::string& topic);
  void route(const message& what, bool certain, rule lost = rule::count_);
  void store(const message& what, bool certain);
  void publish_will(std::uint32_t number, bool certain, rule lost = rule::count_);
  void make_certain(const message& what);

  std::vector<client_state> clients_;
  std::vector<message> messages_;
  std::vector<retained_topic> retained_;
  std::vector<waiting_will> wills_;
};

/// The topic of a client's will, without the name space.
std::string will_topic(std::uint8_t client);

}  // namespace gauntlet::fuzz::model
