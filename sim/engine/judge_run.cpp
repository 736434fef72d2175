#include <utility>

#include "harness/history/delivery_account.hpp"
#include "harness/history/will_account.hpp"
#include "sim/engine/expectation_judge.hpp"
#include "sim/engine/generator_judge.hpp"
#include "sim/engine/guarantee_report.hpp"
#include "sim/engine/plan_catalogue.hpp"
#include "sim/engine/run_books.hpp"

namespace gauntlet::sim {
namespace {

void enter_deliveries(const fleet_plan& plan, run_books& run) {
  const plan_catalogue catalogue(plan, run.publishing_start, run.ledger.recorded);
  for (const auto& [key, figures] : history::judge_deliveries(run.ledger, catalogue)) {
    record::delivery_account& account =
        run.result.measured
            .flow(plan.described().fleet[key.group].name,
                  static_cast<std::uint8_t>(key.effective_qos), plan.stages().name(key.stage))
            .account;
    account.expected_deliveries += figures.expected + figures.uncertain;
    account.delivered += figures.delivered;
    // What is missing can only be called lost when there was time for it to come.
    account.lost += run.drained ? figures.lost : 0;
    account.duplicated += figures.duplicated;
    account.reordered += figures.reordered;
    account.uncertain += figures.uncertain + (run.drained ? 0 : figures.lost);
    account.unexpected += figures.unexpected;
  }
}

void enter_wills(const fleet_plan& plan, run_books& run) {
  const plan_catalogue catalogue(plan, run.publishing_start, run.ledger.recorded);
  const history::will_figures figures =
      history::judge_wills(run.ledger, catalogue, run.run_start + run.result.duration);
  record::will_account& account = run.result.measured.wills;
  account.expected += figures.expected;
  account.delivered += figures.delivered;
  account.missing += figures.missing;
  account.unexpected += figures.unexpected;
}

}  // namespace

record::run_result judge_run(const fleet_plan& plan, const std::string& scenario_path,
                             run_books books) {
  enter_deliveries(plan, books);
  enter_wills(plan, books);
  record::run_result& result = books.result;
  result.expectations =
      judge_expectations(plan.described(), scenario_path, result.measured, books.publishing);
  for (record::expectation_record& each : expectations_of(result.guarantees)) {
    result.expectations.push_back(std::move(each));
  }
  if (books.ended_early) {
    // What the part that ran has to say may be undecided; that it was not met is known.
    record::expectation_record& ended = result.expectations[books.ended_early->expectation];
    ended.verdict = record::verdict::fail;
    ended.observed = books.ended_early->observed;
  }
  result.generator = judge_generator(result.measured, result.duration);
  record::conclude(result);
  return std::move(result);
}

}  // namespace gauntlet::sim
