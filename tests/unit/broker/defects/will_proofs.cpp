// Proofs of the defects in harness/broker/defects/will.inc.

#include "tests/unit/broker/defects/proof.hpp"

namespace gauntlet::broker {

void add_will_proofs(defect_proofs&) {}

}  // namespace gauntlet::broker
