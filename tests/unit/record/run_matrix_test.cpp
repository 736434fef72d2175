// Goal: the row of a run in a matrix says what the run's own result says.

#include "harness/record/run_matrix.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gauntlet::record {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

run_result sample() {
  run_result run;
  run.ending = ending::complete;
  run.verdict = verdict::pass;
  for (const char* group : {"a", "b"}) {
    message_flow& flow = run.measured.flow(group, 1);
    flow.account.sent = 100;
    flow.account.delivered = 200;
    flow.account.lost = 1;
    flow.latency_from_schedule.record(milliseconds(group[0] == 'a' ? 1 : 9));
    connection_account& connections = run.measured.connection(group);
    connections.planned = 10;
    connections.connected = 12;
    connections.reconnected = 2;
    connections.unexpected_disconnects.add("closed", 2);
  }
  run.broker_processes = {{.rss_bytes_max = 10, .cpu = seconds(1)},
                          {.rss_bytes_max = 30, .cpu = seconds(2)}};
  return run;
}

TEST(RunMatrix, SumsTheFiguresOfARun) {
  const run_matrix_row row = matrix_row_of({{"qos", "1"}}, "1-qos=1", sample(), seconds(10));
  EXPECT_EQ(row.devices, 20U);
  EXPECT_EQ(row.connected, 20U);
  EXPECT_EQ(row.unexpected_disconnects, 4U);
  EXPECT_EQ(row.sent, 200U);
  EXPECT_EQ(row.lost, 2U);
  EXPECT_EQ(row.sent_per_second, 20);
  EXPECT_EQ(row.delivered_per_second, 40);
  EXPECT_NEAR(static_cast<double>(row.latency_max.count()), 9e6, 1e5);
  EXPECT_EQ(row.broker_rss_bytes_max, 30U);
  EXPECT_EQ(row.broker_cpu, seconds(3));
  EXPECT_EQ(row.remark, "");
}

TEST(RunMatrix, SaysWhyARunIsNotWhole) {
  run_result run = sample();
  run.ending = ending::target_died;
  run.ending_sentence = "The broker died.";
  EXPECT_EQ(matrix_row_of({}, "1", run, seconds(0)).remark, "The broker died.");
  EXPECT_EQ(matrix_row_of({}, "1", run, seconds(0)).sent_per_second, 0);
}

TEST(RunMatrix, BecomesALineOfJson) {
  const std::string line =
      to_json_line(matrix_row_of({{"qos", "1"}}, "1-qos=1", sample(), seconds(10)));
  EXPECT_EQ(line.find('\n'), line.npos);
  EXPECT_THAT(line, AllOf(HasSubstr(R"("parameters":[{"name":"qos","value":"1"}])"),
                          HasSubstr(R"("verdict":"pass")"), HasSubstr(R"("lost":2)"),
                          HasSubstr(R"("broker_cpu_ns":3000000000)")));
}

}  // namespace
}  // namespace gauntlet::record
