#pragma once

// Made-up runs, the same at every call, for tests of records and reports. They look like real ones,
// so that a report made from them can be judged by eye.

#include "harness/record/run_result.hpp"

namespace gauntlet::golden {

/// A minute of 1,000 devices on mosquitto, with a broker stall of two seconds; everything met.
record::run_result passed_run();

/// The same, but three messages at QoS 1 were lost, one expectation could not be decided, and texts
/// hold what must be escaped: markup, quotes, mustache tags, `</script>`.
record::run_result failed_run();

/// A run that ended when the broker was killed in its third second; no publication was
/// acknowledged.
record::run_result cut_run();

}  // namespace gauntlet::golden
