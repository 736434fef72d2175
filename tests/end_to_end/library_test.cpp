// Goal: every scenario of the library runs, made small, in memory, against the embedded broker and
// against mosquitto, with its expectations met. Method: library_runs.txt says how small; several
// run at a time.

#include <algorithm>
#include <deque>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "tests/end_to_end/end_to_end.hpp"
#include "tests/support/certificates.hpp"

namespace gauntlet::test {
namespace {

using testing::IsEmpty;

/// A line of library_runs.txt.
struct library_run {
  std::string scenario;
  words arguments;
  words on_mosquitto;  ///< arguments more, on that target alone
};

std::vector<library_run> library_runs() {
  std::ifstream in(GAUNTLET_SOURCE_FOLDER "/tests/end_to_end/library_runs.txt");
  std::vector<library_run> all;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    std::istringstream rest(line);
    library_run made;
    rest >> made.scenario;
    words* into = &made.arguments;
    for (std::string word; rest >> word;) {
      if (word == "mosquitto:") {
        into = &made.on_mosquitto;
      } else {
        into->push_back(word);
      }
    }
    all.push_back(std::move(made));
  }
  return all;
}

class Library : public end_to_end {
 protected:
  static constexpr std::size_t at_a_time = 5;

  /// Runs all of them with these arguments too, and says which did not pass.
  std::vector<std::string> failures_with(const words& more) {
    const bool on_mosquitto = std::find(more.begin(), more.end(), "mosquitto") != more.end();
    std::vector<std::string> failed;
    std::deque<std::pair<std::string, program>> running;
    const auto finish_first = [&] {
      auto& [scenario, process] = running.front();
      const program_end how = process.finish(std::chrono::seconds(60));
      if (how.code != 0) failed.push_back(scenario + ": " + how.out + how.err);
      running.pop_front();
    };
    for (const library_run& each : library_runs()) {
      if (running.size() == at_a_time) finish_first();
      std::string out = "out-" + each.scenario;
      std::replace(out.begin(), out.end(), '/', '-');
      words arguments{"run", each.scenario, "--quiet", "--out", out};
      arguments.insert(arguments.end(), each.arguments.begin(), each.arguments.end());
      arguments.insert(arguments.end(), more.begin(), more.end());
      if (on_mosquitto) {
        arguments.insert(arguments.end(), each.on_mosquitto.begin(), each.on_mosquitto.end());
      }
      running.emplace_back(each.scenario, start(arguments));
    }
    while (!running.empty()) finish_first();
    return failed;
  }
};

TEST_F(Library, IsTestedAsAWhole) {
  const std::filesystem::path library = GAUNTLET_SOURCE_FOLDER "/scenarios";
  std::set<std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(library)) {
    const bool is_part = entry.path().parent_path().filename() == "parts";
    if (entry.path().extension() != ".yaml" || is_part) continue;
    files.insert(entry.path().lexically_relative(library).replace_extension().string());
  }
  std::set<std::string> tested;
  for (const library_run& each : library_runs()) tested.insert(each.scenario);
  EXPECT_EQ(files, tested) << "a scenario needs its line in tests/end_to_end/library_runs.txt";
}

TEST_F(Library, IsListedInItsReadme) {
  const std::string readme = read_file(GAUNTLET_SOURCE_FOLDER "/scenarios/README.md");
  for (const library_run& each : library_runs()) {
    EXPECT_THAT(readme, testing::HasSubstr("(" + each.scenario + ".yaml)"));
  }
}

TEST_F(Library, PassesInVirtualTime) { EXPECT_THAT(failures_with({"--simulate"}), IsEmpty()); }

TEST_F(Library, PassesOnTheEmbeddedBroker) {
  EXPECT_THAT(failures_with({"--target", "embedded"}), IsEmpty());
}

TEST_F(Library, PassesOnMosquitto) {
  EXPECT_THAT(failures_with({"--target", "mosquitto"}), IsEmpty());
}

TEST_F(Library, RunsADayInVirtualTime) {
  EXPECT_THAT(run({"run", "soak-24h", "--simulate", "--scale", "0.1", "--out", "out"}),
              ends_with(0, "PASSED", "24 h"));
}

TEST_F(Library, HasClientsWithCertificates) {
  certificate_authority authority{folder, "Test Authority"};
  const identity_files server = authority.issue("server", {.common_name = "the-broker"});
  const identity_files client = authority.issue("client");
  const running_broker broker =
      start_broker({"--listen", "mqtts://127.0.0.1:0", "--cert", server.certificate_file, "--key",
                    server.key_file, "--client-ca", authority.ca_file()});
  const words small{"run",         "tls-clients", "--scale",        "0.1",      "--set",
                    "duration=1s", "--set",       "interval=500ms", "--target", broker.url};
  words with = small;
  with.insert(with.end(), {"--ca-file", authority.ca_file(), "--cert", client.certificate_file,
                           "--key", client.key_file, "--out", "with"});
  EXPECT_THAT(run(with), ends_with(0, "PASSED"));
  words without = small;
  without.insert(without.end(), {"--ca-file", authority.ca_file(), "--out", "without"});
  EXPECT_EQ(run(without).code, 3);
}

TEST_F(Library, HasDashboardsOverWebSocket) {
  const running_broker broker = start_broker({"--listen", "ws://127.0.0.1:0"});
  EXPECT_THAT(run({"run", "websocket-dashboards", "--scale", "0.1", "--set", "duration=1s",
                   "--target", broker.url, "--out", "out"}),
              ends_with(0, "PASSED"));
}

}  // namespace
}  // namespace gauntlet::test
