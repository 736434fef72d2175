// Goal: a verifier recognises its password and no other, and survives being written down.

#include "harness/auth/password_verifier.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/base64.hpp"

namespace gauntlet::auth {
namespace {

using testing::HasSubstr;

TEST(PasswordVerifier, RecognisesItsPassword) {
  const password_verifier made = make_verifier(as_bytes("pencil"));
  EXPECT_TRUE(verify_password(made, as_bytes("pencil")));
  EXPECT_FALSE(verify_password(made, as_bytes("Pencil")));
  EXPECT_FALSE(verify_password(made, as_bytes("")));
}

TEST(PasswordVerifier, TakesAnyBytesAsPassword) {
  const byte_buffer password = {0x00, 0xFF, 0x00, 0x01};
  const password_verifier made = make_verifier(password);
  EXPECT_TRUE(verify_password(made, password));
  EXPECT_FALSE(verify_password(made, byte_buffer{0x00, 0xFF}));
  EXPECT_TRUE(verify_password(make_verifier({}), {}));
}

TEST(PasswordVerifier, DrawsItsSalt) {
  EXPECT_NE(make_verifier(as_bytes("pencil")).salt, make_verifier(as_bytes("pencil")).salt);
}

// The password and salt of RFC 7677 §3; the keys as PostgreSQL writes them for these.
TEST(PasswordVerifier, HasPostgresqlsTextForm) {
  const auto salt = from_base64("W22ZaJ0SNY7soEsUEjb6gQ==");
  const password_verifier made = make_verifier(as_bytes("pencil"), *salt, 4'096);
  EXPECT_EQ(to_text(made),
            "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$"
            "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:"
            "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=");
}

TEST(PasswordVerifier, IsReadAsItWasWritten) {
  const password_verifier made = make_verifier(as_bytes("pencil"), 5'000);
  const auto read = parse_verifier(to_text(made));
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(*read, made);
}

TEST(PasswordVerifier, SaysWhatIsWrongWithItsText) {
  const std::string keys =
      "$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:"
      "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";
  const auto complaint = [](const std::string& text) {
    const auto read = parse_verifier(text);
    return read ? std::string("none") : read.error().message;
  };
  EXPECT_EQ(complaint("SCRAM-SHA-256$4096:c2FsdA==" + keys), "none");
  EXPECT_THAT(complaint("SCRAM-SHA-1$4096:c2FsdA==" + keys), HasSubstr("starts with"));
  EXPECT_THAT(complaint("SCRAM-SHA-256$4096"), HasSubstr("<iterations>:<salt>"));
  EXPECT_THAT(complaint("SCRAM-SHA-256$4096:c2FsdA==$a"), HasSubstr("<iterations>:<salt>"));
  for (const std::string wrong : {"", "x", "-1", "1", "4095", "1000001", "99999999999", "4096 "}) {
    EXPECT_THAT(complaint("SCRAM-SHA-256$" + wrong + ":c2FsdA==" + keys), HasSubstr("iterations"))
        << wrong;
  }
  EXPECT_THAT(complaint("SCRAM-SHA-256$4096:" + keys), HasSubstr("salt"));
  EXPECT_THAT(complaint("SCRAM-SHA-256$4096:salt!" + keys), HasSubstr("salt"));
  EXPECT_THAT(complaint("SCRAM-SHA-256$4096:c2FsdA==" + keys + "="), HasSubstr("keys"));
  EXPECT_THAT(complaint("SCRAM-SHA-256$4096:c2FsdA==$c2FsdA==:c2FsdA=="), HasSubstr("keys"));
}

}  // namespace
}  // namespace gauntlet::auth
