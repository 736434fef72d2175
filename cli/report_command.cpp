// gauntlet report: renders a recorded result again.

#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/messages.hpp"
#include "cli/result_folder.hpp"
#include "harness/record/json.hpp"
#include "reports/html.hpp"
#include "reports/junit.hpp"
#include "reports/markdown.hpp"
#include "reports/text.hpp"

namespace gauntlet::cli {
namespace {

struct report_flags {
  std::string result;
  std::string html;
  std::string junit;
  std::string markdown;
};

exit_code render(const report_flags& flags) {
  std::filesystem::path file = flags.result;
  std::error_code error;
  if (std::filesystem::is_directory(file, error)) file /= "result.json";
  const auto run = record::read_run_result(file);
  if (!run) return fail(run.error());
  const bool to_files = !flags.html.empty() || !flags.junit.empty() || !flags.markdown.empty();
  if (!to_files) {
    fmt::print("{}", reports::to_text(*run, {.colour = stdout_is_colourful()}));
    return exit_code::ok;
  }
  outcome<void> done;
  if (done && !flags.html.empty()) done = write_text(flags.html, reports::to_html(*run));
  if (done && !flags.junit.empty()) done = write_text(flags.junit, reports::to_junit(*run));
  if (done && !flags.markdown.empty()) {
    done = write_text(flags.markdown, reports::to_markdown(*run));
  }
  return done ? exit_code::ok : fail(done.error());
}

}  // namespace

void add_report_command(CLI::App& program, action& chosen) {
  auto flags = std::make_shared<report_flags>();
  CLI::App* command = program.add_subcommand(
      "report", "Render a result again: text on the terminal, or the files you name");
  command->add_option("result", flags->result, "result.json, or the folder that holds it")
      ->required();
  command->add_option("--html", flags->html, "Write the HTML page to this file");
  command->add_option("--junit", flags->junit, "Write JUnit XML to this file");
  command->add_option("--markdown", flags->markdown, "Write a Markdown summary to this file");
  command->callback([flags, &chosen] { chosen = [flags] { return render(*flags); }; });
}

}  // namespace gauntlet::cli
