#include "cli/fuzz_model.hpp"

#include <memory>
#include <utility>

#include <fmt/format.h>

#include "cli/fuzz_results.hpp"
#include "cli/interrupt.hpp"
#include "cli/messages.hpp"
#include "cli/result_folder.hpp"
#include "cli/status_line.hpp"
#include "cli/target_flags.hpp"
#include "fuzz/campaign/finding_folder.hpp"
#include "fuzz/campaign/subject.hpp"
#include "fuzz/model/abilities.hpp"
#include "fuzz/model/live_lane.hpp"
#include "fuzz/model/model_record.hpp"
#include "fuzz/model/model_run.hpp"
#include "fuzz/model/reference_lane.hpp"
#include "fuzz/model/sequence_text.hpp"
#include "harness/base/units.hpp"
#include "harness/net/asio_loop.hpp"
#include "harness/net/asio_network.hpp"
#include "harness/record/atomic_file.hpp"
#include "harness/target/check_target.hpp"
#include "harness/target/managed_broker.hpp"
#include "reports/fuzz/fuzz_reports.hpp"

namespace gauntlet::cli {
namespace {

using namespace std::chrono_literals;
namespace model = fuzz::model;

constexpr std::string_view sequence_file = "sequence.txt";
// Most sequences of a live broker wait for something, and burden nobody meanwhile.
constexpr std::size_t live_lanes = 16;

// The broker of a run, and lanes to it.
class playground {
 public:
  /// What the request asks for, if it is possible; opens nothing.
  static outcome<target::target_options> check(const model_request& request) {
    target::target_options options{.target = request.target, .profiles_folder = request.profiles};
    if (auto added = add_defects(request.defects, options); !added) return added.error();
    options.embedded.seed = request.seed;
    if (auto possible = target::check_target(options); !possible) return possible.error();
    auto allowed = fuzz::subject::check_ownership(
        {.target = options, .may_leave_machine = request.is_own_target});
    if (!allowed) return allowed.error();
    return options;
  }
  /// `run_folder`: for what the broker writes.
  static outcome<std::unique_ptr<playground>> open(target::target_options options,
                                                   const std::filesystem::path& run_folder) {
    auto made = std::make_unique<playground>();
    made->embedded_ = options.embedded;
    if (options.target == "embedded") return made;
    options.run_folder = run_folder;
    auto opened = target::open_target(options, made->network_);
    if (!opened) return opened.error();
    made->broker_ = std::move(*opened);
    return made;
  }
  ~playground() {
    if (broker_) broker_->stop();
  }

  bool is_live() const { return broker_ != nullptr; }
  std::string product() const { return broker_ ? broker_->product() : "the reference broker"; }
  std::string log_tail() const {
    return broker_ && broker_->managed() != nullptr ? broker_->managed()->log_tail(40) : "";
  }
  outcome<std::unique_ptr<model::lane>> open_lane() const {
    if (!broker_) return model::open_reference_lane(embedded_);
    return model::open_live_lane(*broker_);
  }

 private:
  broker::options embedded_;
  net::asio_loop loop_;
  net::asio_network network_{loop_};
  std::unique_ptr<target::target_handle> broker_;
};

outcome<model::model_options> make_options(const model_request& request, const playground& on) {
  model::model_options options;
  options.draws.seed = request.seed;
  options.play.names = request.names;
  options.play.grace = 4s;
  options.sequences = request.sequences;
  options.time = request.time;
  options.lanes = request.lanes != 0 ? request.lanes : on.is_live() ? live_lanes : 1;
  options.replays = request.times;
  options.is_interrupted = [] { return interrupt_guard::requested(); };
  // What waits for real time is worth less of it.
  if (on.is_live()) options.draws.timed_share = 0.15;
  auto lane = on.open_lane();
  if (!lane) return lane.error();
  const auto asked =
      model::ask_abilities(**lane, options.draws, request.names + "q", options.play.grace);
  if (!asked) return asked.error();
  return options;
}

outcome<void> write_findings(const std::filesystem::path& folder, record::fuzz_result& result,
                             const model::model_result& run, const model_request& request,
                             const std::string& log) {
  for (std::size_t i = 0; i < result.findings.size(); ++i) {
    record::fuzz_finding& finding = result.findings[i];
    finding.configuration = request.target;
    finding.folder = "findings/" + finding.id;
    const std::filesystem::path place = folder / finding.folder;
    finding.replay_command =
        fmt::format("gauntlet fuzz --target {} --replay {}", request.target, place.string());
    for (const std::string& each : request.defects) finding.replay_command += " --defect " + each;
    if (auto written = fuzz::write_finding(place, finding, {}, log); !written) return written;
    const std::string text = fmt::format("# {}\n# drawn as sequence {} of seed {}\n{}{}",
                                         finding.sentence, run.findings[i].sequence, result.seed,
                                         model::passing_text(run.findings[i].passed_over),
                                         to_text(run.findings[i].shortest));
    if (auto written = write_text(place / sequence_file, text); !written) return written;
  }
  return {};
}

std::string figures_of(const model::model_result& run) {
  const double seconds = std::max(std::chrono::duration<double>(run.elapsed).count(), 0.001);
  return fmt::format("{} sequences ({:.1f}/s), {} operations, {} messages, {} receipts judged",
                     format_count(run.sequences), static_cast<double>(run.sequences) / seconds,
                     format_count(run.operations), format_count(run.messages),
                     format_count(run.receipts));
}

}  // namespace

exit_code fuzz_by_model(const model_request& request) {
  const auto target = playground::check(request);
  if (!target) return fail(target.error());
  const auto folder = make_result_folder(request.out, "model-" + request.target);
  if (!folder) return fail(folder.error());
  auto ground = playground::open(*target, *folder / "broker");
  if (!ground) {
    remove_if_empty(*folder);
    return fail(ground.error());
  }
  const interrupt_guard guard;
  auto options = make_options(request, **ground);
  if (!options) {
    remove_if_empty(*folder);
    return fail(options.error());
  }
  status_line line{stderr_is_terminal()};
  model::model_progress progress;
  if (!request.quiet) {
    progress = [&line](const model::model_result& now) {
      if (!line.is_due(2s)) return;
      line.draw(fmt::format("{:.0f} s: {}, {} findings",
                            std::chrono::duration<double>(now.elapsed).count(), figures_of(now),
                            now.findings.size()));
    };
  }
  const auto run = model::run_model([&] { return (*ground)->open_lane(); }, *options, progress);
  if (!run) return fail(run.error());
  record::fuzz_result result = to_record(*run, *options);
  result.tool_version = GAUNTLET_VERSION;
  result.command_line = without_passwords(request.command_line);
  result.target = request.target;
  result.product = (*ground)->product();
  result.configurations = {request.target};
  const std::string log = (*ground)->log_tail();
  for (auto done :
       {write_findings(*folder, result, *run, request, log), write_fuzz_results(*folder, result)}) {
    if (!done) return fail(done.error());
  }
  fmt::print("{}\n{}; {} shrinking\nReport: {}\n", reports::to_text(result), figures_of(*run),
             format_count(run->shrink_runs), (*folder / "report.html").string());
  if (result.steady_findings() > 0) return exit_code::expectation_failed;
  return run->broker_is_gone ? exit_code::environment_failed : exit_code::ok;
}

bool is_model_finding(const std::filesystem::path& place) {
  std::error_code none;
  return std::filesystem::exists(place / sequence_file, none) ||
         (place.extension() == ".txt" && std::filesystem::is_regular_file(place, none));
}

exit_code replay_sequence(const std::filesystem::path& place, const model_request& request) {
  const bool is_file = std::filesystem::is_regular_file(place);
  const auto text = record::read_file(is_file ? place : place / sequence_file);
  if (!text) return fail(text.error());
  const auto plan = model::parse_sequence(*text);
  if (!plan) return fail(plan.error());
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("gauntlet-replay-" + request.names);
  const auto target = playground::check(request);
  if (!target) return fail(target.error());
  auto ground = playground::open(*target, folder);
  if (!ground) return fail(ground.error());
  const auto options = make_options(request, **ground);
  if (!options) return fail(options.error());
  std::uint32_t broken = 0;
  {
    auto lane = (*ground)->open_lane();
    if (!lane) return fail(lane.error());
    model::player plays(**lane, options->play);
    for (std::uint32_t i = 0; i < request.times; ++i) {
      const model::playing seen = plays.play(*plan, true, model::parse_passing(*text));
      broken += seen.found ? 1U : 0U;
      if (i > 0 && broken != 1) continue;
      for (const std::string& each : seen.script) fmt::print("{}\n", each);
    }
  }
  fmt::print("A rule was broken in {} of {} times.\n", broken, request.times);
  ground->reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  return broken == 0 ? exit_code::ok : exit_code::expectation_failed;
}

}  // namespace gauntlet::cli
