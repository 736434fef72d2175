#include "conformance/suite/run_case.hpp"

#include "conformance/suite/context.hpp"
#include "conformance/suite/needs.hpp"
#include "harness/base/assert.hpp"

namespace gauntlet::conformance {

case_result run_case(arena& where, const test_case& of, mqtt::protocol_version version,
                     std::uint64_t serial) {
  GAUNTLET_ASSERT(of.runs_on(version));
  context test(where, of, version, serial);
  if (const auto why = missing_for(of, version, where)) {
    test.skip(*why);
  } else {
    of.body(test);
  }
  return test.finish();
}

}  // namespace gauntlet::conformance
