// gauntlet proxy: the faults on their own, around any client and any broker.

#include <csignal>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/messages.hpp"
#include "harness/fault/proxy.hpp"
#include "harness/fault_config/rule_reader.hpp"
#include "harness/fault_control/control_server.hpp"
#include "harness/fault_host/host_capabilities.hpp"
#include "harness/net/asio_loop.hpp"
#include "harness/net/asio_network.hpp"
#include "harness/net/url.hpp"
#include "sim/engine/machine_limits.hpp"

namespace gauntlet::cli {
namespace {

constexpr duration answer_limit = std::chrono::seconds(10);

struct proxy_flags {
  std::string listen = "mqtt://127.0.0.1:1884";
  std::string upstream;
  std::string faults;
  std::string trace;
  std::string api = "127.0.0.1:8474";
  bool no_api = false;
  bool check = false;
  bool capabilities = false;
  std::uint64_t seed = 1;
  net::tls_server_options front;
  net::tls_client_options back;
};

/// Lines of what the faults do, to a file or to standard error.
class trace_file {
 public:
  outcome<void> open(const std::string& path) {
    if (path.empty()) return {};
    file_.open(path, std::ios::trunc);
    if (!file_) return environment_failed("cannot write the trace to " + path);
    return {};
  }
  void write(std::string_view line) {
    if (file_.is_open()) {
      file_ << line << std::flush;
    } else {
      fmt::print(stderr, "{}", line);
    }
  }

 private:
  std::ofstream file_;
};

bool is_encrypted(const net::endpoint& where) {
  return where.transport == net::transport::tls || where.transport == net::transport::wss;
}

outcome<fault::proxy_options> make_options(const proxy_flags& flags, net::network& network) {
  fault::proxy_options made;
  const auto listen = net::parse_listen_url(flags.listen);
  if (!listen) return listen.error();
  made.listen = *listen;
  if (is_encrypted(made.listen)) {
    if (flags.front.certificate_file.empty() || flags.front.key_file.empty()) {
      return bad_input("to listen on " + flags.listen +
                       " the proxy needs a certificate: --listen-cert and --listen-key");
    }
    made.tls = flags.front;
  }
  const auto upstream = net::parse_url(flags.upstream);
  if (!upstream) return upstream.error();
  if (upstream->user_name) {
    return bad_input("the client logs in, not the proxy: leave the user name out of --upstream");
  }
  made.upstream = upstream->where;
  if (is_encrypted(made.upstream)) {
    auto prepared = network.prepare_tls(flags.back);
    if (!prepared) return prepared.error();
    made.dial.tls = std::move(*prepared);
  }
  return made;
}

outcome<void> add_faults(const std::string& file, fault::injector& faults) {
  if (file.empty()) return {};
  auto rules = fault_config::load_rules(file);
  if (!rules) return config::to_failure(rules.error());
  for (fault::rule& each : *rules) {
    if (const auto added = faults.add(std::move(each)); !added) return added.error();
  }
  return {};
}

void say_what_was(const fault::proxy& proxy, const fault::injector& faults) {
  const fault::proxy_counts counts = proxy.counts();
  fmt::print("{} connections, {} of them without a broker\n", counts.accepted, counts.unreachable);
  for (const fault::numbered_rule& each : faults.rules()) {
    fmt::print("  {}: struck {} times ({})\n", each.what.name, each.strikes,
               fault::describe(each.what));
  }
}

exit_code serve(const proxy_flags& flags) {
  sim::raise_descriptor_limit();
  net::asio_loop loop;
  net::asio_network network(loop);
  trace_file trace;
  if (const auto opened = trace.open(flags.trace); !opened) return fail(opened.error());
  fault::injector faults(
      loop, {.seed = flags.seed, .trace = [&trace](std::string_view line) { trace.write(line); }});
  if (const auto added = add_faults(flags.faults, faults); !added) return fail(added.error());
  auto options = make_options(flags, network);
  if (!options) return fail(options.error());
  net::endpoint listening = options->listen;
  const net::endpoint upstream = options->upstream;
  auto started = fault::proxy::start(network, faults, std::move(*options));
  if (!started) return fail(started.error());
  std::unique_ptr<fault_control::control_server> control;
  if (!flags.no_api) {
    const auto where = net::parse_listen_url(flags.api);
    if (!where) return fail(where.error());
    auto open = fault_control::control_server::start(
        network, *where, {faults, [&started] { return (*started)->counts(); }, GAUNTLET_VERSION});
    if (!open) return fail(open.error());
    control = std::move(*open);
    fmt::print("controlled on http://{}:{}/faults\n", where->host, control->port());
  }
  for (const int number : {SIGINT, SIGTERM}) loop.on_signal(number, [&loop] { loop.stop(); });
  listening.port = (*started)->port();
  fmt::print("listening on {}, for {}\n", net::to_string(listening), net::to_string(upstream));
  std::fflush(stdout);
  faults.start(loop.now());
  loop.run();
  say_what_was(**started, faults);
  return exit_code::ok;
}

exit_code check(const proxy_flags& flags) {
  const auto rules = fault_config::load_rules(flags.faults);
  if (!rules) return fail(config::to_failure(rules.error()));
  fmt::print("{}: in order\n", flags.faults);
  for (const fault::rule& each : *rules) {
    fmt::print("  {}: {}\n", each.name, fault::describe(each));
  }
  return exit_code::ok;
}

outcome<std::string> body_from(const std::string& file) {
  if (file == "-") {
    return std::string(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>());
  }
  std::ifstream opened(file);
  if (!opened) return bad_input("cannot read " + file);
  return std::string(std::istreambuf_iterator<char>(opened), std::istreambuf_iterator<char>());
}

/// One request to a proxy that runs.
exit_code ask_proxy(const std::string& api, fault_control::http_request request,
                    const std::optional<std::string>& body_file) {
  const auto where = net::parse_listen_url(api);
  if (!where) return fail(where.error());
  if (body_file) {
    auto body = body_from(*body_file);
    if (!body) return fail(body.error());
    request.body = std::move(*body);
  }
  request.user_agent = "gauntlet/" GAUNTLET_VERSION;
  net::asio_loop loop;
  net::asio_network network(loop);
  const auto answered = fault_control::ask(network, *where, request, answer_limit);
  if (!answered) return fail(answered.error());
  fmt::print(answered->status < 300 ? stdout : stderr, "{}", answered->body);
  return answered->status < 300 ? exit_code::ok : exit_code::bad_input;
}

void add_flags(CLI::App& command, proxy_flags& flags) {
  command.add_option("--listen", flags.listen,
                     "Where clients connect: mqtt, mqtts, ws or wss [mqtt://127.0.0.1:1884]");
  command.add_option("--upstream", flags.upstream, "The broker: a URL (mqtt, mqtts, ws, wss)");
  command.add_option("--faults", flags.faults, "YAML file with faults to begin with");
  command.add_option("--seed", flags.seed, "Seed of all that is random [1]");
  command.add_option("--trace", flags.trace, "Write what the faults do to a file [standard error]");
  command.add_option("--api", flags.api,
                     "Where faults are changed while it runs (HTTP) [127.0.0.1:8474]");
  command.add_flag("--no-api", flags.no_api, "Let nobody change faults while it runs");
  command.add_flag("--check", flags.check,
                   "Check the file of --faults, say what it means, and end");
  command.add_flag("--capabilities", flags.capabilities,
                   "Try what this machine can do below TCP, for scenarios, say so, and end");
  command.add_option("--listen-cert", flags.front.certificate_file,
                     "Certificate to show to clients (PEM), for mqtts and wss");
  command.add_option("--listen-key", flags.front.key_file, "Key to --listen-cert (PEM)");
  command.add_option("--listen-client-ca", flags.front.client_ca_file,
                     "Ask clients for a certificate that this CA has signed (PEM)");
  command.add_option("--ca-file", flags.back.ca_file,
                     "CA certificates to trust in the broker's (PEM) [the system's]");
  command.add_option("--cert", flags.back.certificate_file, "Certificate to show to the broker");
  command.add_option("--key", flags.back.key_file, "Key to --cert (PEM)");
  command.add_option("--server-name", flags.back.server_name,
                     "Name to expect in the broker's certificate");
  command.add_flag("--insecure-tls", flags.back.insecure, "Accept any certificate of the broker");
}

struct request_flags {
  std::string api = "127.0.0.1:8474";
  std::string name;
  std::string file;
};

/// A request as a subcommand: its word, what HTTP calls it, and what it needs.
struct request_command {
  const char* word;
  const char* method;
  const char* path;  ///< {} stands for the name
  const char* help;
  bool has_name;
  bool has_file;
};

constexpr request_command request_commands[] = {
    {"list", "GET", "/faults", "List the faults of a running proxy", false, false},
    {"show", "GET", "/faults/{}", "Show one of them", true, false},
    {"add", "POST", "/faults", "Add a fault, or a list of them, from a YAML or JSON file", false,
     true},
    {"change", "PUT", "/faults/{}", "Put another fault in its place", true, true},
    {"remove", "DELETE", "/faults/{}", "Take a fault away; what it holds back is let go", true,
     false},
    {"enable", "POST", "/faults/{}/enable", "Switch a fault on", true, false},
    {"disable", "POST", "/faults/{}/disable", "Switch a fault off", true, false},
    {"reset", "POST", "/reset", "Take all faults away", false, false},
    {"connections", "GET", "/connections", "Count the connections", false, false},
};

void add_request(CLI::App& command, const request_command& what, action& chosen) {
  auto flags = std::make_shared<request_flags>();
  CLI::App* asked = command.add_subcommand(what.word, what.help);
  asked->add_option("--api", flags->api, "Where the proxy is controlled [127.0.0.1:8474]");
  if (what.has_name) asked->add_option("NAME", flags->name, "Name of the fault")->required();
  if (what.has_file) {
    asked->add_option("FILE", flags->file, "The file; - is standard input")->required();
  }
  asked->callback([flags, what, &chosen] {
    chosen = [flags, what] {
      return ask_proxy(flags->api,
                       {.method = what.method,
                        .path = fmt::format(fmt::runtime(what.path), flags->name),
                        .user_agent = {},
                        .body = {}},
                       what.has_file ? std::optional(flags->file) : std::nullopt);
    };
  });
}

constexpr const char* footer =
    "It runs until SIGINT or SIGTERM, says on standard output where it listens, and writes on "
    "standard\nerror what each fault does. docs/proxy.md has all faults and the interface.\n\n"
    "Exit codes: 0 it was stopped, or the request was met; 2 command line, file or request wrong;\n"
    "3 it cannot listen, or no proxy answers; 4 a fault of Gauntlet's own.";

}  // namespace

void add_proxy_command(CLI::App& program, action& chosen) {
  auto flags = std::make_shared<proxy_flags>();
  CLI::App* command =
      program.add_subcommand("proxy", "Put faults of the network between any clients and a broker");
  command->footer(footer);
  command->require_subcommand(0, 1);
  add_flags(*command, *flags);
  for (const request_command& each : request_commands) add_request(*command, each, chosen);
  command->callback([flags, command, &chosen] {
    if (!command->get_subcommands().empty()) return;
    if (flags->check) {
      chosen = [flags] {
        if (flags->faults.empty()) return fail(bad_input("--check is about the file of --faults"));
        return check(*flags);
      };
      return;
    }
    if (flags->capabilities) {
      chosen = [] {
        fmt::print("{}", fault_host::describe(fault_host::probe_host()));
        return exit_code::ok;
      };
      return;
    }
    chosen = [flags] {
      if (flags->upstream.empty()) {
        return fail(bad_input("the proxy needs a broker: --upstream mqtt://HOST:PORT"));
      }
      return serve(*flags);
    };
  });
}

}  // namespace gauntlet::cli
