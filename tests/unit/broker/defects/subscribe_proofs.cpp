// Proofs of the defects in harness/broker/defects/subscribe.inc.

#include "tests/unit/broker/defects/proof.hpp"

namespace gauntlet::broker {

void add_subscribe_proofs(defect_proofs&) {}

}  // namespace gauntlet::broker
