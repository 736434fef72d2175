#include "harness/history/guarantee_report.hpp"

#include "harness/history/rule_names.hpp"

namespace gauntlet::history {
namespace {

record::verdict verdict_of(guarantee_verdict verdict) {
  using enum guarantee_verdict;
  switch (verdict) {
    case not_asked:
      return record::verdict::skipped;
    case pass:
      return record::verdict::pass;
    case indeterminate:
      return record::verdict::inconclusive;
    case warn:
      return record::verdict::warn;
    case fail:
      return record::verdict::fail;
  }
  return record::verdict::inconclusive;
}

duration since(time_point start, time_point when) {
  return when == never ? duration{-1} : when - start;
}

std::string name_of(const evidence& all, std::uint32_t connection) {
  if (connection >= all.connections.size()) return {};
  const connection_record& of = all.connections[connection];
  const std::string client = of.client < all.clients.size() ? all.clients[of.client] : "?";
  return client + "#" + std::to_string(of.number);
}

record::finding_record report(const evidence& all, const finding& from, time_point start) {
  record::finding_record made{.class_name = std::string(from.class_name),
                              .verdict = verdict_of(from.verdict),
                              .sentence = from.sentence,
                              .witness = {}};
  for (const witness_packet& each : from.witness) {
    const fault_index fault = each.times.fault;
    made.witness.push_back(
        {.connection = name_of(all, each.connection),
         .to_broker = each.way == direction::to_broker,
         .sent = since(start, each.times.sent),
         .passed = since(start, each.times.passed),
         .packet = each.what,
         .fault = fault < all.faults.size() ? all.faults[fault] : std::string()});
  }
  return made;
}

}  // namespace

std::vector<record::guarantee_record> report_guarantees(const evidence& all, const findings& found,
                                                        time_point run_start) {
  std::vector<record::guarantee_record> made;
  for (const rule_name& rule : rule_names()) {
    record::guarantee_record record{.rule = std::string(rule.id), .title = std::string(rule.title)};
    const auto account = found.rules().find(rule.id);
    if (account != found.rules().end()) {
      record.verdict = verdict_of(account->second.verdict);
      record.asked = account->second.asked;
      for (const auto& [name, count] : account->second.counts) {
        record.counts.push_back({std::string(name), count});
      }
    }
    for (const finding& each : found.kept()) {
      if (each.rule == rule.id) record.findings.push_back(report(all, each, run_start));
    }
    made.push_back(std::move(record));
  }
  return made;
}

}  // namespace gauntlet::history
