// Goal: SHA-256 gives the values of the standard's examples, however the input is cut.

#include "harness/base/sha256.hpp"

#include <gtest/gtest.h>

namespace gauntlet {
namespace {

std::string hash(std::string_view text) { return digest_text(sha256_of(as_bytes(text))); }

TEST(Sha256, MatchesTheExamplesOfFips180) {
  EXPECT_EQ(hash(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hash("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(hash("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopq"
                 "klmnopqrlmnopqrsmnopqrstnopqrstu"),
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
  EXPECT_EQ(hash(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, DoesNotDependOnThePieces) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += static_cast<char>('a' + i % 26);
  const std::string whole = hash(text);
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    sha256 hasher;
    for (std::size_t at = 0; at < text.size(); at += piece) {
      hasher.update(as_bytes(std::string_view(text).substr(at, piece)));
    }
    EXPECT_EQ(digest_text(hasher.finish()), whole) << piece;
  }
}

TEST(Sha256, PadsEveryLengthAroundABlock) {
  // Two lengths never share a digest, and the padding never runs over its block.
  std::string previous;
  for (std::size_t length = 50; length < 140; ++length) {
    const std::string digest = hash(std::string(length, '\0'));
    EXPECT_NE(digest, previous);
    previous = digest;
  }
  EXPECT_EQ(hash(std::string(64, 'x')),
            "7ce100971f64e7001e8fe5a51973ecdfe1ced42befe7ee8d5fd6219506b5393c");
}

}  // namespace
}  // namespace gauntlet
