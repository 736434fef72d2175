// gauntlet broker: the reference broker on its own.

#include <csignal>
#include <cstdio>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/broker_flags.hpp"
#include "cli/broker_log.hpp"
#include "cli/commands.hpp"
#include "cli/messages.hpp"
#include "harness/auth/password_verifier.hpp"
#include "harness/broker/server.hpp"
#include "harness/net/asio_loop.hpp"
#include "harness/net/asio_network.hpp"
#include "harness/net/url.hpp"
#include "sim/engine/machine_limits.hpp"

namespace gauntlet::cli {
namespace {

constexpr duration shut_down_limit = std::chrono::seconds(6);

exit_code list_defects() {
  for (const broker::defect_info& info : broker::all_defects()) {
    fmt::print("{}\n    {}\n", info.name, info.sentence);
    if (info.violates.empty()) {
      fmt::print("    for fuzzing campaigns; only in a process of its own\n");
    } else {
      fmt::print("    violates {}\n", info.violates);
    }
  }
  return exit_code::ok;
}

outcome<broker::server_options> make_options(const broker_flags& flags) {
  auto configured = load_broker_configuration(flags);
  if (!configured) return configured.error();
  configured->broker.harm = broker::harm_in_earnest();
  return broker_config::to_server_options(*configured);
}

// Certificates and keys are tried where nobody notices.
outcome<void> try_tls(const broker::server_options& chosen) {
  net::asio_loop loop;
  net::asio_network network(loop);
  for (const broker::listen_address& address : chosen.listen) {
    if (!address.tls) continue;
    const net::endpoint anywhere{.transport = address.where.transport, .host = "127.0.0.1"};
    auto tried = network.listen(anywhere, address.tls, [](std::unique_ptr<net::channel>) {});
    if (!tried) return tried.error();
  }
  return {};
}

exit_code check(const broker_flags& flags) {
  const auto chosen = make_options(flags);
  if (!chosen) return fail(chosen.error());
  if (const auto tried = try_tls(*chosen); !tried) return fail(tried.error());
  fmt::print("{}: in order\n",
             flags.config_file.empty() ? std::string("configuration") : flags.config_file);
  for (const broker::listen_address& address : chosen->listen) {
    fmt::print("would listen on {}\n", net::to_string(address.where));
  }
  return exit_code::ok;
}

exit_code print_config() {
  fmt::print("{}", broker_config::example_configuration());
  return exit_code::ok;
}

exit_code print_schema() {
  fmt::print("{}\n", broker_config::configuration_json_schema());
  return exit_code::ok;
}

// The password is a line of standard input, so that no other user of the machine sees it.
exit_code hash_password() {
  std::string password;
  std::getline(std::cin, password);
  if (!password.empty() && password.back() == '\r') password.pop_back();
  if (password.empty())
    return fail(bad_input("--hash-password reads a password from standard input"));
  fmt::print("{}\n", auth::to_text(auth::make_verifier(as_bytes(password))));
  return exit_code::ok;
}

exit_code serve(const broker_flags& flags) {
  auto chosen = make_options(flags);
  if (!chosen) return fail(chosen.error());
  sim::raise_descriptor_limit();
  net::asio_loop loop;
  net::asio_network network(loop);
  chosen->broker.sink = lines_to(stderr, loop);
  std::vector<broker::listen_address> addresses = chosen->listen;
  std::optional<failure> storage_failure;
  chosen->on_storage_failure = [&](const failure& why) {
    storage_failure = why;
    loop.stop();
  };
  auto started = broker::server::start(network, std::move(*chosen));
  if (!started) return fail(started.error());
  // Before anybody is told that it runs, and may stop it.
  for (const int number : {SIGINT, SIGTERM}) loop.on_signal(number, [&loop] { loop.stop(); });
  const std::vector<std::uint16_t> ports = (*started)->ports();
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    addresses[i].where.port = ports[i];
    fmt::print("listening on {}\n", net::to_string(addresses[i].where));
  }
  std::fflush(stdout);
  loop.run();
  if (storage_failure) return fail(*storage_failure);
  (*started)->shut_down();
  loop.run_until([&] { return network.connections_closing() == 0; }, loop.now() + shut_down_limit);
  return exit_code::ok;
}

constexpr const char* footer =
    "Without flags it listens on 127.0.0.1:1883 and lets everybody in. It runs until SIGINT or "
    "SIGTERM,\nsays on standard output where it listens, and logs on standard error. "
    "docs/broker.md "
    "explains it all.\n\n"
    "Exit codes: 0 it was stopped, or the configuration is in order; 2 command line or file "
    "wrong;\n"
    "3 it cannot listen, or the machine failed; 4 a fault of Gauntlet's own.";

}  // namespace

void add_broker_command(CLI::App& program, action& chosen) {
  auto flags = std::make_shared<broker_flags>();
  CLI::App* command = program.add_subcommand(
      "broker", "Run the reference broker on its own, with switchable defects");
  command->footer(footer);
  add_broker_flags(*command, *flags);

  // What ends instead of serving; the last one given counts.
  auto other = std::make_shared<action>();
  const auto add_instead = [&](const char* name, const char* group, const char* help, action what) {
    command
        ->add_flag_callback(
            name, [other, what] { *other = what; }, help)
        ->group(group);
  };
  add_instead("--check", "Configuration", "Check flags, file and certificates, and end",
              [flags] { return check(*flags); });
  add_instead("--print-config", "Configuration",
              "Print a file with every key, its default and what it means, and end", print_config);
  add_instead("--print-schema", "Configuration",
              "Print the JSON Schema of the file, for editors, and end", print_schema);
  add_instead("--hash-password", "Clients",
              "Print the form to store of the password on standard input, and end", hash_password);
  add_instead("--list-defects", "Behaviour", "List the defects and end", list_defects);
  command->callback([flags, other, &chosen] {
    chosen = *other ? *other : action([flags] { return serve(*flags); });
  });
}

}  // namespace gauntlet::cli
