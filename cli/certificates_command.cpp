// gauntlet certificates: an authority, a server and one client for each device, for test runs with
// TLS.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/messages.hpp"
#include "cli/scenario_library.hpp"
#include "harness/base/units.hpp"
#include "harness/net/certificate_authority.hpp"
#include "sim/plan/fleet_plan.hpp"

namespace gauntlet::cli {
namespace {

struct certificates_flags {
  std::string scenario;
  std::string folder = "certificates";
  std::vector<std::string> server_names = {"localhost", "127.0.0.1", "::1"};
  std::vector<std::string> clients;
  int days = 30;
  bool replace = false;
};

net::identity_files files_named(const certificates_flags& flags, const std::string& name) {
  const auto base = std::filesystem::path(flags.folder) / name;
  return {.certificate_file = base.string() + ".pem", .key_file = base.string() + ".key"};
}

bool is_address(const std::string& name) {
  return name.find(':') != std::string::npos ||
         name.find_first_not_of("0123456789.") == std::string::npos;
}

net::certificate_request server_request(const certificates_flags& flags) {
  net::certificate_request request{.common_name = flags.server_names.front(),
                                   .host_names = {},
                                   .addresses = {},
                                   .valid_to_days = flags.days};
  for (const std::string& name : flags.server_names) {
    (is_address(name) ? request.addresses : request.host_names).push_back(name);
  }
  return request;
}

net::certificate_request client_request(const certificates_flags& flags, std::string name) {
  return {.common_name = std::move(name),
          .host_names = {},
          .addresses = {},
          .valid_to_days = flags.days};
}

// One certificate for each device of the scenario that shows one, where the scenario looks for it.
outcome<std::size_t> issue_for_scenario(const certificates_flags& flags,
                                        const net::certificate_authority& authority) {
  const auto file = find_scenario(flags.scenario);
  if (!file) return file.error();
  auto described = sim::load_scenario(*file);
  if (!described) return config::to_failure(described.error());
  const sim::fleet_plan plan(std::move(*described));
  std::size_t count = 0;
  for (sim::device_number device = 0; device < plan.device_count(); ++device) {
    auto files = plan.certificate_of(device);
    if (!files) continue;
    const auto issued = authority.issue(client_request(flags, plan.client_id_of(device)),
                                        {.certificate_file = std::move(files->certificate_file),
                                         .key_file = std::move(files->key_file)});
    if (!issued) return issued.error();
    ++count;
  }
  if (count == 0) {
    return bad_input(file->string() + ": no group has a 'certificate', so none was made for it");
  }
  return count;
}

exit_code make(const certificates_flags& flags) {
  const net::identity_files authority_files = files_named(flags, "ca");
  if (!flags.replace && std::filesystem::exists(authority_files.certificate_file)) {
    return fail(bad_input(
        fmt::format("{} exists; --replace makes everything anew, --out names another folder",
                    authority_files.certificate_file)));
  }
  const auto authority =
      net::certificate_authority::make("Gauntlet test authority", flags.days, authority_files);
  if (!authority) return fail(authority.error());
  const net::identity_files server = files_named(flags, "server");
  if (const auto issued = authority->issue(server_request(flags), server); !issued) {
    return fail(issued.error());
  }
  fmt::print("{}\n  the authority to trust\n", authority_files.certificate_file);
  fmt::print("{}, {}\n  a server: {}\n", server.certificate_file, server.key_file,
             fmt::join(flags.server_names, ", "));
  for (const std::string& name : flags.clients) {
    const net::identity_files files = files_named(flags, name);
    const auto issued = authority->issue(client_request(flags, name), files);
    if (!issued) return fail(issued.error());
    fmt::print("{}, {}\n  a client\n", files.certificate_file, files.key_file);
  }
  if (!flags.scenario.empty()) {
    const auto count = issue_for_scenario(flags, *authority);
    if (!count) return fail(count.error());
    fmt::print("{} clients of {}, where it looks for them\n", format_count(*count), flags.scenario);
  }
  fmt::print("Valid for {} days. For tests only: the keys are not encrypted.\n", flags.days);
  return exit_code::ok;
}

}  // namespace

void add_certificates_command(CLI::App& program, action& chosen) {
  constexpr int days_max = 3650;
  auto flags = std::make_shared<certificates_flags>();
  CLI::App* command = program.add_subcommand(
      "certificates", "Make an authority, a server and clients for test runs with TLS");
  command->add_option("SCENARIO", flags->scenario,
                      "Make a certificate for each device that shows one, where the file says");
  command->add_option("--out", flags->folder, "Folder for authority, server and clients")
      ->capture_default_str();
  command
      ->add_option("--server-name", flags->server_names,
                   "Name or address that the server's certificate holds; may be repeated")
      ->allow_extra_args(false)
      ->capture_default_str();
  command->add_option("--client", flags->clients, "Make a client of this name; may be repeated")
      ->allow_extra_args(false);
  command->add_option("--days", flags->days, "How long they are valid")
      ->check(CLI::Range(1, days_max))
      ->capture_default_str();
  command->add_flag("--replace", flags->replace, "Overwrite what is there");
  command->callback([flags, &chosen] { chosen = [flags] { return make(*flags); }; });
}

}  // namespace gauntlet::cli
