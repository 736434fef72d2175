// Goal: each rule over one text is seen to find what it forbids and to let pass what it allows.

#include "tests/tidy/text_rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gauntlet::tidy {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(BannedWords, AreFoundWithTheirLineAndRemedy) {
  const auto found = check_banned_words("sim/a.cpp", "int a;\n// TODO: b\n");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].line, 2U);
  EXPECT_EQ(found[0].message, "TODO: finish it, or file an issue");
}

TEST(BannedWords, CoverRandomnessClocksSleepsAndDeadTests) {
  for (const char* line :
       {"int r = std::rand();", "std::random_device d;", "std::mt19937 g;",
        "auto t = std::chrono::steady_clock::now();", "auto t = system_clock::now();",
        "std::this_thread::sleep_for(1s);", "::usleep(10);", "TEST(Suite, DISABLED_Case) {}",
        "std::exit(1);", "// FIXME later"}) {
    EXPECT_THAT(check_banned_words("tests/unit/sim/a_test.cpp", line), SizeIs(1)) << line;
  }
}

TEST(BannedWords, AreWholeWords) {
  EXPECT_THAT(check_banned_words("sim/a.cpp", "void deep_sleep_forever();\n"), IsEmpty());
  EXPECT_THAT(check_banned_words("sim/a.cpp", "int std_random_device;\n"), IsEmpty());
  EXPECT_THAT(check_banned_words("sim/a.cpp", "std::chrono::system_clock::time_point t;\n"),
              IsEmpty());
}

TEST(BannedWords, LetTheRealLoopHaveItsClock) {
  EXPECT_THAT(check_banned_words("harness/net/asio_loop.cpp", "steady_clock::now();\n"), IsEmpty());
  EXPECT_THAT(check_banned_words("harness/net/asio_loop.cpp", "sleep_for(1s);\n"), SizeIs(1));
}

TEST(BannedWords, LeaveProseAlone) {
  EXPECT_THAT(check_banned_words("docs/style.md", "There is no TODO in our code.\n"), IsEmpty());
}

TEST(HeaderForm, IsPragmaBlankComment) {
  EXPECT_THAT(check_header_form("sim/a.hpp", "#pragma once\n\n// What it is.\n"), IsEmpty());
  EXPECT_THAT(check_header_form("sim/a.cpp", "#include <vector>\n"), IsEmpty());
}

TEST(HeaderForm, MissesPragmaOrComment) {
  EXPECT_THAT(check_header_form("sim/a.hpp", "// What it is.\n\n// More.\n"), SizeIs(1));
  EXPECT_THAT(check_header_form("sim/a.hpp", "#pragma once\n\n#include <vector>\n"), SizeIs(1));
  EXPECT_THAT(check_header_form("sim/a.hpp", ""), SizeIs(2));
}

TEST(MachinePaths, AreFoundAnywhere) {
  EXPECT_THAT(check_machine_paths("README.md", "cd /home/me/gauntlet\n"), SizeIs(1));
  EXPECT_THAT(check_machine_paths("sim/a.cpp", "open(\"/root/x\");\n"), SizeIs(1));
}

TEST(MachinePaths, AreAbsolute) {
  EXPECT_THAT(check_machine_paths("README.md", "see tests/work/ and ./home/x\n"), IsEmpty());
  EXPECT_THAT(check_machine_paths("README.md", "https://example.org/home/page\n"), IsEmpty());
  EXPECT_THAT(check_machine_paths("README.md", "/etc/mosquitto\n"), IsEmpty());
}

TEST(FileMode, FitsTheFirstLine) {
  EXPECT_THAT(check_file_mode({"check", "#!/usr/bin/env bash\n", true}), IsEmpty());
  EXPECT_THAT(check_file_mode({"sim/a.cpp", "int a;\n", false}), IsEmpty());
  EXPECT_THAT(check_file_mode({"check", "#!/usr/bin/env bash\n", false}), SizeIs(1));
  EXPECT_THAT(check_file_mode({"sim/a.cpp", "int a;\n", true}), SizeIs(1));
}

}  // namespace
}  // namespace gauntlet::tidy
