// Goal: clients that share no line with us do with the reference broker what they do with any
// broker, in both versions and over every transport, alone and with one another; and they notice
// when it is wrong.

#include <algorithm>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/broker/scenarios.hpp"

namespace gauntlet::broker {
namespace {

using enum client_kind;
using enum mqtt::protocol_version;
using enum net::transport;
using namespace std::chrono_literals;

/// Who reads, and who writes.
struct pairing {
  client_end reader;
  client_end writer;
};

std::string to_string(const pairing& both) {
  const std::string reader = to_string(both.reader);
  const std::string writer = to_string(both.writer);
  return reader == writer ? reader : writer + "_to_" + reader;
}
void PrintTo(const pairing& both, std::ostream* out) { *out << to_string(both); }
std::string name_of(const testing::TestParamInfo<pairing>& of) { return to_string(of.param); }

// Each client by itself: all of its versions and transports.
std::vector<pairing> alone() {
  std::vector<pairing> all;
  for (const client_kind kind : {paho_python, mqttjs, paho_go, mosquitto}) {
    for (const auto version : {v3_1_1, v5}) {
      for (const auto transport : {tcp, tls, ws, wss}) {
        if (kind == paho_go && version == v5) continue;
        // Debian builds mosquitto's clients without WebSocket.
        if (kind == mosquitto && (transport == ws || transport == wss)) continue;
        all.push_back({{kind, version, transport}, {kind, version, transport}});
      }
    }
  }
  return all;
}

// Between clients: each kind reads and writes, versions and transports mixed.
std::vector<pairing> mixed() {
  return {
      {{mqttjs, v3_1_1, wss}, {paho_python, v5, tcp}},
      {{mqttjs, v5, ws}, {paho_python, v5, tls}},
      {{paho_python, v5, wss}, {mqttjs, v3_1_1, tls}},
      {{paho_go, v3_1_1, wss}, {mqttjs, v5, tcp}},
      {{paho_python, v5, tcp}, {paho_go, v3_1_1, tls}},
      {{mosquitto, v5, tls}, {mqttjs, v5, ws}},
      {{paho_python, v5, ws}, {mosquitto, v5, tcp}},
      {{mqttjs, v3_1_1, tcp}, {mosquitto, v5, tls}},
  };
}

// The programs of one test: one for each kind of client.
class ForeignClients : public testing::TestWithParam<pairing> {
 protected:
  void SetUp() override {
    for (const client_end& end : {GetParam().reader, GetParam().writer}) {
      if (programs_.contains(end.kind)) continue;
      auto started = start_program(end.kind);
      if (!started && started.error().code == exit_code::environment_failed) {
        GTEST_SKIP() << started.error().message;
      }
      ASSERT_TRUE(started.has_value()) << started.error().message;
      programs_[end.kind] = std::move(*started);
    }
  }

  player reader() { return {programs_.at(GetParam().reader.kind).get(), GetParam().reader}; }
  player writer() { return {programs_.at(GetParam().writer.kind).get(), GetParam().writer}; }

  const certificate_set certificates{};

 private:
  std::map<client_kind, std::unique_ptr<foreign_program>> programs_;
};

TEST_P(ForeignClients, FindABroker) {
  for (const scenario& each : all_scenarios()) {
    if (!is_for(each, GetParam().reader, GetParam().writer)) continue;
    const auto complaints = play(each, certificates, scenario_broker(), reader(), writer(), 20s);
    EXPECT_THAT(complaints, testing::IsEmpty()) << "scenario: " << each.name;
  }
}
INSTANTIATE_TEST_SUITE_P(Alone, ForeignClients, testing::ValuesIn(alone()), name_of);
INSTANTIATE_TEST_SUITE_P(Mixed, ForeignClients, testing::ValuesIn(mixed()), name_of);

// Every scenario can fail: whoever plays it complains about a broker that has the defect.
class ForeignClientsAndDefects : public ForeignClients {
 protected:
  std::vector<std::string> play_on(const scenario& what, defect_switch wrong,
                                   std::chrono::milliseconds patience) {
    options settings = scenario_broker();
    settings.defects = {wrong};
    return play(what, certificates, settings, reader(), writer(), patience);
  }
};

TEST_P(ForeignClientsAndDefects, NoticeThem) {
  for (const scenario& each : all_scenarios()) {
    if (!is_for(each, GetParam().reader, GetParam().writer)) continue;
    for (const proof& shown : each.proofs) {
      const auto wrong = parse_defect(shown.broken);
      ASSERT_TRUE(wrong.has_value()) << wrong.error().message;
      const auto as_expected = testing::Contains(testing::HasSubstr(std::string(shown.complaint)));
      // Many a defect shows as silence. Where all is slow, little patience hears it elsewhere
      // first.
      auto complaints = play_on(each, *wrong, 300ms);
      if (!testing::Matches(as_expected)(complaints)) complaints = play_on(each, *wrong, 5s);
      EXPECT_THAT(complaints, as_expected)
          << "scenario: " << each.name << ", defect: " << shown.broken;
    }
  }
}
INSTANTIATE_TEST_SUITE_P(Each, ForeignClientsAndDefects,
                         testing::Values(pairing{{paho_python, v3_1_1, tcp},
                                                 {paho_python, v3_1_1, tcp}},
                                         pairing{{paho_python, v5, tcp}, {paho_python, v5, tcp}},
                                         pairing{{mqttjs, v3_1_1, tcp}, {mqttjs, v3_1_1, tcp}},
                                         pairing{{paho_go, v3_1_1, tcp}, {paho_go, v3_1_1, tcp}},
                                         pairing{{mqttjs, v5, tcp}, {mqttjs, v5, tcp}}),
                         name_of);

}  // namespace
}  // namespace gauntlet::broker
