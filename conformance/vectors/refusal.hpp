#pragma once

// A packet that has to be refused, beside the same packet that has not.

#include "conformance/vectors/occasion.hpp"
#include "conformance/vectors/ruling.hpp"

namespace gauntlet::conformance {

/// The steps until a packet is due, such as the delivery that a PUBACK answers.
using lead_in = std::function<void(context&, client&, occasion&)>;

/// What happens on both connections, and the one packet in which they differ.
struct refusal_scene {
  breach_stage stage = breach_stage::connected;
  /// CONNECT of a client that is connected; its identifier is filled in.
  std::function<mqtt::connect(const occasion&)> session = {};
  lead_in until_due = {};
  packet_maker control = {};  ///< may be left out: then nothing but PINGREQ is sent
  packet_maker breach = {};
};

/// Plays the scene. The control's connection stands by while the breach is committed on another
/// one, and must still be served afterwards.
void judge_refusal(context& test, const refusal_scene& scene, const ruling& by);

}  // namespace gauntlet::conformance
