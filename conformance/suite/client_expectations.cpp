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

mqtt::connack client::expect_session_present(bool wanted) {
  const std::string expected = fmt::format("CONNACK with success and Session Present {:d}", wanted);
  return await_as<mqtt::connack>(stake::test, expected, {}, [wanted](const mqtt::connack& packet) {
    return packet.reason_code == mqtt::reason_code::success && packet.session_present == wanted;
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
  await_close(test_.answer_limit(), true, manner);
}

void client::expect_close_within(duration limit, const refusal& manner) {
  await_close(limit, false, manner);
}

void client::expect_bare_close() {
  const script::arrival what = next(test_.answer_limit());
  if (!script::is_close(what)) diverge(stake::test, "the end of the connection at once", what);
}

// A broker that takes packets in order and answers a PINGREQ sent after the breach has decided not
// to end the connection; a moment more is for brokers that decide elsewhere.
void client::await_close(duration limit, bool may_ask, const refusal& manner) {
  if (test_.over() || !peer_) return;
  std::string_view expected = "the end of the connection";
  std::optional<mqtt::reason_code> told;
  time_point deadline = peer_->loop().now() + limit;
  bool may_still_ask = may_ask;
  bool has_answered = false;
  while (!test_.over()) {
    const duration left = std::max(deadline - peer_->loop().now(), duration{});
    const script::arrival what = next(may_still_ask ? std::min(left, test_.close_time()) : left);
    if (test_.over()) return;
    if (script::is_close(what)) return judge_manner(manner, told);
    if (std::holds_alternative<script::arrived_nothing>(what)) {
      if (may_still_ask) {
        may_still_ask = false;
        send(mqtt::pingreq{});
        continue;
      }
      if (has_answered) {
        return test_.fail({.client = name_,
                           .expected = std::string(expected),
                           .observed = "PINGRESP to a PINGREQ sent after it, and no end",
                           .signature = std::string(expected) + " -> PINGRESP"});
      }
    }
    const auto* const farewell = script::packet_of<mqtt::disconnect>(what);
    const auto* const refusing = script::packet_of<mqtt::connack>(what);
    if (script::packet_of<mqtt::pingresp>(what) != nullptr && may_ask && !may_still_ask) {
      has_answered = true;
      deadline = std::min(deadline, peer_->loop().now() + test_.close_time());
    } else if (farewell != nullptr) {
      told = farewell->reason_code;
      expected = "the end of the connection after DISCONNECT";
    } else if (refusing != nullptr && mqtt::is_error(refusing->reason_code)) {
      told = refusing->reason_code;
      expected = "the end of the connection after the refusing CONNACK";
    } else if (script::packet_of<mqtt::publish>(what) == nullptr) {
      diverge(stake::test, expected, what);
    }
  }
}

void client::judge_manner(const refusal& manner, std::optional<mqtt::reason_code> told) {
  if (!is_v5() || manner.codes.empty()) return;
  if (told && std::ranges::count(manner.codes, *told) != 0) return;
  const auto wanted = mqtt::to_text(mqtt::disconnect{.reason_code = manner.codes[0]}, version_);
  test_.note_manner(wanted + " before the close",
                    told ? fmt::format("code 0x{:02X}", static_cast<unsigned>(*told))
                         : std::string("a close without a code"));
}

}  // namespace gauntlet::conformance
