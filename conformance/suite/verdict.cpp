#include "conformance/suite/verdict.hpp"

#include "harness/base/assert.hpp"

namespace gauntlet::conformance {

std::string_view to_string(verdict what) {
  switch (what) {
    case verdict::pass:
      return "pass";
    case verdict::fail:
      return "fail";
    case verdict::variant:
      return "variant";
    case verdict::skipped:
      return "skipped";
    case verdict::blocked:
      return "blocked";
    case verdict::inconclusive:
      return "inconclusive";
    case verdict::unstable:
      return "unstable";
  }
  GAUNTLET_ASSERT(false && "verdict out of range");
}

}  // namespace gauntlet::conformance
