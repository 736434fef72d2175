// gauntlet broker: the reference broker on its own.

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/messages.hpp"
#include "harness/broker/server.hpp"
#include "harness/net/asio_loop.hpp"
#include "harness/net/asio_network.hpp"
#include "harness/net/url.hpp"
#include "sim/engine/machine_limits.hpp"

namespace gauntlet::cli {
namespace {

constexpr duration shut_down_limit = std::chrono::seconds(6);

struct broker_flags {
  std::vector<std::string> listen{"127.0.0.1:1883"};
  std::string certificate_file;
  std::string key_file;
  std::string client_ca_file;
  std::vector<std::string> users;
  bool allow_anonymous = false;
  std::vector<std::string> defects;
  std::uint64_t seed = 1;
  std::string persist_directory;
  std::string persist_sync = "full";
  std::string log_level = "info";
  bool list_defects = false;
};

exit_code list_defects() {
  for (const broker::defect_info& info : broker::all_defects()) {
    fmt::print("{}\n    {}\n    violates {}\n", info.name, info.sentence, info.violates);
  }
  return exit_code::ok;
}

outcome<broker::listen_address> parse_listen(const std::string& text, const broker_flags& flags) {
  auto where = net::parse_listen_url(text);
  if (!where) return where.error();
  const net::transport carrier = where->transport;
  broker::listen_address address{.where = std::move(*where)};
  if (carrier == net::transport::tls || carrier == net::transport::wss) {
    if (flags.certificate_file.empty() || flags.key_file.empty()) {
      return bad_input(fmt::format("--listen {} needs --cert and --key", text));
    }
    address.tls = net::tls_server_options{.certificate_file = flags.certificate_file,
                                          .key_file = flags.key_file,
                                          .client_ca_file = flags.client_ca_file};
  }
  return address;
}

outcome<broker::log_level> parse_level(const std::string& name) {
  for (const auto level :
       {broker::log_level::none, broker::log_level::error, broker::log_level::warning,
        broker::log_level::info, broker::log_level::debug}) {
    if (broker::to_string(level) == name) return level;
  }
  return bad_input(
      fmt::format("--log-level {}: the levels are none, error, warning, info and debug", name));
}

outcome<broker::server_options> make_options(const broker_flags& flags) {
  broker::server_options chosen;
  for (const std::string& text : flags.listen) {
    auto address = parse_listen(text, flags);
    if (!address) return address.error();
    chosen.listen.push_back(std::move(*address));
  }
  for (const std::string& user : flags.users) {
    auto parsed = broker::parse_user(user);
    if (!parsed) return bad_input("--user: " + parsed.error().message);
    chosen.broker.users.push_back(std::move(*parsed));
  }
  for (const std::string& name : flags.defects) {
    auto parsed = broker::parse_defect(name);
    if (!parsed) return parsed.error();
    chosen.broker.defects.push_back(*parsed);
  }
  chosen.broker.persistence = {.directory = flags.persist_directory,
                               .synchronization = flags.persist_sync == "normal"
                                                      ? broker::store_synchronization::normal
                                                      : broker::store_synchronization::full};
  auto level = parse_level(flags.log_level);
  if (!level) return level.error();
  chosen.broker.level = *level;
  chosen.broker.allow_anonymous = flags.allow_anonymous;
  chosen.broker.seed = flags.seed;
  chosen.broker.sink = [](broker::log_level at, std::string_view line) {
    fmt::print(stderr, "{} {}\n", broker::to_string(at), line);
  };
  return chosen;
}

exit_code serve(const broker_flags& flags) {
  auto chosen = make_options(flags);
  if (!chosen) return fail(chosen.error());
  sim::raise_descriptor_limit();
  net::asio_loop loop;
  net::asio_network network(loop);
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

}  // namespace

void add_broker_command(CLI::App& program, action& chosen) {
  auto flags = std::make_shared<broker_flags>();
  CLI::App* command = program.add_subcommand(
      "broker", "Run the reference broker on its own, with switchable defects");
  command
      ->add_option("--listen", flags->listen,
                   "HOST:PORT or a URL (mqtt, mqtts, ws, wss); may be repeated; port 0 picks one")
      ->allow_extra_args(false)
      ->capture_default_str();
  command->add_option("--cert", flags->certificate_file, "Server certificate (PEM), for TLS");
  command->add_option("--key", flags->key_file, "Key to --cert (PEM)");
  command->add_option("--client-ca", flags->client_ca_file,
                      "Demand client certificates signed by this CA (PEM)");
  command
      ->add_option("--user", flags->users,
                   "NAME:PASSWORD of a user who may connect, the password plain or as "
                   "SCRAM-SHA-256$...; may be repeated")
      ->allow_extra_args(false);
  command->add_flag("--allow-anonymous", flags->allow_anonymous,
                    "With --user: also let clients in that name no user");
  command
      ->add_option("--defect", flags->defects,
                   "Misbehave: a defect's name, with :1/N for one time in N; may be repeated")
      ->allow_extra_args(false);
  command->add_option("--seed", flags->seed, "Seed of where defects strike")->capture_default_str();
  command->add_option("--persist", flags->persist_directory,
                      "Keep sessions and retained messages in this DIRECTORY over a restart");
  command
      ->add_option("--persist-sync", flags->persist_sync,
                   "full: what is acknowledged survives a loss of power; normal: a kill")
      ->check(CLI::IsMember({"full", "normal"}))
      ->capture_default_str();
  command->add_option("--log-level", flags->log_level, "none, error, warning, info or debug")
      ->capture_default_str();
  command->add_flag("--list-defects", flags->list_defects, "List the defects and end");
  command->callback([flags, &chosen] {
    chosen = [flags] { return flags->list_defects ? list_defects() : serve(*flags); };
  });
}

}  // namespace gauntlet::cli
