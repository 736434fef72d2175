#pragma once

// What proves a defect: a story between clients and the broker that holds with a correct broker and
// breaks with the defect. Each list of harness/broker/defects has a file of proofs beside this.

#include <functional>
#include <string>
#include <vector>

#include "tests/unit/broker/bench.hpp"

namespace gauntlet::broker {

/// The versions in which a story is told.
enum class told_in { both_versions, v5_only, v3_1_1_only };

/// A story, told with the bench's own expectations. In it, `version` is that of all clients, unless
/// the story is about two.
struct defect_proof {
  defect which;
  told_in versions;
  std::function<void(bench& broker, mqtt::protocol_version version)> story;
  /// Settings of the broker that the story needs.
  options settings = {};
};

using defect_proofs = std::vector<defect_proof>;

void add_tolerated_input_proofs(defect_proofs& to);
void add_tolerated_properties_proofs(defect_proofs& to);
void add_connect_proofs(defect_proofs& to);
void add_will_proofs(defect_proofs& to);
void add_authentication_proofs(defect_proofs& to);
void add_publish_proofs(defect_proofs& to);
void add_message_proofs(defect_proofs& to);
void add_retained_proofs(defect_proofs& to);
void add_subscribe_proofs(defect_proofs& to);
void add_topics_proofs(defect_proofs& to);
void add_shared_proofs(defect_proofs& to);
void add_delivery_proofs(defect_proofs& to);
void add_connection_proofs(defect_proofs& to);
void add_faulty_output_proofs(defect_proofs& to);

}  // namespace gauntlet::broker
