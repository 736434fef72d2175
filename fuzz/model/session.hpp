#pragma once

// One client's session in the model: its subscriptions, what it is to get, what it got.

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "fuzz/model/delivery.hpp"
#include "fuzz/model/message.hpp"
#include "fuzz/model/operation.hpp"
#include "fuzz/model/rule.hpp"
#include "harness/mqtt/packets.hpp"

namespace gauntlet::fuzz::model {

/// A subscription as it was granted.
struct model_subscription {
  std::uint8_t filter = 0;
  mqtt::subscription_options options;
  std::uint32_t identifier = 0;
};

/// What a receipt is judged against besides the session.
struct receipt_context {
  std::uint8_t client = 0;
  mqtt::protocol_version version = mqtt::protocol_version::v5;
  std::uint32_t connection = 0;  ///< number of the client's connection, from 1
  std::uint16_t receive_maximum = 65'535;
  bool holds = false;  ///< the client acknowledges nothing
  time_point now{};
  /// Whether the message is what its topic retains now.
  bool is_retained_now = false;
};

/// The state is that of the broker's side: it ends when the broker has to forget it.
class session {
 public:
  bool exists = false;

  /// Begins anew: what was due is forbidden from now on.
  void discard();
  /// The connection is gone; the session stays.
  void lose_connection();
  /// The session goes on over a new connection.
  void resume();

  const model_subscription* find(std::uint8_t filter) const;
  /// Of messages that wait to be sent, the standard does not say whether the old or the new options
  /// count. `client`: whose session this is, for No Local.
  void put(const model_subscription& subscription, std::uint8_t client);
  void remove(std::uint8_t filter);
  void grant(std::uint8_t filter, mqtt::qos granted);

  /// Adds what is due to this session because of a message that is published now. `connection`: the
  /// client's, 0 while it is away. `certain`: whether the broker must have acted by now. `lost`:
  /// the rule that is broken if it never comes, where that is no question of the session.
  void route(const message& what, std::uint8_t client, std::uint32_t connection, bool certain,
             rule lost = rule::count_);
  /// PUBREL is about to be sent for a message that was routed when it was published: from now on
  /// the subscriptions of then may count, or those of now, and the broker must act.
  void route_at_release(const message& what, std::uint8_t client, std::uint32_t connection);
  /// The broker may look only now who is subscribed to a message that was routed before.
  void route_late(const message& what, std::uint8_t client, std::uint32_t connection);
  /// The same as route() for a message that is sent because of SUBSCRIBE.
  void route_retained(const message& what, const model_subscription& because, duty owed,
                      std::uint32_t connection);
  /// The broker must have acted.
  void make_certain(const message& what);
  void expire(const message& what);
  /// Whether the message still comes is open from now on.
  void leave_open(std::uint32_t number);

  /// Judges a PUBLISH and remembers it.
  std::optional<violation> take(const mqtt::publish& packet, const message& what,
                                const receipt_context& context);
  /// The answer to what was taken last, unless the client holds it.
  std::vector<mqtt::packet> release(std::uint32_t connection);
  std::optional<mqtt::packet> answer(std::uint16_t packet_identifier);
  /// PUBREL has come: PUBCOMP.
  mqtt::packet complete(std::uint16_t packet_identifier, mqtt::protocol_version version);

  /// What is still owed to a client that is connected and holds nothing.
  std::optional<violation> owed(const std::vector<message>& messages, std::uint8_t client,
                                mqtt::protocol_version version) const;
  /// What owed() complains of is owed no longer.
  void forgive(mqtt::protocol_version version);

  /// The message without payload that this packet brings most likely: those of one topic cannot be
  /// told apart.
  std::optional<std::uint32_t> find_empty(const std::vector<message>& messages,
                                          const mqtt::publish& packet) const;

 private:
  /// The delivery that such a packet answers best; null: none.
  expected_delivery* find_fitting(std::uint32_t number, const received_copy& arriving);
  /// A message that is due live and as retained: a copy does not always tell for which it came.
  bool may_have_come_as_another(const expected_delivery& which) const;
  /// Which rule is broken as long as nothing more comes, and how.
  std::optional<std::pair<rule, std::string>> missing(const expected_delivery& each,
                                                      mqtt::protocol_version version) const;
  subscription_set matching(const message& what) const;
  /// What is due of a message that is published now; empty: nothing, and nothing is forbidden.
  std::optional<expected_delivery> due_for(const message& what, std::uint8_t client,
                                           std::uint32_t connection) const;
  std::optional<violation> take_again(const mqtt::publish& packet, const message& what,
                                      const receipt_context& context, bool& handled);
  std::optional<violation> explain(const mqtt::publish& packet, const message& what,
                                   const receipt_context& context) const;
  /// Whether this one comes, or comes again, after what it has to come before.
  std::optional<violation> check_order(const expected_delivery& now, const message& what,
                                       const receipt_context& context, bool again) const;

  std::vector<model_subscription> subscriptions_;
  std::vector<expected_delivery> deliveries_;
  std::vector<message> known_;  ///< of deliveries_, for order
  std::set<std::uint32_t> discarded_;
  std::set<std::uint8_t> unsubscribed_;
};

/// "m5 (QoS 1, a/b, published by client 0)".
std::string describe(const message& what);

}  // namespace gauntlet::fuzz::model
