// Protocol names and versions that are not those of MQTT 3.1.1 or 5.0. MQTT 5.0 §3.1.2.1, §3.1.2.2

#include <algorithm>

#include <fmt/format.h>

#include "conformance/cases/connect/connect_cases.hpp"
#include "conformance/cases/support/raw_connect.hpp"

namespace gauntlet::conformance {
namespace {

enum class refusal_form : std::uint8_t { none, v3_1_1, v5, other };

// A server that speaks several versions may answer in the form of any: of 3.1.1 with a return code,
// of 5.0 with a Reason Code.
refusal_form form_of(const script::arrival& what) {
  const byte_buffer* bytes = nullptr;
  if (const auto* const packet = std::get_if<script::arrived_packet>(&what)) bytes = &packet->bytes;
  if (const auto* const bad = std::get_if<script::arrived_malformed>(&what)) bytes = &bad->bytes;
  if (bytes == nullptr) return refusal_form::none;
  const bool is_connack = bytes->size() >= 4 && (*bytes)[0] == 0x20 && (*bytes)[2] == 0;
  if (is_connack && bytes->size() == 4 && (*bytes)[3] >= 1 && (*bytes)[3] <= 5) {
    return refusal_form::v3_1_1;
  }
  return is_connack && bytes->size() >= 5 && (*bytes)[3] >= 0x80 ? refusal_form::v5
                                                                 : refusal_form::other;
}

// At most a refusing CONNACK, and then the end of the connection.
void expect_version_refused(context& test, const connect_change& wrong) {
  client& control = test.open("control");
  control.send_bytes(right_connect(test, control).bytes());
  control.take_connack();
  control.ping();

  client& other = test.open("other");
  raw_connect packet = right_connect(test, other);
  wrong(test, packet);
  other.send_bytes(packet.bytes());
  script::arrival what = other.next(test.answer_limit());
  const refusal_form form = form_of(what);
  if (form == refusal_form::v3_1_1 || form == refusal_form::v5) {
    what = other.next(test.answer_limit());
  }
  if (!test.over() && !script::is_close(what)) {
    other.set_aside(std::move(what));
    other.expect_bare_close();
  }
  test.expect_served();
}

// 3.1.1 demands its return code 0x01; a server that speaks 5.0 too may follow that.
void unknown_version_is_answered(context& test) {
  client& control = test.open("control");
  control.send_bytes(right_connect(test, control).bytes());
  control.take_connack();

  client& other = test.open("other");
  raw_connect packet = right_connect(test, other);
  packet.protocol_level = 127;
  other.send_bytes(packet.bytes());
  script::arrival what = other.next(test.answer_limit());
  if (form_of(what) == refusal_form::v5 ||
      (script::is_close(what) && test.where().able_v5.version_refused.empty())) {
    return test.call_variant("answered as 5.0 permits");
  }
  other.set_aside(std::move(what));
  other.expect_connack(mqtt::reason_code::unsupported_protocol_version);
  other.expect_bare_close();
}

test_case version_test(std::string id, std::string title, std::vector<statement_name> covers,
                       const char* defect, connect_change wrong) {
  return {
      .id = std::move(id),
      .title = std::move(title),
      .covers = std::move(covers),
      .defects = {defect},
      .body = [wrong = std::move(wrong)](context& test) { expect_version_refused(test, wrong); }};
}

}  // namespace

void add_protocol_version_cases(suite& to) {
  struct name {
    std::string_view word;
    std::string_view text;
  };
  for (const auto& [word, text] :
       {name{"other", "MQTX"}, name{"lower-case", "mqtt"}, name{"empty", ""},
        name{"longer", "MQTTT"}, name{"shorter", "MQT"}, name{"of-3.1", "MQIsdp"}}) {
    to.add(version_test(fmt::format("MQTT-3.1.2-1/{}", word),
                        fmt::format("A CONNECT with \"{}\" as Protocol Name is refused", text),
                        {v5("MQTT-3.1.2-1"), v3("MQTT-3.1.2-1")}, "accept-protocol-name",
                        [text = text](auto&, raw_connect& p) { p.protocol_name = text; }));
  }
  // A version below all that there are, and versions above.
  for (const unsigned level : {0U, 1U, 2U, 6U, 127U}) {
    const auto statement = level < 4 ? v3("MQTT-3.1.2-2") : v5("MQTT-3.1.2-2");
    to.add(version_test(fmt::format("MQTT-3.1.2-2/version-{}", level),
                        fmt::format("A CONNECT of protocol version {} is refused", level),
                        {statement}, "accept-protocol-version", [level](auto&, raw_connect& p) {
                          p.protocol_level = static_cast<std::uint8_t>(level);
                        }));
  }
  to.add({.id = "MQTT-3.1.2-2/return-code",
          .title = "A CONNECT of an unknown protocol level is answered with return code 0x01",
          .covers = {v3("MQTT-3.1.2-2"), v3("PR3-3.2.2.3-a"), v3("MQTT-3.2.2-5")},
          .defects = {"send-other-return-code", "keep-connection-after-refusing-connack"},
          .body = unknown_version_is_answered});
}

}  // namespace gauntlet::conformance
