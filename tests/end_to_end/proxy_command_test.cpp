// Goal: the proxy around clients and a broker that share no line with it: faults of a file, faults
// changed while it runs, and what it says of what it cannot do.

#include <csignal>

#include "tests/end_to_end/end_to_end.hpp"

namespace gauntlet::test {
namespace {

using testing::HasSubstr;

/// What stands between two words of a text; empty if one of them does not.
std::string between(const std::string& text, const std::string& left, const std::string& right) {
  const std::size_t begin = text.find(left);
  if (begin == std::string::npos) return {};
  const std::size_t end = text.find(right, begin + left.size());
  if (end == std::string::npos) return {};
  return text.substr(begin + left.size(), end - begin - left.size());
}

class ProxyCommand : public end_to_end {
 protected:
  struct running_proxy {
    program process;
    std::string port;
    std::string api;
  };

  running_proxy start_proxy(const running_broker& broker, const words& further = {},
                            const std::string& scheme = "mqtt") {
    words all{GAUNTLET_PROGRAM,          "proxy", "--upstream", broker.url, "--listen",
              scheme + "://127.0.0.1:0", "--api", "127.0.0.1:0"};
    all.insert(all.end(), further.begin(), further.end());
    running_proxy made{program(folder, all), {}, {}};
    EXPECT_TRUE(made.process.await([&] {
      return made.process.out().find(", for ") != std::string::npos;
    })) << made.process.err();
    const std::string said = made.process.out();
    made.port = between(said, "listening on " + scheme + "://127.0.0.1:", ",");
    made.api = "127.0.0.1:" + between(said, "controlled on http://127.0.0.1:", "/");
    return made;
  }
  program_end publish(const std::string& port, const words& further = {}) const {
    words all{"timeout", "2", "mosquitto_pub", "-h", "127.0.0.1", "-p", port, "-t", "a", "-m", "b"};
    all.insert(all.end(), further.begin(), further.end());
    return run_other(all);
  }
};

TEST_F(ProxyCommand, PassesAndAppliesFaultsThatChange) {
  const running_broker broker = start_broker();
  running_proxy proxy = start_proxy(broker);
  EXPECT_EQ(publish(proxy.port, {"-q", "1"}).code, 0);

  folder.write("fault.yaml", "name: no-puback\nwhen: {packet: puback}\ndrop: {}\n");
  EXPECT_THAT(run({"proxy", "add", "fault.yaml", "--api", proxy.api}),
              ends_with(0, "\"does\":\"drop of PUBACK\""));
  EXPECT_NE(publish(proxy.port, {"-q", "1"}).code, 0);
  EXPECT_EQ(publish(proxy.port, {"-q", "0"}).code, 0);

  EXPECT_THAT(run({"proxy", "disable", "no-puback", "--api", proxy.api}),
              ends_with(0, "\"enabled\":false", "\"strikes\":1"));
  EXPECT_EQ(publish(proxy.port, {"-q", "1"}).code, 0);
  EXPECT_THAT(run({"proxy", "remove", "no-puback", "--api", proxy.api}), ends_with(0, ""));
  EXPECT_THAT(run({"proxy", "list", "--api", proxy.api}), ends_with(0, "{\"faults\":[]}"));
  EXPECT_THAT(run({"proxy", "connections", "--api", proxy.api}), ends_with(0, "\"accepted\":4"));
  proxy.process.signal(SIGTERM);
  EXPECT_THAT(proxy.process.finish(), ends_with(0, "4 connections, 0 of them without a broker"));
}

TEST_F(ProxyCommand, TracesTheFaultsOfAFile) {
  folder.write("faults.yaml",
               "- name: cut-it\n  clients: \"one*\"\n  when: {packet: publish}\n"
               "  cut: {moment: before, how: reset}\n");
  const running_broker broker = start_broker();
  running_proxy proxy = start_proxy(broker, {"--faults", "faults.yaml", "--trace", "trace.txt"});
  EXPECT_NE(publish(proxy.port, {"-i", "one-1", "-q", "1"}).code, 0);
  EXPECT_EQ(publish(proxy.port, {"-i", "two-1", "-q", "1"}).code, 0);
  EXPECT_THAT(read_file((folder.path() / "trace.txt").string()),
              HasSubstr("cut-it strikes: PUBLISH 1 qos 1 \"a\" of one-1#1 to the broker"));
}

TEST_F(ProxyCommand, TerminatesTls) {
  ASSERT_EQ(run({"certificates", "--out", "pki"}).code, 0);
  const running_broker broker = start_broker();
  running_proxy proxy = start_proxy(
      broker, {"--listen-cert", "pki/server.pem", "--listen-key", "pki/server.key"}, "mqtts");
  EXPECT_EQ(publish(proxy.port, {"--cafile", "pki/ca.pem", "-q", "1"}).code, 0);
  EXPECT_NE(publish(proxy.port, {"-q", "1"}).code, 0);
}

TEST_F(ProxyCommand, SaysWhatIsWrong) {
  EXPECT_THAT(run({"proxy"}), fails_with(2, "--upstream mqtt://HOST:PORT"));
  EXPECT_THAT(run({"proxy", "--upstream", "mqtts://h", "--listen", "mqtts://127.0.0.1:0"}),
              fails_with(2, "--listen-cert"));
  folder.write("faults.yaml", "- {drop: {}, latency: {by: 1s}}\n");
  EXPECT_THAT(run({"proxy", "--check", "--faults", "faults.yaml"}), fails_with(2, "faults.yaml:1"));
  folder.write("good.yaml", "- latency: {by: 1s}\n");
  EXPECT_THAT(run({"proxy", "--check", "--faults", "good.yaml"}), ends_with(0, "latency"));
  EXPECT_THAT(run({"proxy", "list", "--api", "127.0.0.1:1"}), fails_with(3, "no proxy answers"));
}

}  // namespace
}  // namespace gauntlet::test
