#pragma once

// The transcripts of a test as one story: what each connection did, in the order of time, without
// what was only for the tester.

#include <string>
#include <vector>

#include "conformance/evidence/evidence_input.hpp"

namespace gauntlet::conformance {

/// Something that happened on one connection.
struct exchange_step {
  std::size_t connection = 0;  ///< its place in the transcripts
  const script::transcript_entry* entry = nullptr;
};

/// Which connections to take.
enum class exchange_scope : std::uint8_t {
  whole,    ///< all connections
  minimal,  ///< without those that only show that the broker serves others
};

/// All steps in the order of time; steps of one connection keep their order.
std::vector<exchange_step> story_of(const evidence_input& from, exchange_scope scope);

/// Where a connection of the test went.
net::endpoint endpoint_of(const evidence_input& from, std::size_t connection);

/// What was expected and what came instead, in one line; empty if nothing diverged.
std::string divergence_text(const case_result& result);

}  // namespace gauntlet::conformance
