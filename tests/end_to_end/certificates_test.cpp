// Goal: `gauntlet certificates` makes what a run with TLS needs, and every device shows its own.

#include <filesystem>
#include <fstream>

#include "tests/end_to_end/end_to_end.hpp"

namespace gauntlet::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Certificates : public end_to_end {
 protected:
  Certificates() {
    folder.write("fleet.yaml", R"(name: fleet
duration: 500ms
drain: 2s
fleet:
  - group: meters
    count: 5
    certificate: {certificate_file: "own/{client_id}.pem", key_file: "own/{client_id}.key"}
    publish:
      - {topic: "m/{index}", every: 100ms, qos: 1, payload: x}
  - group: reader
    count: 1
    certificate: {certificate_file: "own/{client_id}.pem", key_file: "own/{client_id}.key"}
    subscribe:
      - {filter: "m/+", qos: 1}
expect:
  - {connected: 100%, sent: 100%, lost: 0}
)");
  }
};

TEST_F(Certificates, LetEveryDeviceShowItsOwn) {
  EXPECT_THAT(run({"certificates", "fleet.yaml", "--out", "made"}),
              ends_with(0, "the authority to trust", "6 clients of fleet.yaml"));
  EXPECT_TRUE(fs::exists(folder.path() / "own/meters-4.pem"));
  // The broker takes the certificate's name for the user's, and lets in these users alone.
  const running_broker broker = start_broker(
      {"--listen", "mqtts://127.0.0.1:0", "--cert", folder.file("made/server.pem"), "--key",
       folder.file("made/server.key"), "--client-ca", folder.file("made/ca.pem")});
  EXPECT_THAT(run({"run", "fleet.yaml", "--target", broker.url, "--ca-file", "made/ca.pem", "--out",
                   "out"}),
              ends_with(0, "PASSED"));

  // One of another authority is refused, and only that device stays out.
  EXPECT_THAT(run({"certificates", "--client", "meters-2", "--out", "stranger"}),
              ends_with(0, "a client"));
  fs::copy_file(folder.path() / "stranger/meters-2.pem", folder.path() / "own/meters-2.pem",
                fs::copy_options::overwrite_existing);
  fs::copy_file(folder.path() / "stranger/meters-2.key", folder.path() / "own/meters-2.key",
                fs::copy_options::overwrite_existing);
  EXPECT_THAT(run({"run", "fleet.yaml", "--target", broker.url, "--ca-file", "made/ca.pem", "--out",
                   "out2"}),
              ends_with(1, "5 of 6"));
}

TEST_F(Certificates, TakeOneNameAFlagSoThatTheScenarioMayFollow) {
  EXPECT_THAT(run({"certificates", "--client", "a", "--client", "b", "--server-name", "broker",
                   "fleet.yaml", "--out", "made"}),
              ends_with(0, "a server: broker\n", "6 clients of fleet.yaml"));
  for (const char* name : {"made/a.pem", "made/b.pem", "own/meters-0.pem"}) {
    EXPECT_TRUE(fs::exists(folder.path() / name)) << name;
  }
  EXPECT_FALSE(fs::exists(folder.path() / "made/fleet.yaml.pem"));
}

TEST_F(Certificates, OverwriteOnlyWhenAsked) {
  EXPECT_THAT(run({"certificates", "--out", "made"}), ends_with(0, "localhost, 127.0.0.1, ::1"));
  EXPECT_THAT(run({"certificates", "--out", "made"}), fails_with(2, "made/ca.pem", "--replace"));
  EXPECT_THAT(run({"certificates", "--out", "made", "--replace"}), ends_with(0, "server"));
}

TEST_F(Certificates, SayWhatIsWrong) {
  EXPECT_THAT(run({"run", "fleet.yaml", "--target", "mqtts://127.0.0.1:1", "--out", "out"}),
              fails_with(2, "own/meters-0.pem", "gauntlet certificates"));
  EXPECT_THAT(run({"certificates", "none.yaml"}), fails_with(2, "none.yaml"));
  EXPECT_THAT(run({"certificates", "--client", std::string(80, 'x'), "--out", "a"}),
              fails_with(2, "too long"));
  EXPECT_THAT(run({"certificates", "--server-name", "1.2.3.4.5", "--out", "b"}),
              fails_with(2, "1.2.3.4.5"));
  folder.write("file", "");
  EXPECT_THAT(run({"certificates", "--out", "file"}), fails_with(3, "file/ca.pem"));
  folder.write("plain.yaml", "name: a\nduration: 1s\nfleet: [{group: g, count: 1}]\n");
  EXPECT_THAT(run({"certificates", "plain.yaml", "--out", "c"}),
              fails_with(2, "no group has a 'certificate'"));
}

}  // namespace
}  // namespace gauntlet::test
