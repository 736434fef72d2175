#pragma once

// Made-up results of the conformance suite, the same at every call, for tests of records and
// reports. They look like real ones, so that a report made from them can be judged by eye.

#include "harness/record/conformance_matrix.hpp"
#include "harness/record/conformance_result.hpp"

namespace gauntlet::golden {

/// Everything passes on the embedded broker; both versions.
record::conformance_result clean_conformance();

/// mosquitto with tests of every verdict, manner findings, a breach of an invariant, and texts that
/// must be escaped: markup, quotes, mustache tags, `</script>`.
record::conformance_result mixed_conformance();

/// mixed_conformance() against an expectation file from which it differs in every way.
record::conformance_result expected_conformance();

/// A broker without MQTT 5: all tests of 5.0 are blocked for one cause; the run was stopped.
record::conformance_result narrow_conformance();

/// The results above side by side, with addresses of reports for all but the last.
record::conformance_matrix sample_matrix();

/// mixed_conformance() with so many more passes of vectors.
record::conformance_result large_conformance(int vectors);

}  // namespace gauntlet::golden
