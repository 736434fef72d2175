#include "conformance/cases/ordering/ordering_cases.hpp"

namespace gauntlet::conformance {

void add_ordering_cases(suite& to) {
  to.begin_theme("Order of messages");
  add_message_order_cases(to);
  add_session_order_cases(to);
}

}  // namespace gauntlet::conformance
