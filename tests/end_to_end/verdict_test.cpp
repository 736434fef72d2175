// Goal: a broker that misbehaves turns the verdict, by exactly the figure that says how; and the
// terminal, the record and the exit code say the same.

#include "tests/end_to_end/end_to_end.hpp"

namespace gauntlet::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::SizeIs;

const std::string four_figures =
    "  - {connected: 100%}\n"
    "  - {qos: 1, lost: 0}\n"
    "  - {qos: 2, duplicated: 0}\n"
    "  - {reordered: 0}";

// Ten senders, a second, two readers.
constexpr std::uint64_t deliveries = 10 * messages_per_second * 2;

class Verdict : public end_to_end {};

TEST_F(Verdict, OfAGoodBroker) {
  const program_end how = run_small({.expect = four_figures});
  EXPECT_THAT(how,
              ends_with(0, "PASSED  small on the embedded reference broker",
                        "All 4 expectations were met.", "0 of 200", "report: out/report.html"));
  EXPECT_EQ(result().verdict, record::verdict::pass);
  for (std::uint8_t qos = 0; qos <= 2; ++qos) {
    const record::delivery_account all = record::total_of(result().measured, qos);
    EXPECT_EQ(all.sent, deliveries / 2);
    EXPECT_EQ(all.delivered, deliveries);
    EXPECT_EQ(all.lost + all.duplicated + all.reordered + all.uncertain + all.unexpected, 0U);
  }
}

struct caught_defect {
  const char* defect;
  std::uint8_t qos;
  std::uint64_t record::delivery_account::*figure;
  std::size_t expectation;
  const char* sentence;

  friend std::ostream& operator<<(std::ostream& to, const caught_defect& each) {
    return to << each.defect;
  }
};

class DefectiveBroker : public end_to_end, public testing::WithParamInterface<caught_defect> {};

TEST_P(DefectiveBroker, FailsByItsOwnFigureAlone) {
  const caught_defect& caught = GetParam();
  const program_end how = run_small({.expect = four_figures}, {"--defect", caught.defect});
  EXPECT_THAT(how, ends_with(1, "FAILED  small on", "1 of 4 expectations was not met.",
                             "fail          " + std::string(caught.sentence)));

  const record::run_result seen = result();
  EXPECT_EQ(seen.verdict, record::verdict::fail);
  ASSERT_THAT(seen.expectations, SizeIs(4));
  for (std::size_t i = 0; i < seen.expectations.size(); ++i) {
    const bool fails = i == caught.expectation;
    EXPECT_EQ(seen.expectations[i].verdict, fails ? record::verdict::fail : record::verdict::pass)
        << seen.expectations[i].sentence;
  }
  const record::expectation_record& failed = seen.expectations[caught.expectation];
  EXPECT_THAT(failed.where, MatchesRegex("small.yaml:2[0-9]"));
  EXPECT_THAT(how.out, HasSubstr(failed.observed + "  (expected 0)  " + failed.where));

  using account = record::delivery_account;
  for (std::uint8_t qos = 0; qos <= 2; ++qos) {
    const account all = record::total_of(seen.measured, qos);
    for (const auto figure : {&account::lost, &account::duplicated, &account::reordered,
                              &account::uncertain, &account::unexpected}) {
      // Every delivery may be overtaken; loss and doubling are of one QoS.
      const bool is_of_any_qos = caught.figure == &account::reordered;
      if (figure != caught.figure) {
        EXPECT_EQ(all.*figure, 0U) << "at QoS " << int{qos};
      } else if (qos == caught.qos) {
        EXPECT_GT(all.*figure, 0U);
      } else if (!is_of_any_qos) {
        EXPECT_EQ(all.*figure, 0U) << "at QoS " << int{qos};
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    That, DefectiveBroker,
    testing::Values(caught_defect{"lose-qos1-delivery:1/20", 1, &record::delivery_account::lost, 1,
                                  "No message is lost (QoS 1)"},
                    caught_defect{"deliver-qos2-twice:1/20", 2,
                                  &record::delivery_account::duplicated, 2,
                                  "No message is delivered twice (QoS 2)"},
                    caught_defect{"reorder-deliveries:1/20", 1,
                                  &record::delivery_account::reordered, 3,
                                  "No message overtakes another of its stream"}),
    [](const auto& each) {
      const std::string name = each.param.defect;
      return name.substr(0, name.find('-'));
    });

TEST_F(Verdict, CountsExactlyWhatWasLost) {
  // Of each 20 successive deliveries one is lost.
  EXPECT_THAT(run_small({.expect = four_figures}, {"--defect", "lose-qos1-delivery:1/20"}),
              ends_with(1, "10 of 200"));
  const record::delivery_account qos1 = record::total_of(result().measured, 1);
  EXPECT_EQ(qos1.lost, deliveries / 20);
  EXPECT_EQ(qos1.delivered, deliveries - deliveries / 20);
}

TEST_F(Verdict, SaysTheSameInEveryFile) {
  run_small({.expect = four_figures}, {"--defect", "lose-qos1-delivery:1/20"});
  for (const char* file : {"out/report.html", "out/junit.xml", "out/summary.md"}) {
    EXPECT_THAT(content_of(file),
                AllOf(HasSubstr("No message is lost (QoS 1)"), HasSubstr("10 of 200")))
        << file;
  }
  EXPECT_THAT(content_of("out/junit.xml"), HasSubstr("failures=\"1\""));
}

TEST_F(Verdict, OfAFleetThatIsRefusedInPart) {
  // The readers log in, the senders do not, and nobody may come without a name.
  const running_broker broker = start_broker({"--user", "reader:pw"});
  std::string text = small_fleet{.expect = four_figures}.yaml();
  const std::string readers = "group: readers\n";
  text.insert(text.find(readers) + readers.size(), "    user_name: reader\n    password: pw\n");
  text.insert(text.find("group: senders\n") + 15, "    user_name: sender\n    password: pw\n");
  // The first device is the one that asks whether the broker is there.
  const std::size_t senders = text.find("  - group: senders");
  const std::size_t others = text.find("  - group: readers");
  const std::size_t end = text.find("expect:");
  const std::string swapped = text.substr(0, senders) + text.substr(others, end - others) +
                              text.substr(senders, others - senders) + text.substr(end);
  folder.write("small.yaml", swapped);
  const program_end how = run({"run", "small.yaml", "--out", "out", "--target", broker.url});
  EXPECT_THAT(how, ends_with(1, "FAILED", "At least 100% of the devices connect", "2 of 12"));
  const record::run_result seen = result();
  const auto& reasons = seen.measured.connections.back().failures.counts();
  ASSERT_THAT(reasons, SizeIs(1));
  EXPECT_THAT(reasons.begin()->first, HasSubstr("Bad User Name or Password"));
}

}  // namespace
}  // namespace gauntlet::test
