#include "conformance/cases/will/will_cases.hpp"

namespace gauntlet::conformance {

void add_will_cases(suite& to) { add_will_publication_cases(to); }

}  // namespace gauntlet::conformance
