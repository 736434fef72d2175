#pragma once

// Requests of a running proxy's control interface, answered: faults are listed, added, changed,
// removed, switched off and on while connections go through. In the manner of toxiproxy's.
//
//   GET    /faults                  all faults
//   POST   /faults                  adds one, or a list of them; the body is YAML or JSON
//   GET    /faults/NAME             one of them
//   PUT    /faults/NAME             puts another in its place (POST does the same)
//   DELETE /faults/NAME             takes it away; what it holds back is let go
//   POST   /faults/NAME/enable      or /disable
//   POST   /reset                   takes all away, and ends connections that were left in silence
//   GET    /connections             how many came, are open, and did not reach the broker
//   GET    /version

#include <functional>
#include <string>

#include "harness/fault/injector.hpp"
#include "harness/fault/proxy.hpp"
#include "harness/fault_control/http.hpp"

namespace gauntlet::fault_control {

/// What the interface speaks about; must outlive it.
struct control_subject {
  fault::injector& faults;
  std::function<fault::proxy_counts()> counts;
  std::string version;
};

/// Answers one request. Times of faults that are added count from now.
http_answer answer(const control_subject& about, const http_request& asked);

}  // namespace gauntlet::fault_control
