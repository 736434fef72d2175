#include "reports/witness.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "harness/base/units.hpp"
#include "reports/escape.hpp"
#include "reports/figures.hpp"

namespace gauntlet::reports {
namespace {

constexpr std::size_t packets_max = 12;

double seconds_of(duration time) { return std::chrono::duration<double>(time).count(); }

std::string span_words(const record::fault_span& span) {
  return fmt::format("{} to {}", plain(duration_of(span.from)), plain(duration_of(span.until)));
}

}  // namespace

std::string times_of(const record::fault_record& fault) {
  if (fault.active.empty()) return "never active";
  std::string words = span_words(fault.active.front());
  const std::size_t more = fault.active.size() - 1;
  if (more == 1) words += " and " + span_words(fault.active.back());
  if (more > 1) {
    words += fmt::format(", {} times more until {}", format_count(more),
                         plain(duration_of(fault.active.back().until)));
  }
  return words;
}

std::string fate_of(const record::witness_record& packet) {
  if (packet.passed < duration::zero()) return "never arrived";
  if (packet.sent < duration::zero() || packet.passed <= packet.sent) return "";
  return plain(duration_of(packet.passed - packet.sent)) + " later";
}

std::string packet_line(const record::witness_record& packet) {
  const duration at = packet.sent < duration::zero() ? packet.passed : packet.sent;
  std::string line = fmt::format("{:.6f} s  {} {} broker  {}", seconds_of(at), packet.connection,
                                 packet.to_broker ? "->" : "<-", packet.packet);
  const std::string fate = fate_of(packet);
  if (!fate.empty()) line += "  " + fate;
  if (!packet.fault.empty()) line += fmt::format(" (fault {})", packet.fault);
  return line;
}

const record::guarantee_record* guarantee_of(const record::run_result& run,
                                             const record::expectation_record& expectation) {
  const auto found =
      std::find_if(run.guarantees.begin(), run.guarantees.end(),
                   [&](const auto& each) { return expectation.id == "guarantee." + each.rule; });
  return found == run.guarantees.end() ? nullptr : &*found;
}

std::string findings_text(const record::guarantee_record& guarantee, const std::string& indent,
                          std::size_t findings_max) {
  std::string out;
  const std::size_t shown = std::min(findings_max, guarantee.findings.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const record::finding_record& finding = guarantee.findings[i];
    out += fmt::format("{}{}: {}\n", indent, printable(finding.class_name),
                       printable(finding.sentence));
    const std::size_t packets = std::min(packets_max, finding.witness.size());
    for (std::size_t p = 0; p < packets; ++p) {
      out += fmt::format("{}    {}\n", indent, printable(packet_line(finding.witness[p])));
    }
    if (packets < finding.witness.size()) {
      out += fmt::format("{}    and {} packets more\n", indent,
                         format_count(finding.witness.size() - packets));
    }
  }
  return out;
}

}  // namespace gauntlet::reports
