// Goal: each include rule is seen to find what it forbids and to let pass what it allows.

#include "tests/tidy/include_rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gauntlet::tidy {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(IncludeDirection, LetsFoldersIncludeWhatTheyStandOn) {
  EXPECT_THAT(check_include_direction("harness/net/tcp.cpp", "#include \"harness/ws/frame.hpp\"\n"),
              IsEmpty());
  EXPECT_THAT(check_include_direction("sim/device.hpp", "#include \"harness/mqtt/qos.hpp\"\n"),
              IsEmpty());
  EXPECT_THAT(check_include_direction("sim/device.hpp", "#include \"sim/plan.hpp\"\n"), IsEmpty());
  EXPECT_THAT(check_include_direction("cli/main.cpp", "#include \"sim/coordinator.hpp\"\n"),
              IsEmpty());
  EXPECT_THAT(check_include_direction("fuzz/targets/a/a.cpp", "#include \"sim/coordinator.hpp\"\n"),
              IsEmpty());
}

TEST(IncludeDirection, FindsAnIncludeAgainstIt) {
  const auto found = check_include_direction(
      "harness/mqtt/codec.cpp", "#include <vector>\n\n#include \"harness/net/channel.hpp\"\n");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].line, 3U);
  EXPECT_EQ(found[0].message, "harness/mqtt must not include harness/net");
}

TEST(IncludeDirection, KeepsTheToolsApart) {
  EXPECT_THAT(check_include_direction("sim/a.cpp", "#include \"conformance/case.hpp\"\n"),
              SizeIs(1));
  EXPECT_THAT(check_include_direction("fuzz/a.cpp", "#include \"sim/device.hpp\"\n"), SizeIs(1));
  EXPECT_THAT(check_include_direction("reports/a.cpp", "#include \"sim/device.hpp\"\n"), SizeIs(1));
}

TEST(IncludeDirection, LetsNothingStandOnCliOrTests) {
  EXPECT_THAT(check_include_direction("sim/a.cpp", "#include \"cli/options.hpp\"\n"), SizeIs(1));
  EXPECT_THAT(check_include_direction("sim/a.cpp", "#include \"tests/helper.hpp\"\n"), SizeIs(1));
  EXPECT_THAT(
      check_include_direction("fuzz/self/a.cpp", "#include \"fuzz/targets/packet_maker.hpp\"\n"),
      SizeIs(1));
}

TEST(IncludeDirection, FindsAnIncludeThatIsNotFromTheRoot) {
  EXPECT_THAT(check_include_direction("sim/a.cpp", "#include \"device.hpp\"\n"), SizeIs(1));
  EXPECT_THAT(check_include_direction("sim/a.cpp", "#include \"../sim/device.hpp\"\n"), SizeIs(1));
}

TEST(ThirdPartyWalls, LetLibrariesInWhereTheyBelong) {
  EXPECT_THAT(
      check_third_party_walls("harness/net/tcp.hpp",
                              "#include <boost/asio/ip/tcp.hpp>\n#include <sys/socket.h>\n"),
      IsEmpty());
  EXPECT_THAT(check_third_party_walls("harness/config/yaml.cpp", "#include <yaml-cpp/yaml.h>\n"),
              IsEmpty());
  EXPECT_THAT(
      check_third_party_walls("harness/mqtt/codec.hpp", "#include <boost/system/result.hpp>\n"),
      IsEmpty());
}

TEST(ThirdPartyWalls, KeepThemOutElsewhere) {
  EXPECT_THAT(check_third_party_walls("sim/device.cpp", "#include <boost/asio/ip/tcp.hpp>\n"),
              SizeIs(1));
  EXPECT_THAT(check_third_party_walls("cli/run.cpp", "#include <yaml-cpp/yaml.h>\n"), SizeIs(1));
  EXPECT_THAT(check_third_party_walls("sim/plan.cpp", "#include <CLI/CLI.hpp>\n"), SizeIs(1));
}

TEST(ThirdPartyWalls, KeepSomeOutOfHeadersToo) {
  EXPECT_THAT(check_third_party_walls("harness/config/node.hpp", "#include <yaml-cpp/yaml.h>\n"),
              SizeIs(1));
}

TEST(ThirdPartyWalls, KeepTheProtocolFreeOfLibraries) {
  EXPECT_THAT(check_third_party_walls("harness/mqtt/codec.cpp", "#include <fmt/format.h>\n"),
              SizeIs(1));
}

TEST(ThirdPartyWalls, LetHeadersOfTestsIn) {
  constexpr std::string_view json = "#include <boost/json/value.hpp>\n";
  EXPECT_THAT(check_third_party_walls("harness/record/json.hpp", json), SizeIs(1));
  EXPECT_THAT(check_third_party_walls("tests/unit/record/lookup.hpp", json), IsEmpty());
}

TEST(ThirdPartyWalls, FindUmbrellas) {
  EXPECT_THAT(check_third_party_walls("harness/net/tcp.cpp", "#include <boost/asio.hpp>\n"),
              SizeIs(1));
}

TEST(ThirdPartyWalls, FindLibrariesThatNobodyDecidedOn) {
  EXPECT_THAT(check_third_party_walls("sim/a.cpp", "#include <nlohmann/json.hpp>\n"), SizeIs(1));
}

}  // namespace
}  // namespace gauntlet::tidy
