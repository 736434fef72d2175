// Goal: a store that cannot be used says why and what to do, in one sentence, with exit code 3; and
// one that is large is read quickly.

#include <chrono>
#include <filesystem>

#include <gmock/gmock.h>

#include "harness/broker/store/sqlite_database.hpp"
#include "tests/unit/broker/store_bench.hpp"

namespace gauntlet::broker {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class StoreFile : public testing::Test {
 protected:
  outcome<std::unique_ptr<durable_store>> open() const {
    return open_sqlite_store(
        {.directory = folder.path().string(), .synchronization = store_synchronization::full});
  }
  std::string file() const { return folder.file("broker.db"); }
  // Why it cannot be opened.
  std::string refusal() const {
    const auto opened = open();
    if (opened) return "opened";
    EXPECT_EQ(opened.error().code, exit_code::environment_failed);
    return opened.error().message;
  }
  test::temporary_directory folder;
};

TEST_F(StoreFile, IsForOneBrokerAtATime) {
  auto first = open();
  ASSERT_TRUE(first);
  EXPECT_THAT(refusal(), AllOf(HasSubstr(file()), HasSubstr("in use by another broker")));
  first->reset();
  EXPECT_TRUE(open());
}

TEST_F(StoreFile, OfANewerVersionIsLeftAlone) {
  ASSERT_TRUE(open());
  sqlite_database(file()).execute("PRAGMA user_version = 2");
  EXPECT_THAT(refusal(), HasSubstr("newer Gauntlet (schema 2, this one knows 1)"));
}

TEST_F(StoreFile, OfAnotherProgramIsLeftAlone) {
  sqlite_database(file()).execute("CREATE TABLE theirs(a)");
  EXPECT_THAT(refusal(), HasSubstr("no store of Gauntlet's"));
}

TEST_F(StoreFile, ThatIsNoDatabaseIsNamed) {
  folder.write("broker.db", std::string(5000, 'x'));
  EXPECT_THAT(refusal(), AllOf(HasSubstr(file()), HasSubstr("is damaged")));
}

TEST_F(StoreFile, InAPlaceThatIsNoDirectoryIsNamed) {
  folder.write("taken", "");
  const auto opened = open_sqlite_store({.directory = folder.file("taken/below")});
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, HasSubstr("cannot create the directory"));
}

TEST_F(StoreFile, IsNotReadableByOthers) {
  const std::string below = folder.file("new");
  ASSERT_TRUE(open_sqlite_store({.directory = below}));
  EXPECT_EQ(std::filesystem::status(below).permissions(), std::filesystem::perms::owner_all);
}

TEST_F(StoreFile, WithRecordsThatDoNotFitIsDamaged) {
  for (const char* const record :
       {"INSERT INTO delivery VALUES(1, 1, 1, 0, 1, 0, 0, '', '')",
        "INSERT INTO retained VALUES('t', 5, '')", "INSERT INTO inbound VALUES(1, 1)",
        "INSERT INTO message VALUES(1, 'a/#', '', '', 0, 0, NULL, 0)",
        "INSERT INTO message VALUES(1, 't', '', '', 3, 0, NULL, 0)",
        "INSERT INTO subscription VALUES(1, 't', 0, 1, 0, 0, 0, 0)"}) {
    ASSERT_TRUE(open());
    sqlite_database(file()).execute(record);
    auto opened = open();
    ASSERT_TRUE(opened);
    bench broker;
    const auto recovered = broker.core.recover(**opened, broker.now, wall_time{});
    ASSERT_FALSE(recovered) << record;
    EXPECT_THAT(recovered.error().message, HasSubstr("is damaged"));
    opened->reset();
    std::filesystem::remove(file());
  }
}

// One transaction that grows beyond what the file may hold.
TEST_F(StoreFile, ThatIsFullFailsAtTheCommit) {
  sqlite_database full(file());
  full.execute("PRAGMA max_page_count = 2; CREATE TABLE t(a)");
  full.execute("INSERT INTO t VALUES(zeroblob(100000))");
  ASSERT_TRUE(full.error());
  EXPECT_EQ(full.error()->kind, sqlite_database::problem::disk_full);
}

TEST(LargeStore, IsReadInSeconds) {
  constexpr int count = 20'000;
  constexpr int batch = 1'000;
  store_bench broker;
  mqtt::connect lasting{.clean_start = false};
  peer& a = broker->connected("a", v3, lasting);
  a.subscribe("t", qos1);
  a.drop();
  peer& p = broker->connected("p", v3);
  byte_buffer bytes;
  for (int i = 0; i < count; ++i) {
    mqtt::publish packet{.qos = qos1, .topic_name = "t", .payload = byte_buffer(100)};
    packet.packet_identifier = 1;
    ASSERT_TRUE(mqtt::encode(packet, v3, bytes).has_value());
    if ((i + 1) % batch != 0) continue;
    p.send_raw(std::exchange(bytes, {}));
    for (int answer = 0; answer < batch; ++answer) p.expect<mqtt::puback>();
  }
  broker.kill_and_restart();
  peer& again = broker->connected("a", v3, lasting);
  for (int i = 0; i < 1'000; ++i) again.expect<mqtt::publish>();  // the in-flight window
  again.expect_nothing();
}

}  // namespace
}  // namespace gauntlet::broker
