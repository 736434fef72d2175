// Goal: what docs/broker.md tells to type works: the certificate of one command, a broker with it,
// and clients that share no line with us and verify it, over TLS and secure WebSocket.

#include <algorithm>
#include <sstream>

#include "tests/end_to_end/end_to_end.hpp"

namespace gauntlet::test {
namespace {

/// The line of docs/broker.md that begins with these words, without its indentation.
std::string documented_command(const std::string& beginning) {
  std::istringstream lines(read_file(GAUNTLET_SOURCE_FOLDER "/docs/broker.md"));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("    " + beginning)) return line.substr(4);
  }
  return {};
}

class DocumentedBroker : public end_to_end {
 protected:
  void SetUp() override {
    const std::string command = documented_command("openssl req");
    ASSERT_FALSE(command.empty());
    const auto made = run_other({"sh", "-c", command});
    ASSERT_EQ(made.code, 0) << made;
  }

  /// Whether an interpreter finds its library; otherwise the test is to be skipped.
  bool can(const words& command) const { return run_other(command).code == 0; }

  running_broker start_secure(const std::string& scheme) const {
    return start_broker(
        {"--listen", scheme + "://127.0.0.1:0", "--cert", "server.pem", "--key", "server.key"});
  }
};

TEST_F(DocumentedBroker, ServesMosquittoOverTls) {
  const auto broker = start_secure("mqtts");
  const words common{"-h", "localhost", "-p", broker.port(), "-t", "house/door"};
  words publish{"mosquitto_pub", "--cafile", "server.pem", "-q", "1", "-r", "-m", "open"};
  publish.insert(publish.end(), common.begin(), common.end());
  EXPECT_EQ(run_other(publish).code, 0);
  words subscribe{"mosquitto_sub", "--cafile", "server.pem", "-C", "1", "-W", "10"};
  subscribe.insert(subscribe.end(), common.begin(), common.end());
  EXPECT_THAT(run_other(subscribe), ends_with(0, "open\n"));

  // Who does not trust the certificate stays away.
  folder.write("other.pem", "");
  std::ranges::replace(subscribe, "server.pem", "other.pem");
  EXPECT_NE(run_other(subscribe).code, 0);
}

TEST_F(DocumentedBroker, ServesPahoOverSecureWebSocket) {
  const words python{"/usr/bin/python3", "-c"};
  if (!can({python[0], python[1], "import paho.mqtt"})) {
    GTEST_SKIP() << "apt-get install python3-paho-mqtt";
  }
  const auto broker = start_secure("wss");
  const std::string common = "hostname='localhost', port=" + broker.port() +
                             ", transport='websockets', tls={'ca_certs': 'server.pem'})";
  // Its helpers ask for the path /mqtt, which is the broker's default.
  const auto seen = run_other({python[0], python[1],
                               "from paho.mqtt import publish, subscribe\n"
                               "publish.single('house/door', 'open', qos=2, retain=True, " +
                                   common +
                                   "\n"
                                   "print(subscribe.simple('house/#', qos=2, " +
                                   common + ".payload.decode())\n"});
  EXPECT_THAT(seen, ends_with(0, "open\n"));
}

TEST_F(DocumentedBroker, ServesMqttJsOverSecureWebSocket) {
  const words node{"env", "NODE_PATH=/usr/share/nodejs", "node", "-e"};
  if (!can({node[0], node[1], node[2], node[3], "require('mqtt')"})) {
    GTEST_SKIP() << "apt-get install nodejs node-mqtt";
  }
  const auto broker = start_secure("wss");
  const auto seen = run_other(
      {node[0], node[1], node[2], node[3],
       "const client = require('mqtt').connect('wss://localhost:" + broker.port() +
           "/mqtt', {\n"
           "  protocolVersion: 5, ca: [require('fs').readFileSync('server.pem')]});\n"
           "client.on('message', (topic, payload) => { console.log(topic, String(payload));\n"
           "  client.end(); });\n"
           "client.subscribe('house/#', {qos: 1}, () =>\n"
           "  client.publish('house/door', 'open', {qos: 1}));\n"});
  EXPECT_THAT(seen, ends_with(0, "house/door open\n"));
}

}  // namespace
}  // namespace gauntlet::test
