#include "harness/mqtt/session_rules.hpp"

#include <array>
#include <string>

namespace gauntlet::mqtt {
namespace {

struct citation {
  std::string_view section;
  std::string_view statement;
};

struct violation_text {
  std::string_view rule;
  citation v3_1_1;
  citation v5;
  reason_code code = reason_code::protocol_error;
};

// In the order of session_violation. Where 3.1.1 has no such packet its citation is never used.
constexpr std::array<violation_text, 20> violation_texts{{
    {"the first packet from the server must be CONNACK",
     {"3.2", "MQTT-3.2.0-1"},
     {"3.2", "MQTT-3.2.0-1"}},
    {"the server must send no second CONNACK on a connection",
     {"3.2", ""},
     {"3.2", "MQTT-3.2.0-2"}},
    {"Session Present must be 0 after a clean start",
     {"3.2.2.2", "MQTT-3.2.2-1"},
     {"3.2.2.1.1", "MQTT-3.2.2-2"}},
    {"Session Present must be 0 when the last session ended with its connection",
     {"3.1.2.4", "MQTT-3.1.2-6"},
     {"3.1.2.11.2", ""}},
    {"the server must close the connection after refusing it",
     {"3.2.2.3", "MQTT-3.2.2-5"},
     {"3.2.2.2", "MQTT-3.2.2-7"}},
    {"the server must send nothing after its DISCONNECT", {"", ""}, {"3.14.4", "MQTT-3.14.4-1"}},
    {"an acknowledgement must carry the packet identifier of a message in flight",
     {"2.3.1", "MQTT-2.3.1-6"},
     {"2.2.1", "MQTT-2.2.1-5"}},
    {"an acknowledgement must be of the type that the packet in flight asks for",
     {"4.3", ""},
     {"4.3", ""}},
    {"PUBCOMP must not come before PUBREC and PUBREL", {"4.3.3", ""}, {"4.3.3", ""}},
    {"SUBACK must carry the packet identifier of a SUBSCRIBE",
     {"2.3.1", "MQTT-2.3.1-7"},
     {"2.2.1", "MQTT-2.2.1-6"}},
    {"SUBACK must hold one code for each filter",
     {"3.8.4", "MQTT-3.8.4-5"},
     {"3.8.4", "MQTT-3.8.4-6"}},
    {"UNSUBACK must carry the packet identifier of an UNSUBSCRIBE",
     {"2.3.1", "MQTT-2.3.1-7"},
     {"2.2.1", "MQTT-2.2.1-6"}},
    {"UNSUBACK must hold one code for each filter", {"", ""}, {"3.11.3", "MQTT-3.11.3-1"}},
    {"a new PUBLISH must not take a packet identifier that is in use",
     {"2.3.1", "MQTT-2.3.1-4"},
     {"2.2.1", "MQTT-2.2.1-4"}},
    {"the server must keep to the client's Receive Maximum",
     {"", ""},
     {"3.3.4", "MQTT-3.3.4-9"},
     reason_code::receive_maximum_exceeded},
    {"the server must keep to the client's Topic Alias Maximum",
     {"", ""},
     {"3.3.2.3.4", "MQTT-3.3.2-11"},
     reason_code::topic_alias_invalid},
    {"a topic alias must come with a topic name first", {"", ""}, {"3.3.4", ""}},
    {"PINGRESP must answer a PINGREQ", {"3.13", ""}, {"3.13", ""}},
    {"the server must send no AUTH if CONNECT named no authentication method",
     {"", ""},
     {"4.12", "MQTT-4.12.0-6"}},
    {"the packet must hold no reason string and user property if the client wants no problem "
     "information",
     {"", ""},
     {"3.1.2.11.7", "MQTT-3.1.2-29"}},
}};

class session_error_category final : public std::error_category {
 public:
  const char* name() const noexcept override { return "mqtt session"; }

  std::string message(int value) const override {
    switch (static_cast<session_refusal>(value)) {
      case session_refusal::not_connected:
        return "the session is not connected";
      case session_refusal::already_connecting:
        return "CONNECT was already sent";
      case session_refusal::wrong_version:
        return "not possible in this protocol version";
      case session_refusal::quota_used_up:
        return "the server's Receive Maximum is reached";
      case session_refusal::no_identifier_free:
        return "all packet identifiers are in use";
      case session_refusal::packet_too_large:
        return "above the server's Maximum Packet Size";
      case session_refusal::qos_not_supported:
        return "above the server's Maximum QoS";
      case session_refusal::retain_not_supported:
        return "the server retains no messages";
      case session_refusal::topic_alias_invalid:
        return "topic alias 0 or above the server's Topic Alias Maximum";
      case session_refusal::wildcard_not_supported:
        return "the server takes no wildcard subscriptions";
      case session_refusal::shared_not_supported:
        return "the server takes no shared subscriptions";
      case session_refusal::identifiers_not_supported:
        return "the server takes no subscription identifiers";
      case session_refusal::no_authentication:
        return "CONNECT named no authentication method";
      case session_refusal::not_encodable:
        return "a field is too long for a packet";
    }
    return "unknown session refusal";
  }
};

}  // namespace

decode_error to_error(session_violation violation, protocol_version version, std::size_t offset) {
  const violation_text& text = violation_texts[static_cast<std::size_t>(violation)];
  const citation& cited = version == protocol_version::v5 ? text.v5 : text.v3_1_1;
  return {.rule = text.rule,
          .section = cited.section,
          .statement = cited.statement,
          .offset = offset,
          .kind = error_kind::protocol_error,
          .reason_code = text.code,
          .version = version};
}

const std::error_category& session_category() noexcept {
  static const session_error_category category;
  return category;
}

}  // namespace gauntlet::mqtt
