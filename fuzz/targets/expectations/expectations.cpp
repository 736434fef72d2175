// Fuzz target: any text is a file of conformance expectations or a list of complaints; and what was
// read is the same after it was written and read again.

#include "conformance/expectations/expectations.hpp"

#include <string>

#include "harness/base/assert.hpp"
#include "harness/base/bytes.hpp"

namespace gauntlet::fuzz {
namespace {

void run(std::string_view text) {
  const auto loaded = conformance::load_expectations(text, "expectations.yaml");
  if (!loaded) {
    GAUNTLET_ASSERT(!loaded.error().empty());
    for (const config::diagnostic& each : loaded.error()) GAUNTLET_ASSERT(!each.message.empty());
    return;
  }
  const std::string written = conformance::to_yaml(*loaded);
  const auto again = conformance::load_expectations(written, "expectations.yaml");
  GAUNTLET_ASSERT(again.has_value() && again->broker == loaded->broker);
  GAUNTLET_ASSERT(again->entries.size() == loaded->entries.size());
  GAUNTLET_ASSERT(conformance::to_yaml(*again) == written);
}

}  // namespace
}  // namespace gauntlet::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  gauntlet::fuzz::run(gauntlet::as_text({data, size}));
  return 0;
}
