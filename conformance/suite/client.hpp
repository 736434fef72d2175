#pragma once

// A client of a test: a scripted peer that knows what to expect. Three kinds of steps:
//   exchanges (connect, subscribe, publish, ping, ...) get the broker where the test begins; if it
//     does otherwise the test is blocked, since the statement under test was not reached;
//   sends (send, send_bytes) only send;
//   expectations (expect...) are the test; if the broker does otherwise, the test fails.

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/mqtt/packets.hpp"
#include "harness/mqtt/raw_packet.hpp"
#include "harness/script/peer.hpp"

namespace gauntlet::conformance {

class context;

/// How a refusal ought to look in 5.0: one of these codes in CONNACK or DISCONNECT before the
/// close. The close is the verdict, the code a finding of manner.
struct refusal {
  std::vector<mqtt::reason_code> codes;
};

/// A connection with a name. References stay valid for the whole test.
class client {
 public:
  /// Tries to open the connection; see stands().
  client(context& test, std::string name, mqtt::protocol_version version,
         const net::endpoint& where);

  const std::string& name() const { return name_; }
  mqtt::protocol_version version() const { return version_; }
  bool is_v5() const { return version_ == mqtt::protocol_version::v5; }

  /// The packet with this client's version and the user name and password for this broker.
  mqtt::connect prepared(mqtt::connect packet) const;

  // Exchanges.
  mqtt::connack connect(mqtt::connect packet);
  /// Takes the CONNACK with success that answers a CONNECT sent before.
  mqtt::connack take_connack();
  void subscribe(std::string filter, mqtt::qos maximum_qos,
                 mqtt::subscription_options options = {});
  /// Without a Packet Identifier it gets one; all its filters have to be granted.
  void subscribe(mqtt::subscribe packet);
  void unsubscribe(std::string filter);
  /// With all its acknowledgements.
  void publish(std::string topic, std::string_view payload,
               mqtt::qos qos = mqtt::qos::at_least_once, bool retain = false);
  void publish(mqtt::publish packet);
  void ping();
  /// Sends a QoS 2 message and awaits PUBREC without an error; PUBREL is left to the test.
  void publish_unreleased(const mqtt::publish& packet);
  /// Takes a message and acknowledges it as its QoS demands.
  mqtt::publish receive(std::string_view payload);
  /// Takes a message and leaves it unacknowledged.
  mqtt::publish take(std::string_view payload);
  /// Takes a QoS 2 message, answers PUBREC and awaits PUBREL; PUBCOMP is left to the test.
  mqtt::publish take_up_to_pubrel(std::string_view payload);
  /// DISCONNECT and the close. `packet` is for 5.0.
  void disconnect(const mqtt::disconnect& packet = {});
  /// The network connection ends without DISCONNECT.
  void drop();
  /// The same by a reset, as of a device that loses its power.
  void drop_with_reset();

  // Sends.
  /// The packet as prepared(); what it makes the broker keep is cleared after the test.
  void send_connect(mqtt::connect packet);
  void send(const mqtt::packet& packet);
  void send_bytes(byte_view bytes);
  std::uint16_t next_packet_identifier();

  // Expectations. Packets that are not the one meant stay for later ones. No broker has to send a
  // message before earlier ones are acknowledged: where one is awaited and stays away, those that
  // no step has acknowledged yet are, in order.
  /// The next packet of type T that is_meant, of which `holds` has to be true. `expected` is for
  /// people, such as "PUBACK for packet 1".
  template <class T>
  T expect(std::string_view expected, const std::function<bool(const T&)>& is_meant = {},
           const std::function<bool(const T&)>& holds = {});
  mqtt::connack expect_connack(mqtt::reason_code code = mqtt::reason_code::success);
  /// CONNACK with success and this Session Present.
  mqtt::connack expect_session_present(bool wanted);
  /// A PUBLISH with this payload; not acknowledged.
  mqtt::publish expect_publish(std::string_view payload,
                               const std::function<bool(const mqtt::publish&)>& holds = {},
                               std::string_view what_holds = {});
  void acknowledge(const mqtt::publish& received);
  /// No PUBLISH waits or comes before the answer to a PINGREQ. What another connection causes may
  /// still be under way: see expect_quiet().
  void expect_no_publish();
  /// No packet comes for the context's quiet time, and then PINGREQ is answered.
  void expect_quiet();
  /// The broker ends the connection, because of what was sent on it or elsewhere. If it has not
  /// after a short while it is asked with PINGREQ: an answer to that shows that it did not.
  void expect_close(const refusal& manner = {});
  /// The broker ends the connection by itself within that time; nothing is sent meanwhile.
  void expect_close_within(duration limit, const refusal& manner = {});
  /// The broker ends the connection and sends nothing before.
  void expect_bare_close();

  // What the verbs above are made of; for tests with more than one right answer.
  /// The next arrival, those set aside first.
  script::arrival next(duration within);
  /// Whether something has arrived that no step has taken; the end of the connection counts.
  bool has_arrivals() const { return !inbox_.empty() || (peer_ && peer_->waiting() != 0); }
  void set_aside(script::arrival what) { inbox_.push_back(std::move(what)); }
  script::peer& wire() { return *peer_; }
  bool stands() const { return peer_ != nullptr && peer_->stands(); }

 private:
  friend class context;
  /// What a divergence means for the test.
  enum class stake : std::uint8_t { setup, test };
  using packet_check = std::function<bool(const mqtt::packet&)>;

  /// The packet awaited, or nothing once the test is over.
  std::optional<mqtt::packet> await(stake at, mqtt::packet_type type, std::string_view expected,
                                    const packet_check& is_meant, const packet_check& holds);
  template <class T>
  T await_as(stake at, std::string_view expected, const std::function<bool(const T&)>& is_meant,
             const std::function<bool(const T&)>& holds = {});
  void complete_delivery(stake at, const mqtt::publish& received);
  void diverge(stake at, std::string_view expected, const script::arrival& observed);
  void note_owed(const script::arrival& came);
  void note_acknowledged(std::uint16_t packet_identifier);
  /// Acknowledges the oldest message that no step has.
  void acknowledge_oldest();
  void ping_within(stake at, std::string_view expected);
  void await_close(duration limit, bool may_ask, const refusal& manner);
  void judge_manner(const refusal& manner, std::optional<mqtt::reason_code> told);

  context& test_;
  const std::string name_;
  const mqtt::protocol_version version_;
  std::unique_ptr<script::peer> peer_;
  std::deque<script::arrival> inbox_;  ///< arrived before their turn
  std::deque<mqtt::publish> owed_;     ///< awaited or set aside, and acknowledged by no step
  std::set<std::uint16_t> settled_;    ///< acknowledged before a step did; then it need not
};

template <class T>
T client::await_as(stake at, std::string_view expected,
                   const std::function<bool(const T&)>& is_meant,
                   const std::function<bool(const T&)>& holds) {
  const auto on_packet = [](const std::function<bool(const T&)>& check) -> packet_check {
    if (!check) return {};
    return [&check](const mqtt::packet& any) { return check(std::get<T>(any)); };
  };
  const auto came =
      await(at, mqtt::type_of(mqtt::packet(T{})), expected, on_packet(is_meant), on_packet(holds));
  return came ? std::get<T>(*came) : T{};
}

template <class T>
T client::expect(std::string_view expected, const std::function<bool(const T&)>& is_meant,
                 const std::function<bool(const T&)>& holds) {
  return await_as<T>(stake::test, expected, is_meant, holds);
}

}  // namespace gauntlet::conformance
