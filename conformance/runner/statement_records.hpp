#pragma once

// The catalogue in the form of the result model.

#include <vector>

#include "conformance/statements/catalogue.hpp"
#include "harness/record/conformance_result.hpp"

namespace gauntlet::conformance {

/// The statements of one version, with links into the standard; verdicts are left open.
std::vector<record::statement_record> statement_records(const catalogue& statements,
                                                        mqtt::protocol_version version);

/// A statement as the result model names it.
record::statement_ref to_ref(const statement_name& name);
record::requirement_level to_record(requirement_level level);

}  // namespace gauntlet::conformance
