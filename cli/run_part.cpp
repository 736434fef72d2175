#include "cli/run_part.hpp"

#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "cli/interrupt.hpp"
#include "cli/messages.hpp"
#include "cli/result_folder.hpp"

namespace gauntlet::cli {
namespace {

// "2/3": both numbers from 1.
std::optional<sim::fleet_part> parse_part(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == text.npos) return std::nullopt;
  const auto number = [](std::string_view digits) -> std::uint32_t {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc() && end == digits.data() + digits.size() ? value : 0;
  };
  const std::uint32_t which = number(text.substr(0, slash));
  const std::uint32_t count = number(text.substr(slash + 1));
  if (which == 0 || which > count || count > sim::fleet_part::count_max) return std::nullopt;
  return sim::fleet_part{.index = which - 1, .count = count};
}

// Milliseconds may be left out.
std::optional<record::wall_time> parse_time(std::string text) {
  constexpr std::size_t size_to_seconds = 20;
  if (text.size() == size_to_seconds && text.back() == 'Z')
    text.insert(size_to_seconds - 1, ".000");
  return record::from_iso8601(text);
}

std::string part_name(const sim::host_part& what) {
  return fmt::format("part {} of {}", what.part.index + 1, what.part.count);
}

// What the shell is told of a part: whether it ran, for nothing is judged yet.
exit_code code_of(record::ending ending) {
  record::run_result judged{.ending = ending};
  record::conclude(judged);
  return judged.exit_code;
}

}  // namespace

outcome<std::optional<sim::host_part>> read_host_part(const run_flags& flags) {
  if (flags.part.empty() && flags.start_at.empty()) return std::optional<sim::host_part>();
  if (flags.part.empty() || flags.start_at.empty()) {
    return bad_input("--part and --start-at go together: which part, and when publishing begins");
  }
  const auto part = parse_part(flags.part);
  if (!part) {
    return bad_input(fmt::format("--part {}: give it as 2/3, the second of three parts of up to {}",
                                 flags.part, sim::fleet_part::count_max));
  }
  const auto start = parse_time(flags.start_at);
  if (!start) {
    return bad_input(fmt::format("--start-at {}: give the time in UTC, as 2026-01-31T09:05:00Z",
                                 flags.start_at));
  }
  if (flags.json) return bad_input("--json is for the merged result: gauntlet merge --json");
  return std::optional(sim::host_part{.part = *part, .start_at = *start});
}

exit_code run_part(const run_flags& flags, chosen_scenarios chosen, const invocation& called,
                   const sim::host_part& what) {
  if (chosen.variants.size() > 1) {
    return fail(bad_input("--part runs one combination of a matrix: choose it with --set"));
  }
  sim::scenario described = std::move(chosen.variants.front().described);
  if (flags.seed) described.seed = *flags.seed;
  auto options = make_run_options(flags, chosen, described, called);
  if (!options) return fail(options.error());
  options->part = what;
  const sim::fleet_plan plan(std::move(described));
  const auto folder = make_result_folder(flags.out, plan.described().name);
  if (!folder) return fail(folder.error());
  options->target.run_folder = *folder;
  if (!flags.quiet) {
    fmt::print("{} of ", part_name(what));
    print_start(flags, plan, *options);
  }
  const interrupt_guard interrupts;
  auto books = run_fleet_part(flags, plan, *options);
  if (!books) return fail(books.error());
  const record::ending ending = books->result.ending;
  const std::string sentence = books->result.ending_sentence;
  books->result.scenario.plan_sha256 = sim::plan_fingerprint(plan);
  const auto written =
      sim::write_part(*folder / part_file_name, {.what = what,
                                                 .choices = flags.scenario.set,
                                                 .scale = flags.scenario.scale.value_or(1),
                                                 .books = std::move(*books)});
  if (!written) return fail(written.error());
  fmt::print("{}: {}\nto be merged: {}\n", part_name(what), sentence,
             (*folder / part_file_name).string());
  return code_of(ending);
}

}  // namespace gauntlet::cli
