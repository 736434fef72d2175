#include "conformance/runner/reproducer.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "conformance/evidence/netcat.hpp"
#include "conformance/evidence/pcapng.hpp"
#include "conformance/evidence/python.hpp"
#include "harness/broker/defects.hpp"
#include "harness/net/url.hpp"

namespace gauntlet::conformance {
namespace {

// The first statement that the test covers on this version.
std::string statement_text(const planned_test& what, const catalogue& statements) {
  for (const statement_name& each : what.test->covers) {
    if (each.version != what.version) continue;
    const statement* const found = statements.find(each);
    if (found != nullptr) return fmt::format("{} ({}): {}", each.id, found->section, found->says);
  }
  return {};
}

// In single quotes wherever a shell might read more than a word.
std::string shell_word(const std::string& word) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@%+=,";
  if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) return word;
  std::string quoted = "'";
  for (const char letter : word) {
    if (letter == '\'') {
      quoted += "'\\''";
    } else {
      quoted += letter;
    }
  }
  return quoted + "'";
}

// As the command line names the broker.
std::string target_flags(const target::target_options& target) {
  std::string flags = "--target " + shell_word(net::without_password(target.target));
  for (const broker::defect_switch& each : target.embedded.defects) {
    const auto place = static_cast<std::size_t>(each.which);
    flags += fmt::format(" --defect {}", broker::all_defects()[place].name);
    if (each.one_in > 1) flags += fmt::format(":1/{}", each.one_in);
  }
  return flags;
}

// A test's id as the name of a file.
std::string file_name(const planned_test& what) {
  std::string name = what.test->id;
  std::ranges::replace_if(
      name,
      [](char letter) {
        const bool is_plain = (letter >= 'a' && letter <= 'z') ||
                              (letter >= 'A' && letter <= 'Z') ||
                              (letter >= '0' && letter <= '9') || letter == '.';
        return !is_plain;
      },
      '-');
  return fmt::format("{}-mqtt-{}.pcapng", name, mqtt::version_name(what.version));
}

}  // namespace

reproducer_function reproducer_for(const broker_request& wanted, std::uint64_t seed,
                                   const catalogue& statements) {
  return [target = target_flags(wanted.target), seed, &statements](const planned_test& what,
                                                                   const case_result& shown) {
    const evidence_input input{
        .result = shown, .title = what.test->title, .statement = statement_text(what, statements)};
    return record::reproducer_record{
        .netcat = to_netcat(input),
        .python = to_python(input),
        .command = fmt::format("gauntlet conform {} --only {} --protocol {} --seed {}", target,
                               shell_word(what.test->id), mqtt::version_name(what.version), seed)};
  };
}

outcome<std::size_t> write_captures(const std::filesystem::path& folder, const suite_run& run,
                                    const catalogue& statements) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    return failure{.code = exit_code::bad_input,
                   .message = fmt::format("cannot make {}: {}", folder.string(), error.message())};
  }
  std::size_t written = 0;
  for (const test_run& each : run.tests) {
    const case_result* const shown = each.telling();
    if (shown == nullptr || shown->transcripts.empty()) continue;
    if (shown->verdict == verdict::pass && shown->breaches.empty()) continue;
    const auto done = write_pcapng(folder / file_name(each.what),
                                   {.result = *shown,
                                    .title = each.what.test->title,
                                    .statement = statement_text(each.what, statements),
                                    .epoch_ns = run.epoch_ns});
    if (!done) return done.error();
    ++written;
  }
  return written;
}

}  // namespace gauntlet::conformance
