// Goal: the cryptography gives what its standards' test vectors say.

#include "harness/auth/secrets.hpp"

#include <set>

#include <gtest/gtest.h>

namespace gauntlet::auth {
namespace {

std::string hex(const digest& bytes) {
  std::string text = to_hex(bytes);
  std::erase(text, ' ');
  return text;
}

TEST(Secrets, HashIsSha256) {
  EXPECT_EQ(hex(hash(as_bytes("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(hash({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

// RFC 4231, cases 1 and 2.
TEST(Secrets, KeyedHashIsHmac) {
  EXPECT_EQ(hex(keyed_hash(byte_buffer(20, 0x0b), as_bytes("Hi There"))),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hex(keyed_hash(as_bytes("Jefe"), as_bytes("what do ya want for nothing?"))),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Secrets, KeyedHashTakesAnEmptyKey) {
  const digest with_key = keyed_hash(as_bytes("key"), as_bytes("text"));
  EXPECT_NE(keyed_hash({}, as_bytes("text")), with_key);
  EXPECT_EQ(hex(keyed_hash({}, {})),
            "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

// RFC 7914 §11, the first half of each output.
TEST(Secrets, DeriveKeyIsPbkdf2) {
  EXPECT_EQ(hex(derive_key(as_bytes("passwd"), as_bytes("salt"), 1)),
            "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc");
  EXPECT_EQ(hex(derive_key(as_bytes("Password"), as_bytes("NaCl"), 80'000)),
            "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56");
}

TEST(Secrets, DeriveKeyTakesAnEmptyPassword) {
  EXPECT_NE(derive_key({}, as_bytes("salt"), 1), derive_key(as_bytes("x"), as_bytes("salt"), 1));
}

TEST(Secrets, RandomBytesDiffer) {
  std::set<byte_buffer> drawn;
  for (int i = 0; i < 100; ++i) {
    byte_buffer bytes(16);
    draw_random(bytes);
    drawn.insert(bytes);
  }
  EXPECT_EQ(drawn.size(), 100U);
}

TEST(Secrets, SameSecretComparesAllBytes) {
  EXPECT_TRUE(same_secret({}, {}));
  EXPECT_TRUE(same_secret(as_bytes("abc"), as_bytes("abc")));
  EXPECT_FALSE(same_secret(as_bytes("abc"), as_bytes("abd")));
  EXPECT_FALSE(same_secret(as_bytes("abc"), as_bytes("ab")));
  EXPECT_FALSE(same_secret(as_bytes("abc"), {}));
}

}  // namespace
}  // namespace gauntlet::auth
