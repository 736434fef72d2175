// Proofs of the defects in harness/broker/defects/connect.inc.

#include "tests/unit/broker/defects/proof.hpp"

namespace gauntlet::broker {

void add_connect_proofs(defect_proofs&) {}

}  // namespace gauntlet::broker
