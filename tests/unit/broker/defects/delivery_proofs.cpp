// Proofs of the defects in harness/broker/defects/delivery.inc.

#include "tests/unit/broker/defects/proof.hpp"

namespace gauntlet::broker {

void add_delivery_proofs(defect_proofs&) {}

}  // namespace gauntlet::broker
