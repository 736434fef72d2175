// Inputs made at random: the same from the same seed, never too long, and with the dictionary's
// words in them.

#include "fuzz/targets/replay/blind_mutator.hpp"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gauntlet::fuzz {
namespace {

using testing::ElementsAre;

TEST(BlindMutator, MakesTheSameInputsAgain) {
  const std::vector<byte_buffer> corpus{{1, 2, 3}, {4, 5, 6, 7}};
  blind_mutator one(corpus, {"word"}, 7);
  blind_mutator again(corpus, {"word"}, 7);
  blind_mutator other(corpus, {"word"}, 8);
  std::set<byte_buffer> made;
  int differing = 0;
  for (int i = 0; i < 200; ++i) {
    const byte_buffer input = one.next();
    ASSERT_EQ(input, again.next());
    if (input != other.next()) ++differing;
    made.insert(input);
  }
  EXPECT_GT(made.size(), 150U);
  EXPECT_GT(differing, 150);
}

TEST(BlindMutator, KeepsInputsShort) {
  blind_mutator mutator({byte_buffer(3'000, 1)}, {}, 1);
  for (int i = 0; i < 100; ++i) {
    EXPECT_LE(mutator.next().size(), blind_mutator::input_bytes_max);
  }
}

TEST(BlindMutator, UsesTheDictionary) {
  blind_mutator mutator({{}}, {"mqtts://"}, 1);
  int found = 0;
  for (int i = 0; i < 200; ++i) {
    const byte_buffer input = mutator.next();
    if (as_text(input).find("mqtts://") != std::string_view::npos) ++found;
  }
  EXPECT_GT(found, 20);
}

TEST(BlindMutator, ReadsDictionaries) {
  EXPECT_THAT(words_of_dictionary("# words\n\"a b\"\n\nname=\"\\x0a- \\x22\"\n\"#\""),
              ElementsAre("a b", "\n- \"", "#"));
}

}  // namespace
}  // namespace gauntlet::fuzz
