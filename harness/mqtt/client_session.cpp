// What the client sends, and the state of its session. The receiving half is in
// client_session_receive.cpp.

#include "harness/mqtt/client_session.hpp"

#include <algorithm>
#include <utility>

#include "harness/base/assert.hpp"
#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/topic.hpp"

namespace gauntlet::mqtt {

result<void> client_session::connect(const mqtt::connect& request, byte_buffer& out) {
  if (phase_ != session_phase::closed) return session_refusal::already_connecting;
  if (request.protocol_version != version_) return session_refusal::wrong_version;
  if (!encode(request, version_, out)) return session_refusal::not_encodable;

  const property_list& asked = request.properties;
  phase_ = session_phase::connecting;
  asked_clean_start_ = request.clean_start;
  keep_alive_s_ = request.keep_alive_s;
  authenticates_ = asked.contains(property_id::authentication_method);
  wants_problem_information_ =
      asked.find<property_id::request_problem_information>().value_or(1) != 0;
  ends_with_connection_ = version_ == protocol_version::v5
                              ? asked.find<property_id::session_expiry_interval>().value_or(0) == 0
                              : request.clean_start;
  receive_.begin_connection(
      std::max<std::uint16_t>(asked.find<property_id::receive_maximum>().value_or(UINT16_MAX), 1),
      asked.find<property_id::topic_alias_maximum>().value_or(0));
  reader_ = frame_reader(
      asked.find<property_id::maximum_packet_size>().value_or(std::uint32_t{packet_size_limit}));
  reader_.set_version(version_);
  set_limits({});
  return {};
}

result<std::uint16_t> client_session::publish(const publish_view& message, std::uint64_t tag,
                                              byte_buffer& out) {
  if (phase_ != session_phase::open) return session_refusal::not_connected;
  if (const std::error_code refused = refuse_publish(message)) return refused;
  publish_view sent = message;
  sent.dup = false;
  if (message.qos == qos::at_most_once) {
    if (!encode_publish(sent, version_, out)) return session_refusal::not_encodable;
    return std::uint16_t{0};
  }
  if (send_quota() == 0) return session_refusal::quota_used_up;
  const bool once = message.qos == qos::exactly_once;
  sent.packet_identifier =
      in_flight_.add(once ? in_flight_stage::pubrec : in_flight_stage::puback, tag);
  if (sent.packet_identifier == 0) return session_refusal::no_identifier_free;
  if (!encode_publish(sent, version_, out)) {
    in_flight_.remove(sent.packet_identifier);
    return session_refusal::not_encodable;
  }
  ++outstanding_;
  return sent.packet_identifier;
}

std::error_code client_session::refuse_publish(const publish_view& message) const {
  if (static_cast<unsigned>(message.qos) > maximum_qos_) return session_refusal::qos_not_supported;
  if (message.retain && !retain_available_) return session_refusal::retain_not_supported;
  if (!message.properties.empty()) {
    const auto alias = find_property<property_id::topic_alias>(message.properties);
    if (alias && (*alias == 0 || *alias > topic_alias_maximum_)) {
      return session_refusal::topic_alias_invalid;
    }
  }
  if (maximum_packet_size_ != UINT32_MAX &&
      encoded_size(message, version_) > maximum_packet_size_) {
    return session_refusal::packet_too_large;
  }
  return {};
}

result<std::uint16_t> client_session::subscribe(mqtt::subscribe request, std::uint64_t tag,
                                                byte_buffer& out) {
  for (const subscription& wanted : request.subscriptions) {
    if (!wildcard_available_ && has_wildcard(wanted.topic_filter)) {
      return session_refusal::wildcard_not_supported;
    }
    if (!shared_available_ && is_shared_subscription(wanted.topic_filter)) {
      return session_refusal::shared_not_supported;
    }
  }
  if (!identifiers_available_ &&
      request.properties.contains(property_id::subscription_identifier)) {
    return session_refusal::identifiers_not_supported;
  }
  return send_with_identifier(request, in_flight_stage::suback, request.subscriptions.size(), tag,
                              out);
}

result<std::uint16_t> client_session::unsubscribe(mqtt::unsubscribe request, std::uint64_t tag,
                                                  byte_buffer& out) {
  return send_with_identifier(request, in_flight_stage::unsuback, request.topic_filters.size(), tag,
                              out);
}

template <class Packet>
result<std::uint16_t> client_session::send_with_identifier(Packet& request, in_flight_stage stage,
                                                           std::size_t filters, std::uint64_t tag,
                                                           byte_buffer& out) {
  // Not phase_ itself: in a template g++ 12 forgets that a bit-field is of an enum type.
  if (phase() != session_phase::open) return session_refusal::not_connected;
  if (filters > UINT16_MAX) return session_refusal::not_encodable;
  const std::uint16_t identifier = in_flight_.add(stage, tag, static_cast<std::uint16_t>(filters));
  if (identifier == 0) return session_refusal::no_identifier_free;
  request.packet_identifier = identifier;
  if (const std::error_code refused = write(request, out)) {
    in_flight_.remove(identifier);
    return refused;
  }
  return identifier;
}

result<void> client_session::ping(byte_buffer& out) {
  if (phase_ != session_phase::open) return session_refusal::not_connected;
  if (const std::error_code refused = write(pingreq{}, out)) return refused;
  if (unanswered_pings_ < UINT8_MAX) ++unanswered_pings_;
  return {};
}

result<void> client_session::disconnect(byte_buffer& out, const mqtt::disconnect& request) {
  const bool connected = phase_ == session_phase::connecting || phase_ == session_phase::open;
  if (!connected && !violated_) return session_refusal::not_connected;
  if (version_ == protocol_version::v3_1_1 && request != mqtt::disconnect{}) {
    return session_refusal::wrong_version;
  }
  if (const std::error_code refused = write(request, out)) return refused;
  if (const auto expiry = request.properties.find<property_id::session_expiry_interval>()) {
    ends_with_connection_ = *expiry == 0;
  }
  phase_ = session_phase::ended;
  violated_ = false;
  return {};
}

result<void> client_session::auth(const mqtt::auth& request, byte_buffer& out) {
  if (version_ == protocol_version::v3_1_1) return session_refusal::wrong_version;
  if (phase_ != session_phase::connecting && phase_ != session_phase::open) {
    return session_refusal::not_connected;
  }
  if (!authenticates_) return session_refusal::no_authentication;
  if (const std::error_code refused = write(request, out)) return refused;
  return {};
}

template <class Packet>
std::error_code client_session::write(const Packet& request, byte_buffer& out) const {
  const std::size_t before = out.size();
  if (!encode(request, version_, out)) return session_refusal::not_encodable;
  if (out.size() - before > maximum_packet_size_) {
    out.resize(before);
    return session_refusal::packet_too_large;
  }
  return {};
}

void client_session::connection_lost() {
  if (accepted_) has_ended_ = ends_with_connection_;
  phase_ = session_phase::closed;
  accepted_ = refused_ = disconnected_by_server_ = violated_ = false;
  outstanding_ = 0;
  unanswered_pings_ = 0;
  reader_ = frame_reader();
  receive_.begin_connection(UINT16_MAX, 0);
  in_flight_.remove_subscriptions();
  in_flight_.set_waiting({});
  in_flight_.release_memory();
}

void client_session::discard(session_handler& handler) {
  GAUNTLET_ASSERT(phase_ == session_phase::closed);
  discard_all(handler);
}

void client_session::discard_all(session_handler& handler) {
  // Taken out first: the handler may publish while it is told.
  std::vector<in_flight_item> given_up;
  for (const std::uint16_t identifier : in_flight_.in_order()) {
    given_up.push_back(*in_flight_.find(identifier));
  }
  in_flight_.clear();
  receive_.drop_held();
  for (const in_flight_item& item : given_up) {
    const bool received = item.stage == in_flight_stage::pubcomp;
    const bool once = received || item.stage == in_flight_stage::pubrec;
    handler.on_discarded(item.tag, once ? qos::exactly_once : qos::at_least_once, received);
  }
}

std::uint16_t client_session::send_quota() const noexcept {
  if (phase_ != session_phase::open || in_flight_.has_waiting()) return 0;
  return outstanding_ >= receive_maximum_
             ? std::uint16_t{0}
             : static_cast<std::uint16_t>(receive_maximum_ - outstanding_);
}

server_limits client_session::limits() const noexcept {
  return {.receive_maximum = receive_maximum_,
          .maximum_packet_size = maximum_packet_size_,
          .topic_alias_maximum = topic_alias_maximum_,
          .maximum_qos = static_cast<qos>(maximum_qos_),
          .retain_available = retain_available_,
          .wildcard_subscription_available = wildcard_available_,
          .shared_subscription_available = shared_available_,
          .subscription_identifier_available = identifiers_available_};
}

void client_session::set_limits(const server_limits& limits) noexcept {
  receive_maximum_ = limits.receive_maximum;
  maximum_packet_size_ = limits.maximum_packet_size;
  topic_alias_maximum_ = limits.topic_alias_maximum;
  maximum_qos_ = static_cast<std::uint8_t>(limits.maximum_qos) & 3;
  retain_available_ = limits.retain_available;
  wildcard_available_ = limits.wildcard_subscription_available;
  shared_available_ = limits.shared_subscription_available;
  identifiers_available_ = limits.subscription_identifier_available;
}

std::optional<time_point> client_session::ping_due(time_point last_sent) const noexcept {
  if (keep_alive_s_ == 0) return std::nullopt;
  return last_sent + duration(std::chrono::seconds(keep_alive_s_)) / 8 * 7;
}

}  // namespace gauntlet::mqtt
