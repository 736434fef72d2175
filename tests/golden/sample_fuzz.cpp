#include "tests/golden/sample_fuzz.hpp"

namespace gauntlet::golden {
namespace {

using record::finding_kind;

record::wall_time some_day() {
  return record::wall_time(std::chrono::milliseconds(1'790'000'000'000));
}

record::fuzz_finding crash() {
  return {.id = "crash-0badcafe",
          .kind = finding_kind::crash,
          .sentence = "the broker's process was killed by signal 11 after PUBREL when <b>full</b>",
          .signature = "signal 11 after PUBREL",
          .configuration = "mosquitto",
          .times_seen = 4,
          .first_second = 311.5,
          .first_execution = 93'456,
          .replayed = 5,
          .replays = 5,
          .found = {.inputs = 1, .connections = 3, .packets = 31, .bytes = 1204},
          .minimised = {.inputs = 1, .connections = 1, .packets = 3, .bytes = 41},
          .script = "open 1, MQTT 5.0\nsend 1 CONNECT client_id=\"<i>\"\nsend 1 PUBREL\n",
          .replay_command = "gauntlet fuzz --target mosquitto --replay out/crash-0badcafe",
          .folder = "worker-1/findings/crash-0badcafe",
          .log_tail = "1: New client </script>\n2: Saving\n"};
}

record::fuzz_finding breach() {
  return {
      .id = "protocol-00112233",
      .kind = finding_kind::protocol,
      .sentence = "the broker keeps the connection after a PINGREQ with wrong flags",
      .signature = "PINGREQ flags",
      .statement = "MQTT-2.1.3-1",
      .section = "MQTT 5.0 §2.1.3",
      .configuration = "mosquitto-memory",
      .first_second = 2.25,
      .first_execution = 310,
      .replayed = 5,
      .replays = 5,
      .found = {.inputs = 1, .connections = 2, .packets = 9, .bytes = 300},
      .minimised = {.inputs = 1, .connections = 1, .packets = 2, .bytes = 28},
      .script = "open 1, MQTT 5.0\nsend 1 PINGREQ\n",
      .replay_command = "gauntlet fuzz --target mosquitto-memory --replay out/protocol-00112233",
      .folder = "worker-2/findings/protocol-00112233",
      .log_tail = {}};
}

record::fuzz_finding flake() {
  record::fuzz_finding made = crash();
  made.id = "hang-55555555";
  made.kind = finding_kind::hang;
  made.sentence = "the broker answers nobody any more after CONNECT; it does nothing";
  made.signature = "idle hang after CONNECT";
  made.replayed = 1;
  made.flaky = true;
  made.minimised = {.inputs = 64, .connections = 4, .packets = 600, .bytes = 51'234};
  return made;
}

}  // namespace

record::fuzz_result fuzz_with_findings() {
  record::fuzz_result made;
  made.tool_version = "0.1.0";
  made.command_line = {"gauntlet", "fuzz", "--target", "mosquitto", "--jobs", "2"};
  made.target = "mosquitto";
  made.product = "mosquitto 2.0.11";
  made.configurations = {"mosquitto", "mosquitto-memory"};
  made.mode = "response";
  made.seed = 7;
  made.workers = 2;
  made.started = some_day();
  made.seconds = 1800;
  made.executions = 540'000;
  made.packets = 13'500'000;
  made.connections = 1'200'000;
  made.behaviours = 9001;
  made.edges = 3456;
  made.corpus = 4321;
  made.restarts = 44;
  made.stability_tries = 5000;
  made.stability_same = 4700;
  made.seconds_in_vain = 432;
  made.false_alarms = 2;
  made.memory_growth_per_thousand = 12'345;
  for (std::uint64_t i = 0; i < 6; ++i) {
    made.samples.push_back({.second = static_cast<double>(i) * 360,
                            .executions = i * 108'000,
                            .packets = i * 2'700'000,
                            .connections = i * 240'000,
                            .behaviours = 9001 - 9001 / (i + 1),
                            .edges = 3456 - 3456 / (i + 2),
                            .corpus = i * 860,
                            .resident_bytes = (8 + i) << 20U});
  }
  made.remarks = {"a worker ended early: mosquitto & co. does not take a client any more"};
  made.packet_names = {"no packet", "CONNECT", "CONNACK", "PUBLISH"};
  made.states = {{.state = "not connected", .sent = {1, 900, 0, 2}, .answered = {0, 850, 0, 0}},
                 {.state = "connected", .sent = {0, 3, 4, 5}, .answered = {0, 1, 2, 5}}};
  made.findings = {crash(), breach(), flake()};
  return made;
}

record::fuzz_result fuzz_without_findings() {
  record::fuzz_result made;
  made.tool_version = "0.1.0";
  made.command_line = {"gauntlet", "fuzz"};
  made.target = "reference";
  made.product = "reference 0.1.0";
  made.configurations = {"reference"};
  made.mode = "blind";
  made.seed = 1;
  made.started = some_day();
  made.seconds = 60;
  made.interrupted = true;
  made.executions = 40'000;
  made.packets = 1'000'000;
  made.connections = 600'000;
  made.behaviours = 4000;
  return made;
}

}  // namespace gauntlet::golden
