#include <map>

#include <fmt/format.h>

#include "harness/base/units.hpp"
#include "reports/escape.hpp"
#include "reports/fuzz/fuzz_reports.hpp"

namespace gauntlet::reports {
namespace {

std::string came_again(const record::fuzz_finding& finding) {
  return fmt::format("came again {} of {} times{}", finding.replayed, finding.replays,
                     finding.flaky ? ", flaky" : "");
}

std::string size_text(const record::fuzz_input_size& size) {
  return fmt::format("{}{} connection(s), {} step(s), {} bytes",
                     size.inputs > 1 ? fmt::format("{} inputs, ", size.inputs) : "",
                     size.connections, size.packets, size.bytes);
}

double per_second(std::uint64_t count, const record::fuzz_result& result) {
  return result.seconds > 0 ? static_cast<double>(count) / result.seconds : 0;
}

std::string figures(const record::fuzz_result& result) {
  if (result.mode == "model") {
    return fmt::format("{} sequences ({:.1f}/s), {} operations", format_count(result.executions),
                       per_second(result.executions, result), format_count(result.packets));
  }
  std::string text = fmt::format(
      "{} inputs, {} packets ({:.0f}/s), {} connections; {} behaviours, {}{} inputs kept; {} "
      "restarts, "
      "{} false alarms",
      format_count(result.executions), format_count(result.packets),
      per_second(result.packets, result), format_count(result.connections),
      format_count(result.behaviours),
      result.edges > 0 ? format_count(result.edges) + " edges, " : std::string(),
      format_count(result.corpus), result.restarts, result.false_alarms);
  if (result.stability_tries > 0) {
    text += fmt::format("; {:.0f} % of repeated inputs did the same again",
                        100.0 * static_cast<double>(result.stability_same) /
                            static_cast<double>(result.stability_tries));
  }
  if (result.share_in_vain() >= share_in_vain_shown) {
    text += fmt::format("; {:.0f} % of the time waiting for answers that did not come",
                        100.0 * result.share_in_vain());
  }
  return text;
}

}  // namespace

std::string summary_of(const record::fuzz_result& result) {
  if (result.findings.empty()) return "no findings";
  std::map<record::finding_kind, std::size_t> counts;
  for (const auto& each : result.findings) counts[each.kind] += each.flaky ? 0U : 1U;
  std::string text;
  for (const auto& [kind, count] : counts) {
    if (count == 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, record::name(kind));
  }
  const std::size_t steady = result.steady_findings();
  const std::size_t flaky = result.findings.size() - steady;
  std::string head = steady == 0   ? std::string("no finding that comes again")
                     : steady == 1 ? "1 finding: " + text
                                   : fmt::format("{} findings: {}", steady, text);
  return flaky == 0 ? head : head + fmt::format("; {} flaky", flaky);
}

std::string to_text(const record::fuzz_result& result) {
  std::string out = fmt::format(
      "\n{}, {}, {:.0f} s, seed {}{}\n{}\n\n",
      result.product.empty() ? result.target : result.product,
      result.mode == "model" ? "judged by the model" : result.mode + "-guided", result.seconds,
      result.seed, result.interrupted ? ", interrupted" : "", figures(result));
  for (const auto& each : result.findings) {
    out += fmt::format("{}: {}\n    {}{}; seen {}; {}\n    {}\n", record::name(each.kind),
                       each.sentence, each.statement.empty() ? "" : each.statement + "; ",
                       came_again(each),
                       each.times_seen == 1 ? "once" : fmt::format("{} times", each.times_seen),
                       size_text(each.minimised), each.replay_command);
  }
  for (const std::string& each : result.remarks) out += "note: " + each + "\n";
  return out + (result.findings.empty() ? "" : "\n") + "Summary: " + summary_of(result) + "\n";
}

std::string to_markdown(const record::fuzz_result& result) {
  std::string out =
      fmt::format("## Fuzzing {}: {}\n\n{}\n",
                  markdown_escaped(result.product.empty() ? result.target : result.product),
                  summary_of(result), figures(result));
  for (const std::string& each : result.remarks) out += "\n" + markdown_escaped(each) + "\n";
  if (result.findings.empty()) return out;
  out += "\n| kind | finding | statement | came again | smallest input |\n|:--|:--|:--|:--|:--|\n";
  for (const auto& each : result.findings) {
    out += fmt::format("| {} | {} | {} | {} of {}{} | {} |\n", record::name(each.kind),
                       markdown_escaped(each.sentence), markdown_escaped(each.statement),
                       each.replayed, each.replays, each.flaky ? " (flaky)" : "",
                       size_text(each.minimised));
  }
  return out;
}

std::string to_junit(const record::fuzz_result& result) {
  std::string cases;
  std::size_t failures = 0;
  std::size_t skipped = 0;
  std::size_t count = 0;
  const auto add = [&](std::string_view name, const record::fuzz_finding* finding) {
    count += 1;
    cases += fmt::format("    <testcase classname=\"fuzz\" name=\"{}\"", name);
    if (finding == nullptr) {
      cases += "/>\n";
      return;
    }
    failures += finding->flaky ? 0U : 1U;
    skipped += finding->flaky ? 1U : 0U;
    const std::string what =
        xml_escaped(finding->sentence + "\n" + finding->replay_command + "\n" + finding->script);
    cases += finding->flaky ? fmt::format("><skipped message=\"flaky: {}\"/></testcase>\n",
                                          xml_escaped(finding->sentence))
                            : fmt::format("><failure message=\"{}\">{}</failure></testcase>\n",
                                          xml_escaped(finding->sentence), what);
  };
  for (std::size_t i = 0; i < record::finding_kind_count; ++i) {
    const auto kind = static_cast<record::finding_kind>(i);
    const bool is_asked = (kind == record::finding_kind::model) == (result.mode == "model");
    bool is_clean = is_asked;
    for (const auto& each : result.findings) {
      if (each.kind != kind) continue;
      is_clean = false;
      add(each.id, &each);
    }
    if (is_clean) add(fmt::format("no {}", record::name(kind)), nullptr);
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"fuzz {}\" "
      "tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\" time=\"{:.1f}\">\n{}  "
      "</testsuite>\n</testsuites>\n",
      xml_escaped(result.target), count, failures, skipped, result.seconds, cases);
}

}  // namespace gauntlet::reports
