#pragma once

// Faults, and findings with their packets, in the words that all reports share; private to reports.

#include <string>

#include "harness/record/run_result.hpp"

namespace gauntlet::reports {

/// "from 5 s to 15 s, and twice more".
std::string times_of(const record::fault_record& fault);

/// "12.345 s  meter-7#2 -> broker  PUBLISH 7, QoS 1  never arrived (fault lost-publish)".
std::string packet_line(const record::witness_record& packet);
/// "never arrived", "2 ms later", or nothing if the packet passed at once.
std::string fate_of(const record::witness_record& packet);

/// The guarantee that the expectation stands for; null if it stands for none.
const record::guarantee_record* guarantee_of(const record::run_result& run,
                                             const record::expectation_record& expectation);

/// What was found against a guarantee, with the packets that show it, in lines that each begin
/// with `indent`; only the first `findings_max` findings.
std::string findings_text(const record::guarantee_record& guarantee, const std::string& indent,
                          std::size_t findings_max);

}  // namespace gauntlet::reports
