#include "conformance/vectors/refusal.hpp"

#include <algorithm>
#include <optional>

#include "conformance/vectors/canonical_packet.hpp"
#include "harness/mqtt/packet_text.hpp"

namespace gauntlet::conformance {
namespace {

using script::arrival;

// How long to wait for a refusal before PINGREQ asks whether there is one.
constexpr auto refusal_time = std::chrono::milliseconds(60);

// One connection of a scene, up to the packet that is due.
struct performer {
  client& peer;
  occasion at;
};

performer enter(context& test, const refusal_scene& scene, std::string_view name) {
  mqtt::connect session;
  if (scene.session) session = scene.session({.version = test.version()});
  client& peer = scene.stage == breach_stage::opened ? test.open(name)
                                                     : test.connected(name, std::move(session));
  occasion at = occasion_of(test, peer);
  if (!test.over() && scene.until_due) scene.until_due(test, peer, at);
  return {peer, std::move(at)};
}

// The control is no part of the statement: whoever refuses it is not convicted.
void await_connack(context& test, client& peer) {
  if (test.over()) return;
  const arrival what = peer.next(test.answer_limit());
  const auto* const answer = script::packet_of<mqtt::connack>(what);
  if (test.over() || (answer != nullptr && !mqtt::is_error(answer->reason_code))) return;
  const std::string observed = script::to_text(what, peer.version());
  test.block({.client = peer.name(),
              .expected = "CONNACK with success for the packet without the error",
              .observed = observed,
              .signature = "control not accepted"});
}

client& perform_control(context& test, const refusal_scene& scene) {
  const performer control = enter(test, scene, "control");
  if (test.over()) return control.peer;
  if (scene.control) control.peer.send_bytes(scene.control(control.at));
  if (scene.stage == breach_stage::opened) await_connack(test, control.peer);
  control.peer.ping();
  return control.peer;
}

// Waits for the end of a connection whose client broke a rule that a server need not notice.
class overlooking_judge {
 public:
  overlooking_judge(context& test, client& breaker, breach_stage stage, const ruling& by)
      : test_(test), breaker_(breaker), stage_(stage), by_(by) {}

  /// What the broker did in place of a refusal; nothing if it refused.
  std::optional<std::string> judge() {
    time_point deadline = now() + test_.answer_limit();
    bool asked = stage_ == breach_stage::opened;  // there PINGREQ would be an error of its own
    while (!test_.over()) {
      const duration left = std::max(deadline - now(), duration{});
      const arrival what = breaker_.next(asked ? left : std::min<duration>(left, refusal_time));
      if (test_.over() || script::is_close(what)) break;
      if (std::holds_alternative<script::arrived_nothing>(what)) {
        if (asked) return silence(what);
        asked = true;
        breaker_.send(mqtt::pingreq{});
      } else if (is_refusal(what)) {
        refused_ = true;
        asked = true;
      } else if (script::packet_of<mqtt::publish>(what) == nullptr) {
        if (refused_) return fail("the end of the connection after its refusal", what);
        return "overlooked: it answered " + script::to_text(what, breaker_.version());
      }
    }
    return std::nullopt;
  }

 private:
  time_point now() { return breaker_.wire().loop().now(); }

  static bool is_refusal(const arrival& what) {
    if (script::packet_of<mqtt::disconnect>(what) != nullptr) return true;
    const auto* const answer = script::packet_of<mqtt::connack>(what);
    return answer != nullptr && mqtt::is_error(answer->reason_code);
  }

  std::optional<std::string> silence(const arrival& what) {
    if (by_.loses_framing && !refused_) return "overlooked: it says nothing any more";
    return fail("the end of the connection, or an answer", what);
  }

  std::optional<std::string> fail(std::string expected, const arrival& what) {
    test_.fail({.client = breaker_.name(),
                .expected = expected,
                .observed = script::to_text(what, breaker_.version()),
                .signature = expected + " -> not refused"});
    return std::nullopt;
  }

  context& test_;
  client& breaker_;
  const breach_stage stage_;
  const ruling& by_;
  bool refused_ = false;
};

}  // namespace

void judge_refusal(context& test, const refusal_scene& scene, const ruling& by) {
  client& bystander = perform_control(test, scene);
  const performer breaker = enter(test, scene, "breaker");
  if (test.over()) return;
  breaker.peer.send_bytes(scene.breach(breaker.at));

  std::optional<std::string> overlooked;
  if (by.refusal == detection::expected) {
    overlooked = overlooking_judge(test, breaker.peer, scene.stage, by).judge();
  } else if (scene.stage == breach_stage::opened) {
    breaker.peer.expect_close_within(test.answer_limit(), {by.codes});
  } else {
    breaker.peer.expect_close({by.codes});
  }
  bystander.send(mqtt::pingreq{});
  bystander.expect<mqtt::pingresp>("PINGRESP to a client that did nothing wrong");
  // Where nothing told apart breach and control, that it is a broker at all has to be shown.
  if (by.refusal == detection::expected || !scene.control) expect_service(test, bystander);
  if (overlooked) test.call_variant(*overlooked);
}

}  // namespace gauntlet::conformance
