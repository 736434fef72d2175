// Proofs of the defects in harness/broker/defects/publish.inc.

#include "tests/unit/broker/defects/proof.hpp"

namespace gauntlet::broker {

void add_publish_proofs(defect_proofs&) {}

}  // namespace gauntlet::broker
