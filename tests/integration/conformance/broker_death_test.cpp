// Goal: a broker that dies is noticed, started again, and its death is blamed on the test that
// causes it, and on no other.

#include <atomic>
#include <fstream>
#include <memory>

#include <gmock/gmock.h>

#include "conformance/suite/context.hpp"
#include "tests/integration/conformance/suite_on_a_broker.hpp"

namespace gauntlet::conformance {
namespace {

using testing::HasSubstr;

// A broker that answers CONNECT and PINGREQ and exits when it is sent a DISCONNECT with code 0x9D.
constexpr const char* fragile = R"(
name: fragile
title: A broker that dies of one packet
install: none
command: python3
arguments: ["{directory}/broker.py", "{port}"]
files:
  broker.py: |
    import os, socket, sys, threading
    def serve(connection):
        while True:
            data = connection.recv(4096)
            if not data: return
            if data[0] == 0x10: connection.sendall(b"\x20\x03\x00\x00\x00")
            if data[0] == 0xC0: connection.sendall(b"\xd0\x00")
            if b"\xe0\x02\x9d\x00" in data:
                print("cannot go on", flush=True)
                os._exit(7)
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", int(sys.argv[1])))
    listener.listen(64)
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
listeners:
  - { port: port, transport: tcp, versions: ["5.0"] }
)";

void ping(context& test) { test.connected("a").ping(); }

void kill(context& test) {
  client& a = test.connected("a");
  a.send_bytes(byte_buffer{0xE0, 0x02, 0x9D, 0x00});
  a.expect_close();
  test.expect_served();
}

// As a defect that needs luck: the same test does it no second time.
std::function<void(context&)> kill_once() {
  return [runs = std::make_shared<std::atomic<int>>(0)](context& test) {
    return (*runs)++ == 0 ? kill(test) : ping(test);
  };
}

class BrokerDeath : public suite_on_a_broker {
 protected:
  void SetUp() override {
    std::ofstream(folder.path() / "fragile.yaml") << fragile;
    open("fragile", folder.path());
  }
};

TEST_F(BrokerDeath, IsBlamedOnTheTestThatCausesIt) {
  suite tests;
  for (int i = 0; i < 30; ++i) tests.add(small_test("ping/" + std::to_string(i), ping));
  tests.add(small_test("killer", kill));
  const suite_run seen = run(tests, {.jobs = 8, .seed = 3});

  EXPECT_EQ(seen.end, suite_end::complete) << seen.end_sentence;
  EXPECT_GE(seen.broker_deaths, 1U);
  const test_run& killer = run_of(seen, "killer");
  EXPECT_EQ(killer.concluded(), verdict::fail);
  EXPECT_THAT(killer.broker_death, HasSubstr("exited with status 7"));
  EXPECT_THAT(killer.log_tail, HasSubstr("cannot go on"));
  for (const test_run& each : seen.tests) {
    if (&each == &killer) continue;
    EXPECT_EQ(each.concluded(), verdict::pass) << each.what.test->id;
    EXPECT_EQ(each.broker_death, "") << each.what.test->id;
  }
}

TEST_F(BrokerDeath, ThatNobodyRepeatsEndsNoGoodRun) {
  suite tests;
  for (int i = 0; i < 10; ++i) tests.add(small_test("ping/" + std::to_string(i), ping));
  tests.add(small_test("killer", kill_once()));
  const suite_run seen = run(tests, {.jobs = 4, .seed = 3});

  EXPECT_EQ(seen.end, suite_end::broker_died);
  EXPECT_EQ(seen.broker_deaths, 1U);
  EXPECT_THAT(seen.end_sentence, HasSubstr("exited with status 7"));
  EXPECT_THAT(seen.end_sentence, HasSubstr("killer"));
  for (const test_run& each : seen.tests) {
    EXPECT_EQ(each.concluded(), verdict::pass) << each.what.test->id;
  }
}

}  // namespace
}  // namespace gauntlet::conformance
