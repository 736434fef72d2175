#include "tests/integration/fault/proxy_program.hpp"

#include <filesystem>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "harness/target/child_process.hpp"
#include "harness/target/profile.hpp"
#include "tests/integration/fault/blocking_socket.hpp"

namespace gauntlet::fault {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 10s;

outcome<void> post(std::uint16_t port, std::string_view path, std::string_view body) {
  const auto socket = blocking_socket::connect(port);
  if (!socket) return environment_failed("no control interface");
  socket->send(
      fmt::format("POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                  "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                  path, body.size(), body));
  const std::string answer = socket->read(std::string::npos, patience).bytes;
  if (!answer.starts_with("HTTP/1.1 2")) return environment_failed(answer);
  return {};
}

/// Waits until the control interface takes connections or the program ends.
outcome<target::child_process> start(const target::child_options& options, std::uint16_t control) {
  auto child = target::child_process::start(options);
  if (!child) return child.error();
  const auto deadline = test_clock::now() + patience;
  while (!blocking_socket::connect(control)) {
    if (child->wait_exit(10ms) || test_clock::now() > deadline) {
      return environment_failed(options.command + " does not start");
    }
  }
  return child;
}

class our_program final : public proxy_program {
 public:
  our_program(target::child_process child, std::uint16_t control)
      : child_(std::move(child)), control_(control) {}

  outcome<void> add(std::string_view fault) override {
    return post(control_, "/faults",
                fmt::format(R"({{"when": {{"direction": "to_client"}}, {}}})", fault));
  }
  outcome<void> take_down() override { return post(control_, "/faults", R"({"down": {}})"); }

 private:
  target::child_process child_;
  std::uint16_t control_;
};

class toxiproxy_program final : public proxy_program {
 public:
  toxiproxy_program(target::child_process child, std::uint16_t control)
      : child_(std::move(child)), control_(control) {}

  outcome<void> add(std::string_view fault) override {
    return post(control_, "/proxies/it/toxics",
                fmt::format(R"({{"stream": "downstream", {}}})", fault));
  }
  outcome<void> take_down() override {
    return post(control_, "/proxies/it", R"({"enabled": false})");
  }

 private:
  target::child_process child_;
  std::uint16_t control_;
};

}  // namespace

outcome<std::unique_ptr<proxy_program>> start_ours(const proxy_places& where) {
  auto child =
      start({.command = GAUNTLET_PROGRAM,
             .arguments = {"proxy", "--listen", fmt::format("mqtt://127.0.0.1:{}", where.listen),
                           "--upstream", fmt::format("mqtt://127.0.0.1:{}", where.upstream),
                           "--api", fmt::format("127.0.0.1:{}", where.control)},
             .working_folder = where.folder,
             .output_file = where.folder / "log"},
            where.control);
  if (!child) return child.error();
  return std::make_unique<our_program>(std::move(*child), where.control);
}

std::string toxiproxy_command() {
  const auto cached = target::broker_cache() / "toxiproxy" / "run";
  if (std::filesystem::exists(cached)) return cached.string();
  const auto found = target::find_command("toxiproxy-server");
  return found ? found->string() : std::string();
}

outcome<std::unique_ptr<proxy_program>> start_toxiproxy(const proxy_places& where) {
  auto child = start({.command = toxiproxy_command(),
                      .arguments = {"-host", "127.0.0.1", "-port", fmt::to_string(where.control)},
                      .working_folder = where.folder,
                      .output_file = where.folder / "log"},
                     where.control);
  if (!child) return child.error();
  const auto made =
      post(where.control, "/proxies",
           fmt::format(R"({{"name": "it", "listen": "127.0.0.1:{}", "upstream": "127.0.0.1:{}"}})",
                       where.listen, where.upstream));
  if (!made) return made.error();
  return std::make_unique<toxiproxy_program>(std::move(*child), where.control);
}

}  // namespace gauntlet::fault
