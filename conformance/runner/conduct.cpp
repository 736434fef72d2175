#include "conformance/runner/conduct.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "conformance/runner/reproducer.hpp"
#include "conformance/runner/statement_records.hpp"
#include "harness/base/units.hpp"
#include "harness/net/url.hpp"
#include "harness/record/environment.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::protocol_version;

// What remains of the plan when the broker does not speak a version.
std::vector<planned_test> spoken(const std::vector<planned_test>& plan,
                                 const broker_access& access) {
  std::vector<planned_test> kept;
  std::ranges::copy_if(plan, std::back_inserter(kept), [&](const planned_test& each) {
    const bool is_v5 = each.version == protocol_version::v5;
    return (is_v5 ? access.able_v5 : access.able_v3_1_1).version_refused.empty();
  });
  return kept;
}

// Tests of a version that the broker refuses are blocked, all for one reason.
void add_refused_version(record::conformance_result& result, const std::vector<planned_test>& plan,
                         protocol_version version, const std::string& why,
                         const catalogue& statements) {
  if (why.empty()) return;
  suite_run unreached;
  for (const planned_test& each : plan) {
    if (each.version != version) continue;
    case_result blocked{.id = each.test->id, .version = version, .verdict = verdict::blocked};
    blocked.reason = why;
    unreached.tests.push_back({.what = each, .attempts = {std::move(blocked)}});
  }
  if (unreached.tests.empty()) return;
  const std::string name(mqtt::version_name(version));
  record::cause_group group{.sentence = fmt::format("no MQTT {}: {} tests blocked ({})", name,
                                                    format_count(unreached.tests.size()), why),
                            .verdict = record::test_verdict::blocked,
                            .signature = "no MQTT " + name};
  for (record::test_record& each : test_records(unreached, statements, {})) {
    if (each.kind == record::test_kind::invariant) continue;
    each.transcripts.clear();
    each.reproducer.reset();
    group.tests.push_back({each.version, each.id});
    result.tests.push_back(std::move(each));
  }
  result.groups.push_back(std::move(group));
}

record::conformance_options options_of(const conduct_request& wanted) {
  record::conformance_options options{
      .jobs = wanted.settings.jobs,
      .strict = wanted.strict,
      .fast = wanted.fast,
      .repeat = wanted.settings.repeat,
      .timeout_scale = wanted.broker.timeout_scale,
      .only = wanted.selected.only,
      .skip = wanted.selected.skip,
      .second_target = net::without_password(wanted.broker.second_target)};
  if (wanted.selected.v3_1_1) options.protocols.emplace_back("3.1.1");
  if (wanted.selected.v5) options.protocols.emplace_back("5.0");
  return options;
}

void tell_ending(record::conformance_result& result, const suite_run& run) {
  switch (run.end) {
    case suite_end::complete:
      result.ending = record::ending::complete;
      break;
    case suite_end::interrupted:
      result.ending = record::ending::interrupted;
      break;
    case suite_end::broker_died:
      result.ending = record::ending::target_died;
      break;
  }
  result.ending_sentence = run.end_sentence;
}

}  // namespace

outcome<record::conformance_result> conduct(const std::vector<planned_test>& plan,
                                            const catalogue& statements,
                                            const conduct_request& wanted,
                                            const conduct_observer& observer) {
  net::asio_loop loop;
  net::asio_network network(loop);
  record::conformance_result result{
      .tool_version = wanted.tool_version,
      .command_line = wanted.command_line,
      .environment = record::describe_environment(),
      .seed = wanted.settings.seed,
      .started = std::chrono::floor<std::chrono::milliseconds>(loop.wall_now()),
      .options = options_of(wanted)};
  auto broker = broker_under_test::open(wanted.broker, network);
  if (!broker) return broker.error();
  const broker_access& access = (*broker)->access();
  result.target = (*broker)->describe(wanted.broker.target.target);
  result.capabilities = (*broker)->card();
  const std::vector<planned_test> reached = spoken(plan, access);
  if (observer.on_opened) observer.on_opened(**broker, reached.size());

  for (const auto version : {protocol_version::v3_1_1, protocol_version::v5}) {
    const bool is_v5 = version == protocol_version::v5;
    if (!(is_v5 ? wanted.selected.v5 : wanted.selected.v3_1_1)) continue;
    const capabilities& able = is_v5 ? access.able_v5 : access.able_v3_1_1;
    add_refused_version(result, plan, version, able.version_refused, statements);
    auto records = statement_records(statements, version);
    std::move(records.begin(), records.end(), std::back_inserter(result.statements));
  }

  const bool asks_in_v5 = access.able_v5.version_refused.empty();
  broker_watch watch((*broker)->target(), network, asks_in_v5 ? access.for_v5 : access.for_v3_1_1,
                     {.version = asks_in_v5 ? protocol_version::v5 : protocol_version::v3_1_1,
                      .login = access.login,
                      .tls = access.tls,
                      .timeout = std::chrono::seconds(30)});
  const suite_run run = run_suite(reached, access, wanted.settings, network, watch, observer.suite);
  auto records = test_records(run, statements,
                              reproducer_for(wanted.broker, wanted.settings.seed, statements));
  std::move(records.begin(), records.end(), std::back_inserter(result.tests));
  result.duration = run.took;
  tell_ending(result, run);
  record::complete(result);
  if (observer.on_finished) observer.on_finished(run, **broker);
  (*broker)->stop();
  return result;
}

}  // namespace gauntlet::conformance
