// Goal: ./gauntlet and ./check do what they say on machines of every kind. They run for real, in a
// copy of the tree whose path has spaces; dpkg, apt-get, sudo, cmake and ctest are stand-ins that
// note how they were called.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <unistd.h>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/target/child_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace gauntlet {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

struct finished {
  int status = -1;
  std::string output;  ///< of both streams
};

class Bootstrap : public ::testing::Test {
 protected:
  Bootstrap() {
    for (const char* file : {"gauntlet", "check", "packages.txt", "cmake/bootstrap.sh"}) {
      fs::create_directories((tree / file).parent_path());
      fs::copy_file(fs::path(GAUNTLET_SOURCE_FOLDER) / file, tree / file);
    }
    write(tree / "sim/device.cpp", "int device;\n");
    fs::create_directories(tools);
    everything_is_installed();
    // Makes the program, which says where it is and what it was given.
    tool("cmake",
         "mkdir -p build/release/cli; touch build/release/build.ninja\n"
         "cd \"$ROOT\"; mkdir -p build/release/cli\n"
         "printf '#!/bin/sh\\necho \"program in $PWD:\"; for a; do echo \"[$a]\"; done; exit 5\\n' "
         "> build/release/cli/gauntlet; chmod +x build/release/cli/gauntlet");
    tool("clang-format-14", "");
    tests_end_with(3, 0, 0);
  }

  /// A stand-in: notes its call, then does as told. `$ROOT` is the tree.
  void tool(const std::string& name, const std::string& script) {
    const fs::path file = tools / name;
    write(file, "#!/bin/sh\nROOT='" + tree.string() + "'\necho \"" + name + " $*\" >> '" +
                    (folder.path() / "calls").string() + "'\n" + script + "\n");
    fs::permissions(file, fs::perms::all);
  }

  void everything_is_installed() { tool("dpkg-query", "for a; do echo \"installed $a\"; done"); }
  void nothing_is_installed() { tool("dpkg-query", "exit 1"); }

  /// What ctest answers: its exit status follows the failures, as that of the real one.
  void tests_end_with(int tests, int failures, int skipped) {
    tool("ctest",
         "while [ \"$1\" != --output-junit ]; do shift; done\n"
         "printf '<testsuite name=\"x\"\\n\\ttests=\"" +
             std::to_string(tests) + "\"\\n\\tfailures=\"" + std::to_string(failures) +
             "\"\\n\\tdisabled=\"0\"\\n\\tskipped=\"" + std::to_string(skipped) +
             "\"\\n\\t>\\n' > \"$2\"\nexit " + std::to_string(failures > 0 ? 8 : 0));
  }

  finished run(const std::string& script, const std::vector<std::string>& arguments = {}) {
    return start("bash", script, arguments, {});
  }

  /// Runs as somebody who is not root.
  finished run_as_user(const std::string& script) {
    for (const auto& entry : fs::recursive_directory_iterator(folder.path())) {
      fs::permissions(entry.path(), fs::perms::all);
    }
    fs::permissions(folder.path(), fs::perms::all);
    if (::geteuid() != 0) return run(script);
    return start("setpriv", script, {}, {"--reuid=65534", "--clear-groups", "bash"});
  }

  std::string calls() const { return read(folder.path() / "calls"); }
  void forget_calls() { fs::remove(folder.path() / "calls"); }

  static std::string read(const fs::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  static void write(const fs::path& file, const std::string& text) {
    fs::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }

  test::temporary_directory folder;
  fs::path tree = folder.path() / "a tree [1]";
  fs::path tools = folder.path() / "tools";

 private:
  finished start(const std::string& command, const std::string& script,
                 const std::vector<std::string>& arguments, std::vector<std::string> words) {
    words.push_back((tree / script).string());
    words.insert(words.end(), arguments.begin(), arguments.end());
    const std::string output = folder.file("output");
    fs::remove(output);
    const fs::path elsewhere = folder.path() / "elsewhere";
    fs::create_directories(elsewhere);
    const std::string path = tools.string() + ":/usr/sbin:/usr/bin:/sbin:/bin";
    auto child = target::child_process::start({.command = command,
                                               .arguments = words,
                                               .environment = {{"PATH", path}},
                                               .working_folder = elsewhere,
                                               .output_file = output});
    if (!child) return {-1, child.error().message};
    const auto how = child->wait_exit(15s);
    return {how && !how->signalled ? how->code : -1, read(output)};
  }
};

TEST_F(Bootstrap, BecomesTheProgramWhereItWasCalled) {
  const finished done = run("gauntlet", {"run", "a b.yaml", ""});
  EXPECT_EQ(done.status, 5);
  EXPECT_THAT(done.output, EndsWith("elsewhere:\n[run]\n[a b.yaml]\n[]\n"));
}

TEST_F(Bootstrap, BuildsOnlyWhenASourceIsNewer) {
  run("gauntlet");
  EXPECT_THAT(calls(), AllOf(HasSubstr("cmake --preset release"), HasSubstr("cmake --build")));

  forget_calls();
  EXPECT_EQ(run("gauntlet").status, 5);
  EXPECT_EQ(calls(), "");

  write(tree / "sim/device.cpp", "int other;\n");
  EXPECT_EQ(run("gauntlet").status, 5);
  EXPECT_THAT(calls(), AllOf(HasSubstr("cmake --build"), Not(HasSubstr("--preset"))));
}

TEST_F(Bootstrap, InstallsWhatIsMissingAndSaysSo) {
  nothing_is_installed();
  tool("apt-get", "");
  tool("sudo", "[ \"$1\" = -n ] && shift; exec \"$@\"");
  const finished done = run("gauntlet");
  EXPECT_EQ(done.status, 5);
  EXPECT_THAT(done.output, HasSubstr("installing with apt-get: cmake g++"));
  EXPECT_THAT(calls(), AllOf(HasSubstr(" update\n"), HasSubstr(" install -y"), HasSubstr("g++"),
                             Not(HasSubstr("chromium"))));
}

TEST_F(Bootstrap, TellsTheCommandToWhoMayNotInstall) {
  nothing_is_installed();
  tool("apt-get", "");
  tool("sudo", "exit 1");
  const finished done = run_as_user("gauntlet");
  EXPECT_EQ(done.status, 2);
  EXPECT_THAT(done.output,
              HasSubstr("\n  sudo apt-get install --no-install-recommends cmake g++ "));
  EXPECT_THAT(calls(), Not(HasSubstr("apt-get")));
}

TEST_F(Bootstrap, TellsWhenInstallingFails) {
  nothing_is_installed();
  tool("apt-get", "echo E: no such package; exit 100");
  tool("sudo", "[ \"$1\" = -n ] && shift; exec \"$@\"");
  const finished done = run("gauntlet");
  EXPECT_EQ(done.status, 3);
  EXPECT_THAT(done.output, AllOf(HasSubstr("E: no such package"), HasSubstr("apt-get failed")));
}

TEST_F(Bootstrap, ShowsTheEndOfAFailedBuild) {
  tool("cmake", "echo device.cpp:1: error: too few devices; exit 1");
  const finished done = run("gauntlet");
  EXPECT_EQ(done.status, 4);
  EXPECT_THAT(done.output, AllOf(HasSubstr("too few devices"), HasSubstr("configure.log")));
}

TEST_F(Bootstrap, ShowsOnlyTheErrorsOfThisBuild) {
  EXPECT_EQ(run("gauntlet").status, 5);
  for (const char* error : {"too few devices", "too many devices"}) {
    tool("cmake", std::string("echo device.cpp:1: error: ") + error + "; exit 1");
    write(tree / "sim/device.cpp", error);
    EXPECT_EQ(run("gauntlet").status, 4);
  }
  EXPECT_THAT(run("gauntlet").output,
              AllOf(HasSubstr("build.log"), HasSubstr("too many"), Not(HasSubstr("too few"))));
}

TEST_F(Bootstrap, IsFoundThroughALink) {
  fs::create_symlink(tree / "gauntlet", folder.path() / "link");
  fs::create_symlink(folder.path() / "link", tree / "other");
  EXPECT_EQ(run("other").status, 5);
}

TEST_F(Bootstrap, CheckCountsTestsAndItsOwnSteps) {
  tests_end_with(7, 0, 2);
  const finished done = run("check");
  EXPECT_EQ(done.status, 0);
  // 5 tests; format, build and headers.
  EXPECT_THAT(done.output, EndsWith("\n8 passed, 0 failed, 2 skipped\n"));
}

TEST_F(Bootstrap, CheckFailsWithATest) {
  tests_end_with(7, 3, 0);
  const finished done = run("check");
  EXPECT_EQ(done.status, 1);
  EXPECT_THAT(done.output, EndsWith("\n7 passed, 3 failed\n"));
}

TEST_F(Bootstrap, CheckFailsWithAStep) {
  tool("clang-format-14", "echo bad format; exit 1");
  const finished done = run("check");
  EXPECT_EQ(done.status, 1);
  EXPECT_THAT(done.output, AllOf(HasSubstr("bad format"), EndsWith("\n5 passed, 1 failed\n")));
}

TEST_F(Bootstrap, CheckFailsWithoutTests) {
  tool("ctest", "echo No tests were found; exit 8");
  const finished done = run("check");
  EXPECT_EQ(done.status, 1);
  EXPECT_THAT(done.output, EndsWith("\n3 passed, 1 failed\n"));
}

TEST_F(Bootstrap, CheckFailsWithTheBuild) {
  tool("cmake", "exit 1");
  const finished done = run("check");
  EXPECT_EQ(done.status, 4);
  EXPECT_THAT(done.output, EndsWith("\n1 passed, 1 failed\n"));
}

TEST_F(Bootstrap, CheckRunsUnitTestsAloneWhenQuick) {
  const finished done = run("check", {"--quick"});
  EXPECT_EQ(done.status, 0);
  EXPECT_THAT(calls(), AllOf(HasSubstr("-L ^unit$"), Not(HasSubstr("clang-format"))));
  EXPECT_THAT(done.output, EndsWith("\n4 passed, 0 failed\n"));
}

TEST_F(Bootstrap, CheckKnowsItsOptions) {
  EXPECT_EQ(run("check", {"--help"}).status, 0);
  const finished done = run("check", {"--fast"});
  EXPECT_EQ(done.status, 2);
  EXPECT_THAT(done.output, HasSubstr("Usage: ./check"));
}

}  // namespace
}  // namespace gauntlet
