// Proofs of the defects in harness/broker/defects/authentication.inc.

#include "tests/unit/broker/defects/proof.hpp"

namespace gauntlet::broker {

void add_authentication_proofs(defect_proofs&) {}

}  // namespace gauntlet::broker
