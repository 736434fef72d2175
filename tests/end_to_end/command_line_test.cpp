// Goal: the command line says what it accepts, and what it does not understand.

#include <ostream>
#include <string>

#include "tests/end_to_end/end_to_end.hpp"

namespace gauntlet::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;

class CommandLine : public end_to_end {};

struct documented_command {
  words command;
  words options;  ///< that its help names
  /// The beginning of what it says about them.
  std::string exit_codes = "Exit codes: 0 all expectations met";

  std::string line() const {
    std::string text = "gauntlet";
    for (const std::string& word : command) text += "_" + word;
    return text;
  }
  friend std::ostream& operator<<(std::ostream& to, const documented_command& each) {
    return to << each.line();
  }
};

class Help : public end_to_end, public testing::WithParamInterface<documented_command> {};

TEST_P(Help, NamesEachOption) {
  for (const char* flag : {"--help", "-h"}) {
    words arguments = GetParam().command;
    arguments.emplace_back(flag);
    const program_end shown = run(arguments);
    EXPECT_THAT(shown, ends_with(0, "Usage: gauntlet", GetParam().exit_codes));
    EXPECT_THAT(shown.err, IsEmpty());
    for (const std::string& option : GetParam().options) EXPECT_THAT(shown.out, HasSubstr(option));
  }
}

INSTANTIATE_TEST_SUITE_P(
    EachCommand, Help,
    testing::Values(
        documented_command{
            {}, {"run", "conform", "report", "scenario", "broker", "brokers", "--version"}},
        documented_command{
            {"run"}, {"scenario",  "--target", "--profiles", "--user",        "--password",
                      "--ca-file", "--cert",   "--key",      "--server-name", "--insecure-tls",
                      "--defect",  "--out",    "--seed",     "--workers",     "--simulate",
                      "--dry-run", "--set",    "--scale",    "--json",        "--quiet"}},
        documented_command{{"conform"},
                           {"--target",
                            "--second-target",
                            "--protocol",
                            "--only",
                            "--skip",
                            "--jobs",
                            "--seed",
                            "--repeat",
                            "--timeout-scale",
                            "--expectations",
                            "--update-expectations",
                            "--strict",
                            "--fast",
                            "--prove",
                            "--dry-run",
                            "--out",
                            "--pcap",
                            "--json",
                            "--quiet",
                            "--defect"}},
        documented_command{
            {"report"}, {"result", "--html", "--junit", "--markdown", "--json-lines", "--badge"}},
        documented_command{{"scenario"}, {"check", "new", "schema", "list"}},
        documented_command{{"scenario", "check"}, {"scenario", "--set", "--scale", "--target"}},
        documented_command{{"scenario", "new"}, {"file", "--kind"}},
        documented_command{{"scenario", "schema"}, {}},
        documented_command{{"scenario", "list"}, {}},
        documented_command{
            {"broker"},
            {"--listen", "--cert", "--key", "--client-ca", "--user", "--allow-anonymous",
             "--defect", "--seed", "--log-level", "--list-defects", "--config", "--check",
             "--print-config", "--set", "--persist", "--hash-password"},
            "Exit codes: 0 it was stopped"},
        documented_command{{"brokers"}, {"--profiles"}}),
    [](const auto& each) { return each.param.line(); });

TEST_F(CommandLine, SaysItsVersion) {
  const program_end shown = run({"--version"});
  EXPECT_EQ(shown.code, 0);
  EXPECT_THAT(shown.out, MatchesRegex("gauntlet [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST_F(CommandLine, NamesWhatItDoesNotKnow) {
  EXPECT_THAT(run({"run", "small.yaml", "--frobnicate"}),
              fails_with(2, "gauntlet: ", "--frobnicate", "See 'gauntlet run --help'"));
  EXPECT_THAT(run({"frobnicate"}),
              fails_with(2, "gauntlet: there is no command 'frobnicate'", "See 'gauntlet --help'"));
  EXPECT_THAT(run({"scenario", "frobnicate"}),
              fails_with(2, "there is no command 'frobnicate'", "See 'gauntlet scenario --help'"));
  EXPECT_THAT(run({"--frobnicate"}), fails_with(2, "there is no option '--frobnicate'"));
}

TEST_F(CommandLine, WantsACommand) {
  EXPECT_THAT(run({}),
              fails_with(2, "gauntlet: A subcommand is required", "See 'gauntlet --help'"));
  EXPECT_THAT(run({"scenario"}), fails_with(2, "A subcommand is required"));
}

TEST_F(CommandLine, WantsAScenario) {
  EXPECT_THAT(run({"run"}), fails_with(2, "gauntlet: scenario is required"));
  EXPECT_THAT(run({"report"}), fails_with(2, "gauntlet: result is required"));
}

TEST_F(CommandLine, NamesTheValueThatDoesNotFit) {
  folder.write("small.yaml", small_fleet().yaml());
  EXPECT_THAT(run({"run", "small.yaml", "--workers", "0"}),
              fails_with(2, "--workers: Value 0 not in range 1 to 256"));
  EXPECT_THAT(run({"run", "small.yaml", "--workers", "many"}),
              fails_with(2, "--workers: Value many"));
  EXPECT_THAT(run({"run", "small.yaml", "--seed", "x"}), fails_with(2, "--seed = x"));
  EXPECT_THAT(run({"run", "small.yaml", "--seed"}), fails_with(2, "--seed"));
}

TEST_F(CommandLine, NamesTheOptionThatIsMissing) {
  folder.write("small.yaml", small_fleet().yaml());
  EXPECT_THAT(run({"run", "small.yaml", "--password", "p"}),
              fails_with(2, "gauntlet: --password needs --user"));
  EXPECT_THAT(run({"run", "small.yaml", "--cert", "c.pem"}),
              fails_with(2, "a client certificate needs both --cert and --key"));
  EXPECT_THAT(run({"run", "small.yaml", "--target", "mosquitto", "--defect", "lose-will"}),
              fails_with(2, "--defect is for the embedded broker"));
}

TEST_F(CommandLine, NamesTheNearestDefect) {
  folder.write("small.yaml", small_fleet().yaml());
  EXPECT_THAT(
      run({"run", "small.yaml", "--defect", "lose-qos1-delivry"}),
      fails_with(2, "no defect is named 'lose-qos1-delivry'; did you mean 'lose-qos1-delivery'?"));
  EXPECT_THAT(run({"run", "small.yaml", "--defect", "lose-qos1-delivery:often"}),
              fails_with(2, "lose-qos1-delivery:often"));
}

}  // namespace
}  // namespace gauntlet::test
