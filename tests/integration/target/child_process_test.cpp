// Goal: programs start with what they were given, and however they end, we know and nothing stays.

#include "harness/target/child_process.hpp"

#include <cerrno>
#include <csignal>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_directory.hpp"

namespace gauntlet::target {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

constexpr auto patience = 10s;

class ChildProcess : public ::testing::Test {
 protected:
  outcome<child_process> start_shell(const std::string& script) {
    return child_process::start({.command = "sh",
                                 .arguments = {"-c", script},
                                 .environment = {{"GREETING", "hello"}},
                                 .working_folder = folder.path(),
                                 .output_file = folder.file("log")});
  }

  std::string log() const {
    std::ifstream file(folder.file("log"));
    return {std::istreambuf_iterator<char>(file), {}};
  }

  test::temporary_directory folder;
};

TEST_F(ChildProcess, WritesBothOutputsToTheFile) {
  auto child = start_shell("echo $GREETING; echo problem >&2; pwd");
  ASSERT_TRUE(child) << child.error().message;
  ASSERT_TRUE(child->wait_exit(patience));
  EXPECT_EQ(log(), "hello\nproblem\n" + folder.path().string() + "\n");
}

TEST_F(ChildProcess, HasNoInputAndOwnsItsGroup) {
  auto child = start_shell("cat; ps -o pgid= -p $$");
  ASSERT_TRUE(child);
  ASSERT_TRUE(child->wait_exit(patience));
  EXPECT_THAT(log(), HasSubstr(std::to_string(child->pid())));
}

TEST_F(ChildProcess, TellsItsExitStatus) {
  auto child = start_shell("exit 7");
  ASSERT_TRUE(child);
  const auto how = child->wait_exit(patience);
  ASSERT_TRUE(how);
  EXPECT_EQ(how->to_string(), "exited with status 7");
}

TEST_F(ChildProcess, TellsTheSignalThatKilledIt) {
  auto child = start_shell("kill -TERM $$");
  ASSERT_TRUE(child);
  const auto how = child->wait_exit(patience);
  ASSERT_TRUE(how);
  EXPECT_EQ(how->to_string(), "was killed by signal 15 (Terminated)");
}

TEST_F(ChildProcess, GetsSignals) {
  auto child = start_shell("exec sleep 600");
  ASSERT_TRUE(child);
  EXPECT_FALSE(child->poll_exit());
  child->signal(SIGTERM);
  const auto how = child->wait_exit(patience);
  ASSERT_TRUE(how);
  EXPECT_TRUE(how->signalled);
  EXPECT_EQ(how->code, SIGTERM);
}

TEST_F(ChildProcess, TakesItsOwnChildrenWithIt) {
  auto child = start_shell("sleep 600 & echo $!; wait");
  ASSERT_TRUE(child);
  while (log().empty()) ASSERT_FALSE(child->wait_exit(1ms));
  const pid_t grandchild = std::stoi(log());
  ASSERT_EQ(::kill(grandchild, 0), 0);
  child->kill();
  EXPECT_EQ(::kill(grandchild, 0), -1) << "no zombie either";
  EXPECT_EQ(errno, ESRCH);
}

TEST_F(ChildProcess, LeavesNothingWhenItEndsBeforeItsChildren) {
  auto child = start_shell("(sh -c 'echo $$; exec sleep 600' &) & while [ ! -s log ]; do :; done");
  ASSERT_TRUE(child);
  ASSERT_TRUE(child->wait_exit(patience));
  EXPECT_EQ(::kill(std::stoi(log()), 0), -1);
}

TEST_F(ChildProcess, DiesWithItsOwner) {
  pid_t pid = -1;
  {
    auto child = start_shell("exec sleep 600");
    ASSERT_TRUE(child);
    pid = child->pid();
  }
  EXPECT_EQ(::kill(pid, 0), -1);
}

TEST_F(ChildProcess, ThatDoesNotExistIsNamed) {
  const auto child = child_process::start({.command = "no-such-program",
                                           .arguments = {},
                                           .environment = {},
                                           .working_folder = folder.path(),
                                           .output_file = folder.file("log")});
  ASSERT_FALSE(child);
  EXPECT_EQ(child.error().message, "cannot start no-such-program: not found");
}

TEST_F(ChildProcess, ThatCannotBeExecutedTellsWhy) {
  const std::string program = folder.write("broken", "#!/no/such/interpreter\n");
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  const auto child = child_process::start({.command = program,
                                           .arguments = {},
                                           .environment = {},
                                           .working_folder = folder.path(),
                                           .output_file = folder.file("log")});
  ASSERT_FALSE(child);
  EXPECT_THAT(child.error().message, HasSubstr("No such file or directory"));
}

TEST_F(ChildProcess, NeedsAPlaceForItsOutput) {
  const auto child = child_process::start({.command = "true",
                                           .arguments = {},
                                           .environment = {},
                                           .working_folder = folder.path(),
                                           .output_file = folder.file("no/log")});
  ASSERT_FALSE(child);
  EXPECT_THAT(child.error().message, HasSubstr("cannot write "));
}

TEST(FindCommand, LooksWhereSystemProgramsAre) {
  EXPECT_TRUE(find_command("sh"));
  EXPECT_TRUE(find_command("/bin/sh"));
  EXPECT_FALSE(find_command("/bin/no-such-program"));
  EXPECT_FALSE(find_command("no-such-program"));
}

}  // namespace
}  // namespace gauntlet::target
