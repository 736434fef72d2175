// gauntlet brokers: the profiles, which of them are installed, how to get the others.

#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/messages.hpp"
#include "harness/target/profile.hpp"

namespace gauntlet::cli {
namespace {

exit_code list(const std::string& folder) {
  const auto profiles = target::list_profiles(folder);
  if (!profiles) return fail(profiles.error());
  fmt::print("{:<14} {}\n", "embedded", "the reference broker, always there");
  for (const target::profile& profile : *profiles) {
    const auto version = target::installed_version(profile);
    fmt::print("{:<14} {}\n", profile.name,
               !version           ? "not installed; install it with: " + profile.install
               : version->empty() ? profile.title + ", installed"
                                  : profile.title + " " + *version + ", installed");
  }
  return exit_code::ok;
}

}  // namespace

void add_brokers_command(CLI::App& program, action& chosen) {
  auto folder = std::make_shared<std::string>();
  CLI::App* command = program.add_subcommand(
      "brokers", "List the broker profiles: which are installed, how to get the others");
  command->add_option("--profiles", *folder, "Folder with further profiles");
  command->callback([folder, &chosen] { chosen = [folder] { return list(*folder); }; });
}

}  // namespace gauntlet::cli
