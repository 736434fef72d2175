#pragma once

// Negative tests. That a broker ends a connection proves nothing if it would have ended it anyway;
// so the same steps without the error come first, on a connection of their own, and must be served;
// and after the breach the broker must still serve others.

#include <functional>

#include "conformance/suite/client.hpp"

namespace gauntlet::conformance {

class context;

/// Where the steps of a breach begin.
enum class breach_stage : std::uint8_t {
  connected,  ///< CONNECT was accepted
  opened,     ///< nothing was sent; the steps hold the CONNECT
};

/// An error that a client commits, and the same without the error.
struct breach {
  /// Steps that keep all rules; PINGREQ is answered after them.
  std::function<void(client&)> control;
  /// The same steps with the one error.
  std::function<void(client&)> commit;
  refusal manner = {};
  breach_stage stage = breach_stage::connected;
};

/// Demands that the broker ends the connection of a client that commits the breach. A control that
/// fails blocks the test; a broker that serves nobody afterwards fails it.
void expect_refused(context& test, const breach& of);

}  // namespace gauntlet::conformance
