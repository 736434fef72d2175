#include "conformance/cases/request_response/request_response_cases.hpp"

namespace gauntlet::conformance {

void add_request_response_cases(suite& to) {
  to.begin_theme("Request and response");
  add_exchange_cases(to);
}

}  // namespace gauntlet::conformance
