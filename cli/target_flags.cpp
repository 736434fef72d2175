#include "cli/target_flags.hpp"

#include <utility>

#include "harness/broker/defects.hpp"

namespace gauntlet::cli {
namespace {

net::tls_version to_net(sim::tls_settings::version version) {
  return version == sim::tls_settings::version::v1_2 ? net::tls_version::tls1_2
                                                     : net::tls_version::tls1_3;
}

net::tls_client_options to_net(const sim::tls_settings& settings) {
  return {.ca_file = settings.ca_file,
          .certificate_file = settings.certificate_file,
          .key_file = settings.key_file,
          .server_name = settings.server_name,
          .alpn = settings.alpn,
          .version_min = to_net(settings.version_min),
          .version_max = to_net(settings.version_max),
          .insecure = settings.insecure};
}

void override_with(const std::string& flag, std::string& value) {
  if (!flag.empty()) value = flag;
}

}  // namespace

void add_target_flags(CLI::App& command, target_flags& into, const std::string& otherwise) {
  command.add_option("--target", into.target,
                     "Broker: a URL (mqtt, mqtts, ws, wss), a profile that Gauntlet starts "
                     "(mosquitto, ...), or embedded [" +
                         otherwise + "]");
  command.add_option("--profiles", into.profiles, "Folder with further broker profiles");
  command.add_option("--user", into.user_name, "User name, for devices that name none");
  command.add_option("--password", into.password, "Password to --user");
  command.add_option("--ca-file", into.ca_file, "CA certificates to trust (PEM) [the system's]");
  command.add_option("--cert", into.certificate_file, "Client certificate (PEM)");
  command.add_option("--key", into.key_file, "Key to --cert (PEM)");
  command.add_option("--server-name", into.server_name, "Name to expect in the certificate");
  command.add_flag("--insecure-tls", into.insecure_tls, "Accept any certificate");
  command
      .add_option("--defect", into.defects,
                  "Make the embedded broker misbehave: a name from 'gauntlet broker "
                  "--list-defects', with :1/N for one time in N; may be repeated")
      ->allow_extra_args(false);
}

outcome<void> add_defects(const std::vector<std::string>& names, target::target_options& to) {
  for (const std::string& name : names) {
    auto parsed = broker::parse_defect(name);
    if (!parsed) return parsed.error();
    to.embedded.defects.push_back(*parsed);
  }
  return target::check_defects(to);
}

outcome<target::target_options> make_target_options(const target_flags& flags,
                                                    const sim::scenario& described) {
  target::target_options options{
      .target = flags.target.empty() ? described.target.to : flags.target,
      .profiles_folder = flags.profiles};
  if (described.target.tls) options.tls = to_net(*described.target.tls);
  override_with(flags.ca_file, options.tls.ca_file);
  override_with(flags.certificate_file, options.tls.certificate_file);
  override_with(flags.key_file, options.tls.key_file);
  override_with(flags.server_name, options.tls.server_name);
  options.tls.insecure = options.tls.insecure || flags.insecure_tls;
  if (options.tls.certificate_file.empty() != options.tls.key_file.empty()) {
    return bad_input("a client certificate needs both --cert and --key");
  }
  if (!flags.user_name.empty()) {
    options.login = target::credentials{.user_name = flags.user_name, .password = flags.password};
  } else if (!flags.password.empty()) {
    return bad_input("--password needs --user");
  }
  if (auto added = add_defects(flags.defects, options); !added) return added.error();
  options.embedded.seed = described.seed;
  return options;
}

}  // namespace gauntlet::cli
