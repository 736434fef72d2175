// What the client receives: every packet against the state of the session, and the answers.

#include <array>
#include <utility>
#include <variant>

#include "harness/mqtt/client_session.hpp"
#include "harness/mqtt/codec.hpp"

namespace gauntlet::mqtt {
namespace {

/// The first byte of each packet that is an identifier and nothing else.
constexpr std::uint8_t puback_byte = 0x40;
constexpr std::uint8_t pubrec_byte = 0x50;
constexpr std::uint8_t pubrel_byte = 0x62;
constexpr std::uint8_t pubcomp_byte = 0x70;

/// Appends PUBACK, PUBREC, PUBREL or PUBCOMP with success, which both versions write as four bytes.
void append_short(std::uint8_t first_byte, std::uint16_t identifier, byte_buffer& out) {
  const std::array<std::uint8_t, 4> bytes{first_byte, 2, static_cast<std::uint8_t>(identifier >> 8),
                                          static_cast<std::uint8_t>(identifier)};
  out.insert(out.end(), bytes.begin(), bytes.end());
}

/// What PUBACK, PUBREC, PUBREL and PUBCOMP have in common.
struct acknowledgement {
  std::uint16_t identifier = 0;
  mqtt::reason_code reason_code = mqtt::reason_code::success;
  property_list properties = {};
};

template <class Packet>
acknowledgement parts_of(packet& any) {
  auto& one = std::get<Packet>(any);
  return {one.packet_identifier, one.reason_code, std::move(one.properties)};
}

/// Decodes an acknowledgement of any length.
boost::system::result<acknowledgement, decode_error> decode_acknowledgement(
    byte_view frame, protocol_version version) {
  auto decoded = decode(frame, version, sender::server);
  if (!decoded) return decoded.error();
  switch (type_of(*decoded)) {
    case packet_type::puback:
      return parts_of<puback>(*decoded);
    case packet_type::pubrec:
      return parts_of<pubrec>(*decoded);
    case packet_type::pubrel:
      return parts_of<pubrel>(*decoded);
    default:
      return parts_of<pubcomp>(*decoded);
  }
}

}  // namespace

/// One call of receive().
struct client_session::receiving {
  session_handler& handler;
  byte_buffer& out;
  /// Messages whose last acknowledgement is among the bytes that this call has appended: the server
  /// sent all that this call reads without having seen it, so they still count as outstanding.
  unsigned acknowledged = 0;
};

client_session::step client_session::receive(byte_view bytes, session_handler& handler,
                                             byte_buffer& out) {
  receiving call{handler, out};
  const auto fail = [this](const decode_error& error) {
    violated_ = phase_ != session_phase::ended;
    phase_ = session_phase::ended;
    refused_ = disconnected_by_server_ = false;
    return error;
  };
  // After a refusal or the server's DISCONNECT reading goes on, since nothing more may come.
  while (phase_ == session_phase::connecting || phase_ == session_phase::open || refused_ ||
         disconnected_by_server_) {
    const auto frame = reader_.next(bytes);
    if (!frame) return fail(frame.error());
    if (frame->empty()) break;
    const step taken =
        phase_ == session_phase::open ? take_frame(*frame, call) : take_early_frame(*frame, call);
    if (!taken) return fail(taken.error());
  }
  in_flight_.release_memory();
  receive_.release_memory();
  return {};
}

client_session::step client_session::take_early_frame(byte_view frame, receiving& call) {
  const auto decoded = decode(frame, version_, sender::server);
  if (!decoded) return decoded.error();
  if (refused_) return violated(session_violation::packet_after_refusal);
  if (disconnected_by_server_) return violated(session_violation::packet_after_disconnect);
  if (const auto* answer = std::get_if<connack>(&*decoded)) return take_connack(*answer, call);
  if (const auto* exchange = std::get_if<mqtt::auth>(&*decoded)) return take_auth(*exchange, call);
  return violated(session_violation::packet_before_connack);
}

client_session::step client_session::take_frame(byte_view frame, receiving& call) {
  switch (packet_type_of(frame[0])) {
    case packet_type::publish:
      return take_publish(frame, call);
    case packet_type::puback:
    case packet_type::pubrec:
    case packet_type::pubrel:
    case packet_type::pubcomp:
      return take_acknowledgement_frame(frame, call);
    default:
      return take_other(frame, call);
  }
}

client_session::step client_session::take_connack(const connack& answer, receiving& call) {
  if (is_error(answer.reason_code)) {
    phase_ = session_phase::ended;
    refused_ = true;
    call.handler.on_connack(answer);
    return {};
  }
  constexpr std::size_t flags_at = 2;
  if (answer.session_present && asked_clean_start_) {
    return violated(session_violation::session_present_unasked, flags_at);
  }
  if (answer.session_present && has_ended_) {
    return violated(session_violation::session_present_after_end, flags_at);
  }
  const property_list& says = answer.properties;
  const auto yes = [](std::optional<std::uint8_t> available) { return available.value_or(1) != 0; };
  set_limits(
      {.receive_maximum = says.find<property_id::receive_maximum>().value_or(UINT16_MAX),
       .maximum_packet_size = says.find<property_id::maximum_packet_size>().value_or(UINT32_MAX),
       .topic_alias_maximum = says.find<property_id::topic_alias_maximum>().value_or(0),
       .maximum_qos = static_cast<qos>(says.find<property_id::maximum_qos>().value_or(2)),
       .retain_available = yes(says.find<property_id::retain_available>()),
       .wildcard_subscription_available =
           yes(says.find<property_id::wildcard_subscription_available>()),
       .shared_subscription_available =
           yes(says.find<property_id::shared_subscription_available>()),
       .subscription_identifier_available =
           yes(says.find<property_id::subscription_identifier_available>())});
  keep_alive_s_ = says.find<property_id::server_keep_alive>().value_or(keep_alive_s_);
  if (const auto expiry = says.find<property_id::session_expiry_interval>()) {
    ends_with_connection_ = *expiry == 0;
  }
  phase_ = session_phase::open;
  accepted_ = true;
  has_ended_ = false;
  if (answer.session_present) {
    resend_all(call);
  } else {
    discard_all(call.handler);
  }
  call.handler.on_connack(answer);
  return {};
}

void client_session::resend_all(receiving& call) {
  std::vector<std::uint16_t> publications;
  for (const std::uint16_t identifier : in_flight_.in_order()) {
    if (in_flight_.find(identifier)->stage == in_flight_stage::pubcomp) {
      // PUBREL needs no quota, but its message keeps a place of the server's until PUBCOMP.
      append_short(pubrel_byte, identifier, call.out);
      ++outstanding_;
    } else {
      publications.push_back(identifier);
    }
  }
  in_flight_.set_waiting(std::move(publications));
  resend_waiting(call);
}

void client_session::resend_waiting(receiving& call) {
  while (phase_ == session_phase::open && outstanding_ < receive_maximum_) {
    const std::uint16_t identifier = in_flight_.take_waiting();
    if (identifier == 0) return;
    resend(identifier, call);
  }
}

void client_session::resend(std::uint16_t identifier, receiving& call) {
  const auto item = in_flight_.find(identifier);
  if (!item) return;
  const bool once = item->stage == in_flight_stage::pubrec;
  if (!once && item->stage != in_flight_stage::puback) return;
  publish_view message = call.handler.on_resend(item->tag, identifier);
  if (phase_ != session_phase::open) return;  // the handler has sent DISCONNECT
  message.dup = true;
  message.qos = once ? qos::exactly_once : qos::at_least_once;
  message.packet_identifier = identifier;
  if (message.topic_name.empty() || refuse_publish(message) ||
      !encode_publish(message, version_, call.out)) {
    in_flight_.remove(identifier);
    call.handler.on_discarded(item->tag, message.qos, false);
    return;
  }
  ++outstanding_;
}

client_session::step client_session::take_publish(byte_view frame, receiving& call) {
  auto message = decode_publish(frame, version_, sender::server);
  if (!message) return message.error();
  if (!message->properties.empty()) {
    if (const step taken = take_topic_alias(*message); !taken) return taken;
  }
  const std::uint16_t identifier = message->packet_identifier;
  if (message->qos == qos::at_most_once) {
    call.handler.on_publish(*message, false);
    return {};
  }
  const bool held = receive_.holds(identifier);
  const bool once = message->qos == qos::exactly_once;
  if (held && !once) return violated(session_violation::identifier_in_use);
  if (!held && once) receive_.hold(identifier);
  if (!once) ++call.acknowledged;
  if (receive_.outstanding() + call.acknowledged > receive_.receive_maximum()) {
    return violated(session_violation::receive_maximum_exceeded);
  }
  call.handler.on_publish(*message, held);
  if (phase_ == session_phase::open) {
    append_short(once ? pubrec_byte : puback_byte, identifier, call.out);
  }
  return {};
}

client_session::step client_session::take_topic_alias(publish_view& message) {
  const auto alias = find_property<property_id::topic_alias>(message.properties);
  if (!alias) return {};
  if (*alias == 0 || *alias > receive_.topic_alias_maximum()) {
    return violated(session_violation::topic_alias_too_large);
  }
  if (!message.topic_name.empty()) {
    receive_.set_topic(*alias, message.topic_name);
    return {};
  }
  message.topic_name = receive_.topic_of(*alias);
  if (message.topic_name.empty()) return violated(session_violation::topic_alias_unknown);
  return {};
}

client_session::step client_session::take_acknowledgement_frame(byte_view frame, receiving& call) {
  const packet_type type = packet_type_of(frame[0]);
  const std::uint8_t flags = type == packet_type::pubrel ? 2 : 0;
  if (frame.size() == 4 && frame[1] == 2 && (frame[0] & 0x0f) == flags) {
    const auto identifier = static_cast<std::uint16_t>(frame[2] << 8 | frame[3]);
    if (identifier != 0) {
      return take_acknowledgement(type, identifier, reason_code::success, call);
    }
  }
  const auto decoded = decode_acknowledgement(frame, version_);
  if (!decoded) return decoded.error();
  if (const step allowed = check_problem_information(decoded->properties); !allowed) return allowed;
  return take_acknowledgement(type, decoded->identifier, decoded->reason_code, call);
}

client_session::step client_session::take_acknowledgement(packet_type type,
                                                          std::uint16_t identifier,
                                                          mqtt::reason_code code, receiving& call) {
  if (type == packet_type::pubrel) return take_pubrel(identifier, call);
  return acknowledged(type, identifier, code, call);
}

client_session::step client_session::take_pubrel(std::uint16_t identifier, receiving& call) {
  const std::uint16_t outstanding = receive_.outstanding();
  if (receive_.release(identifier)) {
    // An exchange of an earlier connection uses nothing of this one's Receive Maximum.
    if (receive_.outstanding() < outstanding) ++call.acknowledged;
  } else if (version_ == protocol_version::v5) {
    // Normal after a resumption if the PUBCOMP was lost. MQTT 5.0 §3.6.2.1
    const std::array<std::uint8_t, 5> bytes{
        pubcomp_byte, 3, static_cast<std::uint8_t>(identifier >> 8),
        static_cast<std::uint8_t>(identifier),
        static_cast<std::uint8_t>(reason_code::packet_identifier_not_found)};
    call.out.insert(call.out.end(), bytes.begin(), bytes.end());
    return {};
  }
  append_short(pubcomp_byte, identifier, call.out);
  return {};
}

client_session::step client_session::acknowledged(packet_type type, std::uint16_t identifier,
                                                  mqtt::reason_code code, receiving& call) {
  constexpr std::size_t identifier_at = 2;
  const auto item = in_flight_.find(identifier);
  if (!item) return violated(session_violation::acknowledgement_unknown, identifier_at);
  const bool once = item->stage != in_flight_stage::puback;
  switch (item->stage) {
    case in_flight_stage::puback:
      if (type != packet_type::puback) return violated(session_violation::acknowledgement_mismatch);
      break;
    case in_flight_stage::pubrec:
      if (type == packet_type::pubcomp) return violated(session_violation::pubcomp_too_early);
      if (type != packet_type::pubrec) return violated(session_violation::acknowledgement_mismatch);
      if (is_error(code)) break;
      in_flight_.released(identifier);
      append_short(pubrel_byte, identifier, call.out);
      call.handler.on_received(item->tag, code);
      return {};
    case in_flight_stage::pubcomp:
      if (type == packet_type::pubrec) {
        // Said twice: PUBREL is the answer to each PUBREC. MQTT 5.0 §4.3.3, [MQTT-4.3.3-4]
        append_short(pubrel_byte, identifier, call.out);
        return {};
      }
      if (type != packet_type::pubcomp) {
        return violated(session_violation::acknowledgement_mismatch);
      }
      break;
    default:
      return violated(session_violation::acknowledgement_mismatch);
  }
  in_flight_.remove(identifier);
  if (outstanding_ > 0) --outstanding_;
  if (in_flight_.has_waiting()) resend_waiting(call);
  call.handler.on_acknowledged(item->tag, once ? qos::exactly_once : qos::at_least_once, code);
  return {};
}

client_session::step client_session::take_other(byte_view frame, receiving& call) {
  const auto decoded = decode(frame, version_, sender::server);
  if (!decoded) return decoded.error();
  if (const auto* answer = std::get_if<suback>(&*decoded)) {
    const auto tag = finish_subscription(in_flight_stage::suback, *answer);
    if (!tag) return tag.error();
    call.handler.on_suback(*tag, *answer);
  } else if (const auto* farewell = std::get_if<unsuback>(&*decoded)) {
    const auto tag = finish_subscription(in_flight_stage::unsuback, *farewell);
    if (!tag) return tag.error();
    call.handler.on_unsuback(*tag, *farewell);
  } else if (std::holds_alternative<pingresp>(*decoded)) {
    if (unanswered_pings_ == 0) return violated(session_violation::pingresp_unasked);
    --unanswered_pings_;
    call.handler.on_pingresp();
  } else if (const auto* end = std::get_if<mqtt::disconnect>(&*decoded)) {
    phase_ = session_phase::ended;
    disconnected_by_server_ = true;
    call.handler.on_disconnect(*end);
  } else if (const auto* exchange = std::get_if<mqtt::auth>(&*decoded)) {
    return take_auth(*exchange, call);
  } else {
    // Decoding lets nothing else through: the rest comes from clients only.
    return violated(session_violation::second_connack);
  }
  return {};
}

client_session::step client_session::take_auth(const mqtt::auth& exchange, receiving& call) {
  if (!authenticates_) return violated(session_violation::authentication_unasked);
  if (const step allowed = check_problem_information(exchange.properties); !allowed) {
    return allowed;
  }
  call.handler.on_auth(exchange);
  return {};
}

template <class Packet>
boost::system::result<std::uint64_t, decode_error> client_session::finish_subscription(
    in_flight_stage stage, const Packet& answer) {
  constexpr std::size_t identifier_at = 2;
  const bool subscribing = stage == in_flight_stage::suback;
  const auto item = in_flight_.find(answer.packet_identifier);
  if (!item) {
    return violated(
        subscribing ? session_violation::suback_unknown : session_violation::unsuback_unknown,
        identifier_at);
  }
  if (item->stage != stage) return violated(session_violation::acknowledgement_mismatch);
  // UNSUBACK of 3.1.1 holds no codes.
  const bool has_codes = subscribing || version() == protocol_version::v5;
  if (has_codes && answer.reason_codes.size() != item->filters) {
    return violated(subscribing ? session_violation::suback_count
                                : session_violation::unsuback_count);
  }
  if (const step allowed = check_problem_information(answer.properties); !allowed) {
    return allowed.error();
  }
  in_flight_.remove(answer.packet_identifier);
  return item->tag;
}

client_session::step client_session::check_problem_information(
    const property_list& properties) const {
  if (wants_problem_information_ || properties.empty()) return {};
  if (properties.contains(property_id::reason_string) ||
      properties.contains(property_id::user_property)) {
    return violated(session_violation::problem_information);
  }
  return {};
}

}  // namespace gauntlet::mqtt
