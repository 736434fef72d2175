// Proofs of the defects in harness/broker/defects/connection.inc.

#include "tests/unit/broker/defects/proof.hpp"

namespace gauntlet::broker {
namespace {

void pingreq_is_answered(bench& broker, mqtt::protocol_version version) {
  peer& a = broker.connected("a", version);
  a.send(mqtt::pingreq{});
  a.expect(mqtt::pingresp{});
}

}  // namespace

void add_connection_proofs(defect_proofs& to) {
  to.push_back({defect::omit_pingresp, told_in::both_versions, pingreq_is_answered});
}

}  // namespace gauntlet::broker
