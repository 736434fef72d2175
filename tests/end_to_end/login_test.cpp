// Goal: a wrong password is told by the broker's own code, a right one works from wherever it
// comes, and none is ever written down.

#include <filesystem>

#include "tests/end_to_end/end_to_end.hpp"

namespace gauntlet::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* password = "0pen-se5ame";

class Login : public end_to_end {
 protected:
  running_broker broker = start_broker({"--user", std::string("ali:") + password});

  std::string url_with(const std::string& login) const {
    return std::string(broker.url).insert(broker.url.find("://") + 3, login + "@");
  }

  void expect_nowhere(const std::string& secret) const {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
      if (!entry.is_regular_file()) continue;
      EXPECT_THAT(read_file(entry.path().string()), Not(HasSubstr(secret))) << entry.path();
    }
  }
};

struct version_and_code {
  const char* version;
  const char* code;

  friend std::ostream& operator<<(std::ostream& to, const version_and_code& each) {
    return to << each.version;
  }
};

class LoginOfEachVersion : public Login, public testing::WithParamInterface<version_and_code> {};

TEST_P(LoginOfEachVersion, NamesTheCodeOfTheRefusal) {
  const small_fleet fleet{.protocol = GetParam().version, .reader_protocol = GetParam().version};
  for (const words& given : {words{"--user", "ali", "--password", "wrong"}, words{}}) {
    words arguments{"--target", broker.url};
    arguments.insert(arguments.end(), given.begin(), given.end());
    EXPECT_THAT(
        run_small(fleet, arguments),
        fails_with(3, "the target mqtt://127.0.0.1:", "refused the CONNECT: ", GetParam().code));
  }
}

INSTANTIATE_TEST_SUITE_P(, LoginOfEachVersion,
                         testing::Values(version_and_code{"3.1.1", "0x0"},
                                         version_and_code{"5.0", "0x8"}),
                         [](const auto& each) {
                           return each.param.version[0] == '3' ? "V3_1_1" : "V5";
                         });

TEST_F(Login, ComesFromFlags) {
  EXPECT_THAT(run_small({}, {"--target", broker.url, "--user", "ali", "--password", password}),
              ends_with(0, "PASSED"));
  expect_nowhere(password);
}

TEST_F(Login, ComesFromFlagsWithEqualsSigns) {
  EXPECT_THAT(run_small({}, {"--target=" + broker.url, "--user=ali",
                             std::string("--password=") + password, "--workers", "2"}),
              ends_with(0, "PASSED"));
  expect_nowhere(password);
}

TEST_F(Login, ComesFromTheUrl) {
  EXPECT_THAT(run_small({}, {"--target", url_with(std::string("ali:") + password)}),
              ends_with(0, "PASSED", "mqtt://ali@127.0.0.1:"));
  expect_nowhere(password);
}

TEST_F(Login, IsNotToldWhenItIsRefused) {
  EXPECT_EQ(run_small({}, {"--target", url_with("ali:wr0ng-w0rd")}).code, 3);
  EXPECT_EQ(run_small({}, {"--target", url_with("ali:wr0ng-w0rd") + ":99999"}).code, 2);
  expect_nowhere("wr0ng-w0rd");
}

TEST_F(Login, ComesFromTheScenarioItself) {
  const small_fleet fleet{.login = "user_name: ali\n    password: " + std::string(password)};
  EXPECT_THAT(run_small(fleet, {"--target", broker.url}), ends_with(0, "PASSED"));
}

TEST_F(Login, OfEachDeviceComesOutOfAFile) {
  const running_broker strict = start_broker({"--user", "anna:one", "--user", "bert:two"});
  const auto fleet = [&](const std::string& users) {
    folder.write("users.csv", "user_name,password\n" + users);
    folder.write("fleet.yaml",
                 "name: fleet\nduration: 200ms\ndrain: 1s\nfleet:\n  - group: g\n    count: 2\n"
                 "    credentials: {file: users.csv}\nexpect: [{connected: 100%}]\n");
    return run({"run", "fleet.yaml", "--target", strict.url, "--out",
                "out" + std::to_string(users.size())});
  };
  EXPECT_THAT(fleet("anna,one\nbert,two\n"), ends_with(0, "PASSED"));
  EXPECT_THAT(fleet("anna,one\nbert,three\n"), ends_with(1, "1 of 2"));
}

TEST_F(Login, MayHaveTheClientIdentifierOutOfTheFile) {
  const running_broker open = start_broker({"--log-level", "debug"});
  folder.write("users.csv", "device\npump-a\nvalve-b\n");
  folder.write("fleet.yaml",
               "name: fleet\nduration: 200ms\ndrain: 1s\nfleet:\n  - group: r\n    count: 1\n"
               "    subscribe: [{filter: pump-a/x}, {filter: valve-b/x}]\n"
               "  - group: g\n    count: 2\n"
               "    credentials: {file: users.csv, client_id: device}\n"
               "    publish: [{topic: \"{client_id}/x\", every: 50ms, payload: x}]\n"
               "expect: [{connected: 100%, lost: 0, throughput: 20/s}]\n");
  EXPECT_THAT(run({"run", "fleet.yaml", "--target", open.url, "--out", "out"}),
              ends_with(0, "PASSED"));
}

}  // namespace
}  // namespace gauntlet::test
