// Proofs of the defects in harness/broker/defects/tolerated_input.inc.

#include "tests/unit/broker/defects/proof.hpp"

namespace gauntlet::broker {

void add_tolerated_input_proofs(defect_proofs&) {}

}  // namespace gauntlet::broker
