#pragma once

// What proves a test: the defects of the reference broker that it has to catch.

#include <cstdint>
#include <string_view>

#include "harness/mqtt/protocol.hpp"

namespace gauntlet::conformance {

/// A defect that a test must catch, on the versions given.
struct caught_defect {
  enum class in : std::uint8_t { every_version, v5_only, v3_1_1_only };

  caught_defect(const char* caught, in on = in::every_version) : name(caught), versions(on) {}

  /// Whether it must be caught on this version.
  bool counts_on(mqtt::protocol_version version) const {
    return versions != (version == mqtt::protocol_version::v5 ? in::v3_1_1_only : in::v5_only);
  }

  std::string_view name;  ///< as `gauntlet broker --list-defects` has it; static text
  in versions;
};

}  // namespace gauntlet::conformance
