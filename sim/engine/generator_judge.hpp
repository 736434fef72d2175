#pragma once

// Was it the broker or the tool? Says whether the generator kept its own plan.

#include "harness/record/run_result.hpp"

namespace gauntlet::sim {

/// Judges from the schedule lag, the loop lag and the messages not sent. A lag that comes with the
/// broker's withheld acknowledgements is the broker's; only the loop's own lateness and processor
/// time convict the generator.
record::generator_judgement judge_generator(const record::measurements& measured,
                                            duration publishing);

}  // namespace gauntlet::sim
