// The seed corpus in the tree is the one that the golden packets make.
// `mqtt_write_decode_seeds fuzz/targets/decode/corpus` writes it anew.

#include "tests/unit/mqtt/decode_seeds.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

namespace gauntlet::mqtt {
namespace {

TEST(DecodeSeeds, AreUpToDate) {
  const std::filesystem::path corpus = GAUNTLET_DECODE_CORPUS;
  const auto seeds = decode_seeds();
  EXPECT_GE(seeds.size(), 29U);
  for (const auto& [name, bytes] : seeds) {
    std::ifstream file(corpus / name, std::ios::binary);
    ASSERT_TRUE(file.is_open()) << name;
    const std::string content{std::istreambuf_iterator<char>(file), {}};
    EXPECT_TRUE(content == as_text(bytes)) << name;
  }
}

}  // namespace
}  // namespace gauntlet::mqtt
