// Proofs of the defects in harness/broker/defects/faulty_output.inc.

#include "tests/unit/broker/defects/proof.hpp"

namespace gauntlet::broker {

void add_faulty_output_proofs(defect_proofs&) {}

}  // namespace gauntlet::broker
