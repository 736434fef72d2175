// The expectations of a client: what the test is about.

#include <algorithm>

#include <fmt/format.h>

#include "conformance/suite/client.hpp"
#include "conformance/suite/context.hpp"
#include "harness/mqtt/packet_text.hpp"

namespace gauntlet::conformance {

mqtt::connack client::expect_connack(mqtt::reason_code code) {
  const std::string expected = mqtt::to_text(mqtt::connack{.reason_code = code}, version_);
  return await_as<mqtt::connack>(stake::test, expected, {}, [code](const mqtt::connack& packet) {
    return packet.reason_code == code;
  });
}

mqtt::publish client::expect_publish(std::string_view payload,
                                     const std::function<bool(const mqtt::publish&)>& holds,
                                     std::string_view what_holds) {
  std::string expected = fmt::format("PUBLISH with payload \"{}\"", payload);
  if (!what_holds.empty()) expected += fmt::format(" and {}", what_holds);
  return await_as<mqtt::publish>(
      stake::test, expected,
      [payload](const mqtt::publish& packet) { return as_text(packet.payload) == payload; }, holds);
}

void client::acknowledge(const mqtt::publish& received) {
  complete_delivery(stake::test, received);
}

void client::expect_no_publish() {
  const auto is_publish = [](const script::arrival& what) {
    return script::packet_of<mqtt::publish>(what) != nullptr;
  };
  ping_within(stake::test, "PINGRESP and no PUBLISH before it");
  const auto waiting = std::ranges::find_if(inbox_, is_publish);
  if (waiting != inbox_.end()) diverge(stake::test, "no PUBLISH", *waiting);
}

void client::expect_quiet() {
  if (test_.over()) return;
  if (!inbox_.empty()) return diverge(stake::test, "nothing", inbox_.front());
  const script::arrival what = peer_->next(test_.allowed(test_.quiet_time()));
  if (!std::holds_alternative<script::arrived_nothing>(what)) {
    return diverge(stake::test, "nothing", what);
  }
  ping_within(stake::test, "nothing but PINGRESP");
  if (!inbox_.empty()) diverge(stake::test, "nothing but PINGRESP", inbox_.front());
}

void client::expect_close(const refusal& manner) {
  std::string_view expected = "the end of the connection";
  std::optional<mqtt::reason_code> told;
  while (!test_.over()) {
    const script::arrival what = next(test_.answer_limit());
    if (test_.over()) return;
    if (script::is_close(what)) {
      if (!is_v5() || manner.codes.empty()) return;
      const bool right = told && std::ranges::count(manner.codes, *told) != 0;
      if (right) return;
      const auto wanted = mqtt::to_text(mqtt::disconnect{.reason_code = manner.codes[0]}, version_);
      test_.note_manner(wanted + " before the close",
                        told ? fmt::format("code 0x{:02X}", static_cast<unsigned>(*told))
                             : std::string("a close without a code"));
      return;
    }
    const auto* const farewell = script::packet_of<mqtt::disconnect>(what);
    const auto* const refusal = script::packet_of<mqtt::connack>(what);
    if (farewell != nullptr) {
      told = farewell->reason_code;
      expected = "the end of the connection after DISCONNECT";
    } else if (refusal != nullptr && mqtt::is_error(refusal->reason_code)) {
      told = refusal->reason_code;
      expected = "the end of the connection after the refusing CONNACK";
    } else if (script::packet_of<mqtt::publish>(what) == nullptr) {
      diverge(stake::test, expected, what);
    }
  }
}

}  // namespace gauntlet::conformance
