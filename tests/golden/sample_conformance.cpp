#include "tests/golden/sample_conformance.hpp"

#include <string>

namespace gauntlet::golden {
namespace {

using namespace record;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr const char* standard_v5 =
    "https://docs.oasis-open.org/mqtt/mqtt/v5.0/os/mqtt-v5.0-os.html";
constexpr const char* standard_v3 =
    "https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/os/mqtt-v3.1.1-os.html";

std::vector<statement_record> statements() {
  std::vector<statement_record> all{
      {"5.0", "MQTT-3.1.0-1", "3.1.0", "CONNECT",
       "The first packet of a client on a connection is CONNECT."},
      {"5.0", "MQTT-3.1.0-2", "3.1.0", "CONNECT",
       "A second CONNECT on a connection is a Protocol Error; the server closes."},
      {"5.0", "MQTT-3.1.2-5", "3.1.2.4", "Clean Start",
       "With Clean Start 0 a session that exists is resumed."},
      {"5.0", "MQTT-3.1.2-8", "3.1.2.5", "Will Flag",
       "The will is published when the connection ends without DISCONNECT 0x00."},
      {"5.0", "MQTT-3.1.2-22", "3.1.2.10", "Keep Alive",
       "A client silent for one and a half Keep Alives is cut off."},
      {"5.0", "MQTT-3.3.1-5", "3.3.1.3", "RETAIN",
       "A message with RETAIN 1 replaces what was retained for its topic."},
      {"5.0", "MQTT-3.3.4-2", "3.3.4", "PUBLISH Actions",
       "A message for several overlapping subscriptions has the highest QoS of them."},
      {"5.0", "MQTT-4.8.2-2", "4.8.2", "Shared Subscriptions",
       "The ShareName holds no /, + or #, and a filter follows it."},
      {"3.1.1", "MQTT-3.1.0-2", "3.1", "CONNECT",
       "A second CONNECT on a connection is a protocol violation; the server disconnects."},
      {"3.1.1", "MQTT-3.1.2-4", "3.1.2.4", "Clean Session",
       "With CleanSession 0 a session that exists is resumed."},
      {"3.1.1", "MQTT-3.1.2-24", "3.1.2.10", "Keep Alive",
       "A client silent for one and a half Keep Alives is cut off."},
      {"3.1.1", "MQTT-3.3.1-7", "3.3.1.3", "RETAIN",
       "A message with RETAIN 1 at QoS 0 replaces what was retained for its topic."}};
  all.push_back({.version = "5.0",
                 .id = "PE-3.3.2.3.4-a",
                 .section = "3.3.2.3.4",
                 .title = "Topic Alias",
                 .says = "A Topic Alias of 0 is a Protocol Error.",
                 .numbered = false});
  all.push_back({.version = "5.0",
                 .id = "PR5-4.7.2-a",
                 .section = "4.7.2",
                 .title = "Topics beginning with $",
                 .says = "The server should keep clients from using topics that begin with $.",
                 .level = requirement_level::should,
                 .numbered = false});
  all.push_back({.version = "5.0",
                 .id = "MQTT-3.1.2-30",
                 .section = "3.1.2.11.8",
                 .title = "User Property",
                 .says = "The client does not interpret what it was not told.",
                 .testable = false,
                 .why_not = "a duty of clients alone"});
  all.push_back({.version = "3.1.1",
                 .id = "MQTT-4.1.0-1",
                 .section = "4.1",
                 .title = "Storing state",
                 .says = "State is kept for as long as the session lasts.",
                 .testable = false,
                 .why_not = "a duty of the server's inside"});
  for (auto& each : all) each.link = each.version == "5.0" ? standard_v5 : standard_v3;
  return all;
}

test_record passed(std::string id, std::string title, std::string theme, std::string version,
                   std::vector<std::string> statement_ids) {
  test_record made{.id = std::move(id),
                   .title = std::move(title),
                   .theme = std::move(theme),
                   .chapter = "3.1.2",
                   .version = version,
                   .took = microseconds(2150)};
  for (auto& each : statement_ids) made.statements.push_back({version, std::move(each)});
  return made;
}

std::vector<test_record> passes(const std::string& version) {
  const bool is_v5 = version == "5.0";
  return {passed("MQTT-3.1.0-1/ping-first",
                 "A connection that begins with another packet than CONNECT is ended", "Connect",
                 version, {"MQTT-3.1.0-1"}),
          passed("MQTT-3.1.0-2/second-connect", "A second CONNECT on a connection ends it",
                 "Connect", version, {"MQTT-3.1.0-2"}),
          passed("MQTT-3.1.2-5/resumed",
                 "A session that was kept is resumed with its subscriptions and messages",
                 "Sessions", version, {is_v5 ? "MQTT-3.1.2-5" : "MQTT-3.1.2-4"}),
          passed("MQTT-3.1.2-22/silent-client",
                 "A client that is silent for one and a half Keep Alives is cut off", "Keep alive",
                 version, {is_v5 ? "MQTT-3.1.2-22" : "MQTT-3.1.2-24"}),
          passed("MQTT-3.3.1-5/replaced", "A retained message replaces the one before", "Retained",
                 version, {is_v5 ? "MQTT-3.3.1-5" : "MQTT-3.3.1-7"})};
}

wire_record at(int us, wire_event what, std::string text, std::string hex = "") {
  const auto size = hex.size() / 2;
  return {.at = microseconds(us),
          .what = what,
          .hex = std::move(hex),
          .size_bytes = size,
          .text = std::move(text)};
}

std::vector<transcript_record> will_transcripts() {
  using e = wire_event;
  return {{.connection = "watcher",
           .entries =
               {at(120, e::opened, ""),
                at(140, e::sent, "CONNECT protocol 5.0, client \"g0a1b2c3d4e5f60718\", clean start",
                   "102500044d5154540502003c0000186730613162326333643465356636303731387761746368"),
                at(610, e::received, "CONNACK success, Topic Alias Maximum 10", "200600000322000a"),
                at(650, e::sent, "SUBSCRIBE 1: gauntlet/0a1b2c3d4e/will at QoS 1",
                   "8221000100001b6761756e746c65742f306131623263336434652f77696c6c01"),
                at(910, e::received, "SUBACK 1: granted QoS 1", "900400010001"),
                at(5'003'000, e::waited, "5 s")}},
          {.connection = "device",
           .entries = {at(950, e::opened, ""),
                       at(960, e::sent,
                          "CONNECT protocol 5.0, client \"g0a1b2c3d4e5f607aa\", clean start, will "
                          "gauntlet/0a1b2c3d4e/will at QoS 1, 4 bytes",
                          "103e00044d515454050e003c0000126730613162326333643465356636303761610000"),
                       at(1'320, e::received, "CONNACK success", "2003000000"),
                       at(1'400, e::remark, "the network connection ends without DISCONNECT"),
                       at(1'410, e::we_aborted, "")}}};
}

test_record failed_will() {
  auto test =
      passed("MQTT-3.1.2-8/connection-broken", "The will is published when the connection breaks",
             "Wills", "5.0", {"MQTT-3.1.2-8"});
  test.chapter = "3.1.2.5";
  test.verdict = test_verdict::fail;
  test.divergence = divergence_record{"watcher", "PUBLISH of \"gone\"", "nothing for 5s",
                                      "watcher: PUBLISH | nothing"};
  test.control = "A will of the same client was published when its Keep Alive ran out.";
  test.runs = 3;
  test.took = milliseconds(5006);
  test.waited = seconds(5);
  test.transcripts = will_transcripts();
  test.reproducer = reproducer_record{
      "printf '\\x10\\x10\\x00\\x04MQTT\\x05\\x02\\x00\\x3c\\x00\\x00\\x03abc' | nc -q1 127.0.0.1 "
      "1883 | xxd",
      "import socket\ns = socket.create_connection((\"127.0.0.1\", 1883))\n"
      "s.sendall(bytes.fromhex(\"101000044d5154540502003c000003616263\"))\nprint(s.recv(64).hex())"
      "\n",
      "gauntlet conform --target mosquitto --protocol 5.0 --only MQTT-3.1.2-8/connection-broken"};
  return test;
}

test_record failed_share_name() {
  auto test = passed("MQTT-4.8.2-2/plus-in-share-name",
                     "A share name with <b>+</b> & {{mustache}} is refused</script>",
                     "Shared subscriptions", "5.0", {"MQTT-4.8.2-2"});
  test.verdict = test_verdict::fail;
  test.divergence = divergence_record{"a", "the end of the connection or SUBACK of 0x80 or above",
                                      "SUBACK 1: granted QoS 0", "a: close | SUBACK granted"};
  test.manners = {
      {"DISCONNECT 0x82 (Protocol error) before the close", "a close without DISCONNECT"}};
  test.transcripts = {
      {.connection = "a",
       .entries = {at(90, wire_event::opened, ""),
                   at(100, wire_event::sent, "SUBSCRIBE 1: $share/a+b/t", "8210000100000a24736861"),
                   at(300, wire_event::received, "SUBACK 1: granted QoS 0", "900400010000"),
                   at(310, wire_event::peer_finished, "")},
       .left_out = 3}};
  return test;
}

test_record unstable_alias() {
  auto test = passed("PE-3.3.2.3.4-a/zero", "A Topic Alias of 0 ends the connection",
                     "Topic aliases", "5.0", {"PE-3.3.2.3.4-a"});
  test.verdict = test_verdict::unstable;
  test.kind = test_kind::vector;
  test.runs = 4;
  test.passes = 2;
  test.divergence =
      divergence_record{"a", "the end of the connection", "PINGRESP", "a: close | PINGRESP"};
  test.transcripts = {{.connection = "a",
                       .entries = {at(100, wire_event::sent, "PINGREQ", "c000"),
                                   at(300, wire_event::received, "PINGRESP", "d000")}},
                      {.connection = "a",
                       .attempt = 1,
                       .entries = {at(100, wire_event::sent, "PINGREQ", "c000"),
                                   at(200, wire_event::peer_reset, "connection reset by peer")}}};
  test.breaches = {{.id = "remaining-length-minimal",
                    .statements = {{"5.0", "MQTT-1.5.5-1"}},
                    .sentence = "Remaining Length takes more bytes than it needs",
                    .client = "a",
                    .at = microseconds(300),
                    .packet = "PINGRESP",
                    .hex = "d08000"}};
  return test;
}

std::vector<test_record> other_verdicts() {
  auto variant = passed("PR5-4.7.2-a/dollar", "Clients do not reach each other on $-topics",
                        "Topics", "5.0", {"PR5-4.7.2-a"});
  variant.verdict = test_verdict::variant;
  variant.level = requirement_level::should;
  variant.reason = "the broker passes $-topics on between clients, which is a SHOULD";
  auto skipped = passed("MQTT-4.12.0-1/unknown-method", "An unknown method is refused",
                        "Authentication", "5.0", {"MQTT-4.12.0-1"});
  skipped.verdict = test_verdict::skipped;
  skipped.reason = "needs enhanced authentication: the profile names no method";
  auto blocked = passed("MQTT-3.3.4-2/highest-qos", "Overlapping filters give the highest QoS",
                        "Subscribe", "5.0", {"MQTT-3.3.4-2"});
  blocked.verdict = test_verdict::blocked;
  blocked.reason = "expected CONNACK, saw DISCONNECT 0x97 (Quota exceeded)";
  blocked.divergence = divergence_record{"publisher", "CONNACK", "DISCONNECT 0x97 (Quota exceeded)",
                                         "publisher: CONNACK | DISCONNECT 0x97"};
  auto inconclusive = passed("MQTT-3.1.2-24/slow", "A slow client is cut off", "Keep alive",
                             "3.1.1", {"MQTT-3.1.2-24"});
  inconclusive.verdict = test_verdict::inconclusive;
  inconclusive.reason = "the test's limit of 30s was reached";
  return {failed_will(), failed_share_name(), unstable_alias(), variant, skipped,
          blocked,       inconclusive};
}

conformance_result base() {
  conformance_result result;
  result.tool_version = "0.1.0";
  result.command_line = {"gauntlet", "conform", "--target", "mosquitto"};
  result.target = {.given = "mosquitto",
                   .url = "mqtt://127.0.0.1:18831",
                   .profile = "mosquitto",
                   .product = "mosquitto 2.0.11"};
  result.environment = {.host = "lab",
                        .os = "Debian GNU/Linux 12 (bookworm)",
                        .kernel = "6.1.0-18-amd64",
                        .cpu_model = "AMD EPYC 7B13",
                        .cores = 2,
                        .memory_bytes = 8ULL << 30U,
                        .descriptor_limit = 20'000};
  result.seed = 7'260'122'893'416'655'511ULL;
  result.started = *from_iso8601("2026-03-14T09:26:53.589Z");
  result.duration = milliseconds(41'870);
  result.ending = ending::complete;
  result.ending_sentence = "All selected tests ran.";
  result.options.protocols = {"3.1.1", "5.0"};
  result.options.jobs = 32;
  result.capabilities = {{"Protocols", "3.1.1, 5.0", "probe"},
                         {"Maximum QoS", "2", "CONNACK"},
                         {"Maximum Packet Size", "no limit announced; 1 MiB accepted", "probe"},
                         {"Topic length", "65,535 bytes", "probe"},
                         {"Topic levels", "200", "probe"},
                         {"Client Identifier length", "65,535 bytes", "probe"},
                         {"Topic Alias Maximum", "10", "CONNACK"},
                         {"Receive Maximum", "20", "CONNACK"},
                         {"Retained messages", "yes", "CONNACK"},
                         {"Shared subscriptions", "yes", "CONNACK"},
                         {"Restart", "yes", "profile"}};
  result.statements = statements();
  return result;
}

}  // namespace

conformance_result clean_conformance() {
  auto result = base();
  result.target = {
      .given = "embedded", .url = "mqtt://127.0.0.1:18830", .product = "gauntlet 0.1.0"};
  for (const auto* version : {"3.1.1", "5.0"}) {
    for (auto& each : passes(version)) result.tests.push_back(std::move(each));
  }
  complete(result);
  return result;
}

conformance_result mixed_conformance() {
  auto result = base();
  for (const auto* version : {"3.1.1", "5.0"}) {
    for (auto& each : passes(version)) result.tests.push_back(std::move(each));
  }
  for (auto& each : other_verdicts()) result.tests.push_back(std::move(each));
  complete(result);
  return result;
}

conformance_result expected_conformance() {
  using enum expectation_change;
  auto result = mixed_conformance();
  const std::string v5 = "5.0";
  result.expectations = expectation_comparison{
      .file = "expectations/mosquitto.yaml",
      .entries = 6,
      .met = 2,
      .differences = {
          {new_failure, "MQTT-3.1.2-8/connection-broken", v5, "pass",
           "fail: watcher: PUBLISH | nothing"},
          {unexpected_pass, "MQTT-3.3.1-5/replaced", v5, "fail: a: PUBLISH | another", "pass",
           "dropped under load", "https://example.org/issues/7"},
          {changed_verdict, "PE-3.3.2.3.4-a/zero", v5, "fail: a: close | PINGRESP",
           "unstable: a: close | PINGRESP", "known since 2.0.9", "javascript:alert(1)"},
          {changed_signature, "MQTT-4.8.2-2/plus-in-share-name", v5, "fail: a: close | nothing",
           "fail: a: close | SUBACK granted"},
          {missing_test, "MQTT-9.9.9-9/gone", "3.1.1", "fail: a: PUBACK | nothing", "nothing"}}};
  conclude(result);
  return result;
}

conformance_result narrow_conformance() {
  auto result = base();
  result.target.product = "rumqttd 0.19.0";
  result.target.given = "rumqttd";
  result.ending = ending::interrupted;
  result.ending_sentence = "You stopped the run; the figures are those of the tests that ran.";
  cause_group no_v5{.sentence = "no MQTT 5: 5 tests blocked",
                    .verdict = test_verdict::blocked,
                    .signature = "no MQTT 5"};
  for (auto& each : passes("3.1.1")) result.tests.push_back(std::move(each));
  for (auto& each : passes("5.0")) {
    each.verdict = test_verdict::blocked;
    each.reason = "no MQTT 5";
    no_v5.tests.push_back({"5.0", each.id});
    result.tests.push_back(std::move(each));
  }
  result.groups.push_back(std::move(no_v5));
  complete(result);
  return result;
}

conformance_matrix sample_matrix() {
  const auto clean = clean_conformance();
  const auto mixed = mixed_conformance();
  const auto narrow = narrow_conformance();
  const matrix_source sources[] = {{"embedded", "embedded/report.html", &clean},
                                   {"mosquitto", "mosquitto/report.html", &mixed},
                                   {"rumqttd", "", &narrow}};
  return matrix_of(sources);
}

conformance_result large_conformance(int vectors) {
  auto result = mixed_conformance();
  result.groups.clear();
  for (int i = 0; i < vectors; ++i) {
    auto test = passed("MQTT-2.2.2-2/flags-" + std::to_string(i),
                       "Vector " + std::to_string(i) + " of the fixed header's reserved bits",
                       "Fixed header", i % 4 == 0 ? "3.1.1" : "5.0", {"MQTT-2.1.3-1"});
    test.kind = test_kind::vector;
    test.took = microseconds(400 + i % 300);
    result.tests.push_back(std::move(test));
  }
  complete(result);
  return result;
}

}  // namespace gauntlet::golden
