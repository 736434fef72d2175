#include "tests/end_to_end/end_to_end.hpp"

#include <arpa/inet.h>
#include <filesystem>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>

#include "harness/record/json.hpp"

namespace gauntlet::test {
namespace {

words with_program(const words& arguments) {
  words all{GAUNTLET_PROGRAM};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return all;
}

words small_run(const words& more) {
  words arguments{"run", "small.yaml", "--out", "out"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

}  // namespace

std::string small_fleet::yaml() const {
  const std::string own_lines = login.empty() ? "" : "    " + login + "\n";
  return fmt::format(R"(name: small
seed: 7
duration: {duration}
drain: {drain}
arrival: {arrival}
fleet:
  - group: senders
    count: {count}
    protocol: {protocol}
{login}    publish:
      - {{topic: "t/{{index}}/q0", every: 100ms, qos: 0, payload: {{text: "zero"}}}}
      - {{topic: "t/{{index}}/q1", every: 100ms, qos: 1, payload: {{random: 64B}}}}
      - {{topic: "t/{{index}}/q2", every: 100ms, qos: 2, payload: {{text: "two"}}}}
  - group: readers
    count: 2
    protocol: {reader_protocol}
{login}    subscribe:
      - {{filter: "t/+/q0", qos: 0}}
      - {{filter: "t/+/q1", qos: 1}}
      - {{filter: "t/+/q2", qos: 2}}
expect:
{expect}
)",
                     fmt::arg("duration", duration), fmt::arg("drain", drain),
                     fmt::arg("arrival", arrival), fmt::arg("count", count),
                     fmt::arg("protocol", protocol), fmt::arg("login", own_lines),
                     fmt::arg("reader_protocol", reader_protocol), fmt::arg("expect", expect));
}

std::string running_broker::port() const {
  const std::string place = url.substr(url.rfind(':') + 1);
  return place.substr(0, place.find('/'));
}

program end_to_end::start(const words& arguments, const words& environment) const {
  return program(folder, with_program(arguments), environment);
}

program_end end_to_end::run(const words& arguments, const words& environment) const {
  return start(arguments, environment).finish();
}

program end_to_end::start_small(const small_fleet& fleet, const words& more) const {
  folder.write("small.yaml", fleet.yaml());
  return start(small_run(more));
}

program_end end_to_end::run_small(const small_fleet& fleet, const words& more) const {
  return start_small(fleet, more).finish();
}

program_end end_to_end::run_other(const words& command) const {
  return program(folder, command).finish();
}

running_broker end_to_end::start_broker(const words& more) const {
  constexpr std::string_view announcement = "listening on ";
  words arguments{"broker"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const auto names_port = [](const words& all) {
    for (const std::string& word : all) {
      if (word == "--listen") return true;
    }
    return false;
  };
  if (!names_port(more)) arguments.insert(arguments.end(), {"--listen", "127.0.0.1:0"});
  program process = start(arguments);
  const bool listens = process.await([&] { return process.out().find('\n') != std::string::npos; });
  const std::string said = process.out();
  EXPECT_TRUE(listens && said.starts_with(announcement)) << said << process.err();
  std::string url = said.substr(0, said.find('\n'));
  if (listens) url.erase(0, announcement.size());
  return {std::move(process), std::move(url)};
}

std::string end_to_end::closed_port() {
  const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  void* const where = &address;
  EXPECT_EQ(::bind(probe, static_cast<sockaddr*>(where), size), 0);
  EXPECT_EQ(::getsockname(probe, static_cast<sockaddr*>(where), &size), 0);
  ::close(probe);
  return std::to_string(::ntohs(address.sin_port));
}

void end_to_end::await_phase(program& run, std::string_view phase) {
  const std::string said = " " + std::string(phase) + ": ";
  ASSERT_TRUE(run.await([&] { return run.err().find(said) != std::string::npos; }))
      << "it has not come to " << phase << "\n"
      << run.err() << run.out();
}

void end_to_end::await_messages(const std::string& port, int count) const {
  const program_end seen =
      run_other({"mosquitto_sub", "-p", port, "-t", "#", "-C", std::to_string(count), "-W", "15"});
  ASSERT_EQ(seen.code, 0) << seen;
}

std::string end_to_end::mosquitto_port() const {
  constexpr std::string_view before = "listener ";
  const std::string configuration = content_of("out/mosquitto.conf");
  const std::size_t at = configuration.find(before);
  if (at == configuration.npos) return "";
  const std::size_t begin = at + before.size();
  return configuration.substr(begin, configuration.find(' ', begin) - begin);
}

record::run_result end_to_end::result(const std::string& out) const {
  const auto read = record::read_run_result(folder.path() / out / "result.json");
  if (read) return *read;
  ADD_FAILURE() << read.error().message;
  return {};
}

bool end_to_end::exists(const std::string& file) const {
  return std::filesystem::exists(folder.path() / file);
}

}  // namespace gauntlet::test
