#pragma once

// What a model run found, as the record that all fuzzing leaves.

#include "fuzz/model/model_run.hpp"
#include "harness/record/fuzz_result.hpp"

namespace gauntlet::fuzz::model {

/// Counts and findings; who called and on what is for the caller. A finding's id is its rule's
/// name and a number.
record::fuzz_result to_record(const model_result& run, const model_options& options);

}  // namespace gauntlet::fuzz::model
