#pragma once

// The client's side of an MQTT session without I/O: bytes come in, events and bytes to send come
// out. It outlives connections, answers QoS 1 and 2 by itself, resends after a resumption, keeps to
// what the server announced, and notices what the server does wrong. It stores no payload, opens
// nothing, asks no clock, and is small: a hundred thousand of them fit in a process.
//
//   connect() --> [CONNECT] ... [CONNACK] --> receive() --> on_connack
//   publish() --> [PUBLISH] ... [PUBACK]  --> receive() --> on_acknowledged
//   receive() <-- [PUBLISH]: on_publish, and [PUBACK] is appended to the output
//   connection_lost(), then connect() again: with Session Present 1 what was in flight goes out
//   again (on_resend), with Session Present 0 it is given up (on_discarded)

#include <cstddef>
#include <cstdint>
#include <optional>

#include "harness/base/bytes.hpp"
#include "harness/base/event_loop.hpp"
#include "harness/base/result.hpp"
#include "harness/mqtt/codec_error.hpp"
#include "harness/mqtt/frame_reader.hpp"
#include "harness/mqtt/in_flight.hpp"
#include "harness/mqtt/packets.hpp"
#include "harness/mqtt/protocol.hpp"
#include "harness/mqtt/publish_view.hpp"
#include "harness/mqtt/receive_state.hpp"
#include "harness/mqtt/session_rules.hpp"

namespace gauntlet::mqtt {

/// Receives the events of a session, always from inside receive(), or discard(). Inside an event
/// the handler may call any sending member of the session (publish to auth) with the same output
/// buffer. It must not destroy the session, nor call receive(), connect(), connection_lost() or
/// discard(): let it take a note and do so after receive() has returned. One handler may serve many
/// sessions, one call of receive() at a time.
///
/// `tag` is the number that the caller gave to publish(), subscribe() or unsubscribe(). Views are
/// valid during the call.
class session_handler {
 public:
  virtual ~session_handler() = default;

  /// The server's answer to CONNECT. If it accepts, the session is open, and what had to be sent
  /// again (on_resend) or was given up (on_discarded) has been told before.
  virtual void on_connack(const connack&) {}

  /// A message has come; its acknowledgement follows by itself after this call. `topic_name` is
  /// filled in from the Topic Alias if the packet had the alias alone. `duplicate_exactly_once`: a
  /// QoS 2 message that is held already, sent again by the server: not a new delivery.
  virtual void on_publish(const publish_view& message, bool duplicate_exactly_once) = 0;

  /// The publication is over. QoS 1: PUBACK; QoS 2: PUBCOMP, or a PUBREC that refuses (0x80 and
  /// above). `reason_code` is that of the packet; always success in 3.1.1.
  virtual void on_acknowledged(std::uint64_t tag, mqtt::qos qos, mqtt::reason_code reason_code) = 0;
  /// PUBREC: the server has the QoS 2 message; PUBREL follows by itself, and on_acknowledged later.
  virtual void on_received(std::uint64_t, mqtt::reason_code) {}

  virtual void on_suback(std::uint64_t, const suback&) {}
  virtual void on_unsuback(std::uint64_t, const unsuback&) {}
  virtual void on_pingresp() {}
  /// The server ends the connection. 5.0 only. Nothing more may come, and nothing can be sent.
  virtual void on_disconnect(const disconnect&) {}
  /// 5.0 only; answer with auth().
  virtual void on_auth(const auth&) {}

  /// The session was resumed, and this message has to go out again: answer with the same topic,
  /// properties (without a Topic Alias) and payload. DUP, QoS and identifier of the answer are
  /// ignored. What it borrows must live until the next event. An empty Topic Name, or a message
  /// that the server no longer accepts (size, RETAIN, QoS), gives the publication up: on_discarded.
  virtual publish_view on_resend(std::uint64_t tag, std::uint16_t packet_identifier) = 0;

  /// A publication was in flight and can never be acknowledged any more: whether it was delivered
  /// is uncertain. `received`: PUBREC had come, so the server did take the message over.
  virtual void on_discarded(std::uint64_t tag, mqtt::qos qos, bool received) = 0;
};

/// What the server announced in CONNACK; the defaults are those of a server that says nothing, and
/// of 3.1.1.
struct server_limits {
  std::uint16_t receive_maximum = UINT16_MAX;
  std::uint32_t maximum_packet_size = UINT32_MAX;  ///< bytes; the default means none
  std::uint16_t topic_alias_maximum = 0;
  qos maximum_qos = qos::exactly_once;
  bool retain_available = true;
  bool wildcard_subscription_available = true;
  bool shared_subscription_available = true;
  bool subscription_identifier_available = true;
};

/// Where a session stands with its present connection.
enum class session_phase : std::uint8_t {
  closed,      ///< no connection, or CONNECT not sent yet
  connecting,  ///< CONNECT sent
  open,        ///< CONNACK has accepted
  ended,       ///< refused, DISCONNECT sent or received, or a violation: wait for connection_lost()
};

/// One client session over any number of connections. Not thread-safe; movable outside of its own
/// members. All sending members append to `out`, whole packets only, and write nothing if they
/// answer an error (session_refusal). Topics and filters must be valid (topic.hpp). At most 64
/// bytes; heap only for a packet received in part, for more than one message in flight, for
/// SUBSCRIBE and UNSUBSCRIBE in flight, and for inbound Topic Aliases.
class client_session {
 public:
  explicit client_session(protocol_version version) noexcept : version_(version) {}

  /// Begins a connection: CONNECT. Of `request` the session keeps Clean Start, Keep Alive, Receive
  /// Maximum, Maximum Packet Size, Topic Alias Maximum and Session Expiry Interval.
  result<void> connect(const mqtt::connect& request, byte_buffer& out);

  /// Sends a message. DUP and identifier of `message` are ignored. Answers the Packet Identifier
  /// chosen, 0 at QoS 0. quota_used_up is the normal answer when the window is full; try again
  /// after the next on_acknowledged.
  result<std::uint16_t> publish(const publish_view& message, std::uint64_t tag, byte_buffer& out);

  /// Asks for subscriptions; the identifier in `request` is ignored and the one chosen is answered.
  /// Not repeated after a lost connection: without on_suback ask again.
  result<std::uint16_t> subscribe(mqtt::subscribe request, std::uint64_t tag, byte_buffer& out);
  result<std::uint16_t> unsubscribe(mqtt::unsubscribe request, std::uint64_t tag, byte_buffer& out);

  result<void> ping(byte_buffer& out);

  /// Ends the connection in order; nothing can be sent or is read afterwards. Also permitted once
  /// after receive() has answered an error, to tell a 5.0 server its Reason Code. A Session Expiry
  /// Interval replaces the one of CONNECT.
  result<void> disconnect(byte_buffer& out, const mqtt::disconnect& request = {});

  /// 5.0 only, and only if CONNECT named an Authentication Method.
  result<void> auth(const mqtt::auth& request, byte_buffer& out);

  /// Takes bytes as they came, split anywhere; tells `handler` what is in them and appends the
  /// acknowledgements to `out` in the order of the packets. Stops at the first error: of the bytes,
  /// or of the order of packets (session_violation). Then, and once the phase is `ended` or
  /// `closed`, further bytes are ignored.
  boost::system::result<void, decode_error> receive(byte_view bytes, session_handler& handler,
                                                    byte_buffer& out);

  /// The connection is gone, however it ended. The session state stays for the next connect().
  void connection_lost();

  /// Gives up all that is in flight, telling on_discarded for each publication, oldest first; for
  /// the end of a run. Only while there is no connection.
  void discard(session_handler& handler);

  protocol_version version() const noexcept { return version_; }
  session_phase phase() const noexcept { return phase_; }
  /// How many QoS 1 and 2 messages may be sent now: the server's Receive Maximum less those sent
  /// and not acknowledged on this connection.
  std::uint16_t send_quota() const noexcept;
  /// Packet Identifiers in use: publications, SUBSCRIBE and UNSUBSCRIBE packets.
  std::size_t in_flight_count() const noexcept { return in_flight_.size(); }
  /// QoS 2 messages received and not yet released by the server.
  std::size_t held_count() const noexcept { return receive_.held(); }
  server_limits limits() const noexcept;

  /// The Keep Alive in force, in seconds: that of CONNECT, or the Server Keep Alive of CONNACK.
  /// 0: none.
  std::uint16_t keep_alive_s() const noexcept { return keep_alive_s_; }
  /// When PINGREQ is due if nothing else is sent after `last_sent`, the time of the last packet
  /// sent; none without keep alive. An eighth of the Keep Alive early, so that a late timer does
  /// not break [MQTT-3.1.2-20] (3.1.1: [MQTT-3.1.2-23]).
  std::optional<time_point> ping_due(time_point last_sent) const noexcept;
  /// PINGREQ packets without their PINGRESP.
  unsigned unanswered_pings() const noexcept { return unanswered_pings_; }
  /// Whether a PINGRESP is overdue `patience` after the PINGREQ of `ping_sent`. The standard names
  /// no limit (MQTT 5.0 §3.1.2.10 asks for "a reasonable amount of time").
  bool pingresp_overdue(time_point ping_sent, time_point now, duration patience) const noexcept {
    return unanswered_pings_ > 0 && now - ping_sent >= patience;
  }

 private:
  struct receiving;  // what one call of receive() carries along

  using step = boost::system::result<void, decode_error>;

  step take_early_frame(byte_view frame, receiving& call);
  step take_frame(byte_view frame, receiving& call);
  step take_connack(const connack& answer, receiving& call);
  step take_publish(byte_view frame, receiving& call);
  step take_topic_alias(publish_view& message);
  step take_acknowledgement_frame(byte_view frame, receiving& call);
  step take_acknowledgement(packet_type type, std::uint16_t identifier, mqtt::reason_code code,
                            receiving& call);
  step take_pubrel(std::uint16_t identifier, receiving& call);
  step take_auth(const mqtt::auth& exchange, receiving& call);
  step take_other(byte_view frame, receiving& call);
  step acknowledged(packet_type type, std::uint16_t identifier, mqtt::reason_code code,
                    receiving& call);
  template <class Packet>
  boost::system::result<std::uint64_t, decode_error> finish_subscription(in_flight_stage stage,
                                                                         const Packet& answer);
  step check_problem_information(const property_list& properties) const;
  void set_limits(const server_limits& limits) noexcept;
  void resend_all(receiving& call);
  void resend_waiting(receiving& call);
  void resend(std::uint16_t identifier, receiving& call);
  void discard_all(session_handler& handler);
  decode_error violated(session_violation violation, std::size_t offset = 0) const {
    return to_error(violation, version_, offset);
  }
  std::error_code refuse_publish(const publish_view& message) const;
  template <class Packet>
  result<std::uint16_t> send_with_identifier(Packet& request, in_flight_stage stage,
                                             std::size_t filters, std::uint64_t tag,
                                             byte_buffer& out);
  template <class Packet>
  std::error_code write(const Packet& request, byte_buffer& out) const;

  in_flight in_flight_;
  receive_state receive_;
  frame_reader reader_;
  std::uint32_t maximum_packet_size_ = UINT32_MAX;  ///< of the server
  std::uint16_t receive_maximum_ = UINT16_MAX;      ///< of the server
  std::uint16_t topic_alias_maximum_ = 0;           ///< of the server
  std::uint16_t outstanding_ = 0;  ///< publications sent and not finished on this connection
  std::uint16_t keep_alive_s_ = 0;
  std::uint8_t unanswered_pings_ = 0;
  protocol_version version_ : 3;
  session_phase phase_ : 2 = session_phase::closed;
  // Of this connection.
  std::uint8_t maximum_qos_ : 2 = 2;
  bool retain_available_ : 1 = true;
  bool wildcard_available_ : 1 = true;
  bool shared_available_ : 1 = true;
  bool identifiers_available_ : 1 = true;
  bool asked_clean_start_ : 1 = false;
  bool authenticates_ : 1 = false;
  bool wants_problem_information_ : 1 = true;
  bool accepted_ : 1 = false;
  bool refused_ : 1 = false;
  bool disconnected_by_server_ : 1 = false;
  bool violated_ : 1 = false;
  // Of the session.
  bool ends_with_connection_ : 1 = true;  ///< Clean Session of 3.1.1, or no Session Expiry Interval
  bool has_ended_ : 1 = false;            ///< it did end so: the server may not resume it
};

static_assert(sizeof(client_session) <= 64);

}  // namespace gauntlet::mqtt
