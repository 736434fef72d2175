#include "tests/integration/broker/load/reference_process.hpp"

#include <algorithm>
#include <charconv>
#include <csignal>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <sys/resource.h>

#include "harness/target/process_usage.hpp"

namespace gauntlet::test {
namespace {

constexpr std::string_view announcement = "listening on mqtt://127.0.0.1:";

target::child_process start(const temporary_directory& folder, std::vector<std::string> flags) {
  std::vector<std::string> arguments{"broker", "--listen", "127.0.0.1:0"};
  std::move(flags.begin(), flags.end(), std::back_inserter(arguments));
  auto started = target::child_process::start({.command = GAUNTLET_PROGRAM,
                                               .arguments = std::move(arguments),
                                               .working_folder = folder.path(),
                                               .output_file = folder.file("output")});
  if (!started) throw std::runtime_error(started.error().message);
  return std::move(*started);
}

}  // namespace

std::uint64_t allow_many_descriptors() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

reference_process::reference_process(std::vector<std::string> flags)
    : process_(start(folder_, std::move(flags))) {
  for (int attempts = 0; attempts < 1'000; ++attempts) {
    const std::string said = output();
    const std::size_t at = said.find(announcement);
    if (at != said.npos && said.find('\n', at) != said.npos) {
      std::from_chars(said.data() + at + announcement.size(), said.data() + said.size(), port_);
      return;
    }
    if (process_.wait_exit(std::chrono::milliseconds(10))) break;
  }
  throw std::runtime_error("the broker does not listen: " + output());
}

std::uint64_t reference_process::resident_bytes() const {
  const auto usage = target::read_process_usage(pid());
  return usage ? usage->resident_bytes : 0;
}

std::string reference_process::output() const {
  std::ifstream in(folder_.file("output"), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::map<std::string, std::uint64_t, std::less<>> reference_process::stop() {
  process_.signal(SIGTERM);
  const auto end = process_.wait_exit(std::chrono::seconds(20));
  if (!end || end->signalled || end->code != 0) {
    throw std::runtime_error("the broker did not end in order");
  }
  const std::string said = output();
  const std::size_t at = said.rfind(" info stop ");
  if (at == said.npos) throw std::runtime_error("the log has no last line: " + said);
  std::istringstream words(said.substr(at, said.find('\n', at) - at));
  std::map<std::string, std::uint64_t, std::less<>> figures;
  for (std::string word; words >> word;) {
    const std::size_t equals = word.find('=');
    if (equals != word.npos) figures[word.substr(0, equals)] = std::stoull(word.substr(equals + 1));
  }
  return figures;
}

}  // namespace gauntlet::test
