// Enhanced authentication. MQTT 5.0 §3.15, §4.12

#include "conformance/invariants/rule_checks.hpp"
#include "conformance/invariants/themes.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::packet_type;
using mqtt::property_id;

// The method of CONNECT, if there was one.
std::optional<std::string_view> agreed_method(const observed_packet& came) {
  if (!came.on.connect) return std::nullopt;
  return came.on.connect->properties.find<property_id::authentication_method>();
}

finding auth_was_asked_for(const observed_packet& came) {
  if (!came.is(packet_type::auth) || !came.on.connect) return finding::not_concerned();
  return finding::demand(agreed_method(came).has_value(),
                         "AUTH for a client that named no Authentication Method");
}

finding connack_method_was_asked_for(const observed_packet& came) {
  const auto* const answer = came.as<mqtt::connack>();
  if (answer == nullptr || !came.on.connect || agreed_method(came)) {
    return finding::not_concerned();
  }
  return finding::demand(!answer->properties.contains(property_id::authentication_method),
                         "an Authentication Method for a client that named none");
}

finding connack_names_method(const observed_packet& came) {
  const auto* const answer = came.as<mqtt::connack>();
  const auto agreed = agreed_method(came);
  if (answer == nullptr || !agreed || mqtt::is_error(answer->reason_code)) {
    return finding::not_concerned();
  }
  return finding::demand(answer->properties.find<property_id::authentication_method>() == agreed,
                         "CONNACK does not name the Authentication Method of CONNECT");
}

finding auth_names_method(const observed_packet& came) {
  const auto* const auth = came.as<mqtt::auth>();
  const auto agreed = agreed_method(came);
  if (auth == nullptr || !agreed) return finding::not_concerned();
  const auto named = auth->properties.find<property_id::authentication_method>();
  // The short form of success names nothing, §3.15.2.1.
  if (!named) return finding::not_concerned();
  return finding::demand(named == agreed, "AUTH names another Authentication Method than CONNECT");
}

finding auth_has_method(const observed_packet& came) {
  return keeps_in(packet_type::auth, mqtt::rules::method_in_auth)(came);
}

finding challenge_says_continue(const observed_packet& came) {
  const auto* const auth = came.as<mqtt::auth>();
  if (auth == nullptr || came.on.connack) return finding::not_concerned();
  return finding::demand(auth->reason_code == mqtt::reason_code::continue_authentication,
                         "AUTH before CONNACK without Reason Code 0x18");
}

finding auth_belongs_to_exchange(const observed_packet& came) {
  if (!came.is(packet_type::auth) || !agreed_method(came)) return finding::not_concerned();
  return finding::demand(came.on.authenticating, "AUTH outside an exchange that the client began");
}

}  // namespace

void add_authentication_invariants(std::vector<invariant>& to) {
  to.push_back({.id = "invariant/no-unasked-auth",
                .title = "AUTH comes only to clients that named an Authentication Method",
                .covers = {v5("MQTT-4.12.0-6"), v5("PE-3.15-b")},
                .defects = {"send-unasked-auth"},
                .check = auth_was_asked_for});
  to.push_back({.id = "invariant/no-unasked-authentication-method",
                .title = "CONNACK has an Authentication Method only if CONNECT had one",
                .covers = {v5("MQTT-4.12.0-6")},
                .defects = {"send-unasked-authentication-method"},
                .check = connack_method_was_asked_for});
  to.push_back({.id = "invariant/authentication-method-in-connack",
                .title = "CONNACK names the Authentication Method of CONNECT",
                .covers = {v5("MQTT-4.12.0-5")},
                .defects = {"omit-authentication-method-in-connack"},
                .check = connack_names_method});
  to.push_back({.id = "invariant/authentication-method-in-auth",
                .title = "AUTH names the Authentication Method of CONNECT",
                .covers = {v5("MQTT-4.12.0-5"), v5("PE-3.15-b")},
                .defects = {"send-other-authentication-method"},
                .check = auth_names_method});
  to.push_back({.id = "invariant/auth-with-method",
                .title = "AUTH with properties names an Authentication Method",
                .covers = {v5("MQTT-4.12.0-5")},
                .check = auth_has_method});
  to.push_back({.id = "invariant/challenge-code",
                .title = "AUTH before CONNACK has Reason Code 0x18",
                .covers = {v5("MQTT-4.12.0-2")},
                .defects = {"send-success-in-place-of-challenge"},
                .check = challenge_says_continue});
  to.push_back({.id = "invariant/auth-within-exchange",
                .title = "AUTH comes only during an exchange that the client began",
                .covers = {v5("MQTT-4.12.0-2")},
                .basis = invariant_basis::story,
                .level = requirement_level::should,
                .check = auth_belongs_to_exchange});
}

}  // namespace gauntlet::conformance
