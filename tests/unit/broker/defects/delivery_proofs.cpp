// Proofs of the defects in harness/broker/defects/delivery.inc.

#include "tests/unit/broker/defects/proof.hpp"
#include "tests/unit/broker/defects/stories.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::protocol_version;

void first_delivery_has_an_identifier(bench& broker, protocol_version version) {
  peer& to = broker.connected("to", version);
  to.subscribe("t", qos2);
  peer& from = broker.connected("from", version);
  for (const auto qos : {qos1, qos2}) {
    from.publish("t", "x", qos);
    EXPECT_NE(to.expect_publish("x").packet_identifier, 0);
  }
}

}  // namespace

void add_delivery_proofs(defect_proofs& to) {
  using enum told_in;
  to.push_back({defect::send_identifier_zero, both_versions, first_delivery_has_an_identifier});
}

}  // namespace gauntlet::broker
