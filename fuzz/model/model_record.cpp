#include "fuzz/model/model_record.hpp"

#include <map>

namespace gauntlet::fuzz::model {
namespace {

constexpr std::uint32_t steady_share = 3;  // of five replays

record::fuzz_input_size size_of(const sequence_plan& plan) {
  return {.inputs = 1,
          .connections = plan.clients.size(),
          .packets = plan.operations.size(),
          .bytes = 0};
}

// "MQTT-3.8.3-3" stands in section 3.8.3.
std::string section_of(std::string_view statement) {
  const std::size_t begin = statement.find('-');
  const std::size_t end = statement.rfind('-');
  if (begin == std::string_view::npos || end <= begin) return {};
  return std::string(statement.substr(begin + 1, end - begin - 1));
}

record::fuzz_finding to_record(const model_finding& finding, std::size_t number) {
  const rule_info& info = info_of(finding.what.broken);
  record::fuzz_finding made;
  made.id = std::string(info.name) + "-" + std::to_string(number);
  made.kind = record::finding_kind::model;
  made.sentence = finding.what.sentence + " (" +
                  (info.how_binding == level::must ? "must: " : "should: ") +
                  std::string(info.promise) + ")";
  made.signature = made.id;
  made.statement = finding.what.statement();
  made.section = section_of(made.statement);
  made.times_seen = finding.times_seen;
  made.first_second = finding.first_second;
  made.first_execution = finding.sequence;
  made.replayed = finding.reproduced;
  made.replays = finding.replays;
  made.flaky = finding.reproduced * 5 < finding.replays * steady_share;
  made.found = size_of(finding.found);
  made.minimised = size_of(finding.shortest);
  for (const std::string& line : finding.script) made.script += line + "\n";
  return made;
}

}  // namespace

record::fuzz_result to_record(const model_result& run, const model_options& options) {
  record::fuzz_result made;
  made.mode = "model";
  made.seed = options.draws.seed;
  made.workers = static_cast<std::uint32_t>(options.lanes);
  made.seconds = std::chrono::duration<double>(run.elapsed).count();
  made.interrupted = run.interrupted;
  made.executions = run.sequences;
  made.packets = run.operations;
  std::map<rule, std::size_t> numbers;
  for (const model_finding& each : run.findings) {
    made.findings.push_back(to_record(each, ++numbers[each.what.broken]));
  }
  if (run.broker_is_gone) {
    made.remarks.push_back("The run ended early: the broker took no connection any more.");
  }
  return made;
}

}  // namespace gauntlet::fuzz::model
