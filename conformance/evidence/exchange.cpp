#include "conformance/evidence/exchange.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "harness/net/url.hpp"

namespace gauntlet::conformance {
namespace {

using script::transcript;

time_point first_of(const transcript& of) {
  return of.entries().empty() ? time_point{} : of.entries().front().at;
}

time_point last_of(const transcript& of) {
  return of.entries().empty() ? time_point{} : of.entries().back().at;
}

// The connection on which the broker did otherwise; the last one if nobody says.
std::size_t diverging(const case_result& result) {
  const auto& first = result.first_divergence;
  for (std::size_t i = result.transcripts.size(); first && i-- > 0;) {
    if (result.transcripts[i].name() == first->client) return i;
  }
  return result.transcripts.empty() ? 0 : result.transcripts.size() - 1;
}

// Controls are over when the breach begins; what comes after it shows that others are served.
bool is_needed(const case_result& result, std::size_t place) {
  const std::size_t culprit = diverging(result);
  if (place == culprit) return true;
  const transcript& each = result.transcripts[place];
  const transcript& about = result.transcripts[culprit];
  if (first_of(each) > last_of(about)) return false;
  return each.name() != "control";
}

}  // namespace

std::vector<exchange_step> story_of(const evidence_input& from, exchange_scope scope) {
  std::vector<exchange_step> steps;
  const auto& transcripts = from.result.transcripts;
  for (std::size_t i = 0; i < transcripts.size(); ++i) {
    if (scope == exchange_scope::minimal && !is_needed(from.result, i)) continue;
    for (const script::transcript_entry& each : transcripts[i].entries()) {
      steps.push_back({i, &each});
    }
  }
  std::ranges::stable_sort(steps, {}, [](const exchange_step& step) { return step.entry->at; });
  return steps;
}

net::endpoint endpoint_of(const evidence_input& from, std::size_t connection) {
  const auto parsed = net::parse_url(from.result.transcripts[connection].where());
  return parsed.has_value() ? parsed->where : from.where;
}

std::string divergence_text(const case_result& result) {
  const auto& first = result.first_divergence;
  if (!first) return result.reason;
  return fmt::format("expected {}, saw {}", first->expected, first->observed);
}

}  // namespace gauntlet::conformance
