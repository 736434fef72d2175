// Goal: users are read as they are written, and passwords are checked at the cost that they should
// have.

#include "harness/broker/user.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/broker/user_directory.hpp"

namespace gauntlet::broker {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(User, IsReadWithAPlainPassword) {
  const auto read = parse_user("ann:se:cret");
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->name, "ann");
  EXPECT_TRUE(verify_password(read->password, as_bytes("se:cret")));
  EXPECT_FALSE(read->access.has_value());
}

TEST(User, IsReadWithAVerifier) {
  const user made = make_user("ann", "secret");
  const auto read = parse_user("ann:" + to_text(made.password));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->password, made.password);
}

TEST(User, SaysWhatIsWrongWithoutThePassword) {
  for (const std::string_view wrong : {"", "ann", ":secret"}) {
    EXPECT_FALSE(parse_user(wrong).has_value()) << wrong;
  }
  const auto cut = parse_user("ann:SCRAM-SHA-256$4096:c2FsdA==$c2VjcmV0");
  ASSERT_FALSE(cut.has_value());
  EXPECT_THAT(cut.error().message, HasSubstr("'ann'"));
  EXPECT_THAT(cut.error().message, Not(HasSubstr("c2VjcmV0")));
}

TEST(User, ListsAreChecked) {
  const user ann = make_user("ann", "x");
  EXPECT_TRUE(validate_users(std::vector{ann}, {}).has_value());
  EXPECT_THAT(validate_users(std::vector{ann, ann}, {}).error().message, HasSubstr("two users"));
  user bad = ann;
  bad.name = "\xFF";
  EXPECT_FALSE(validate_users(std::vector{bad}, {}).has_value());
  bad = ann;
  bad.access = access_list{.rules = {{permission::allow, access_kind::both, "a/#/b"}},
                           .otherwise = permission::deny};
  EXPECT_THAT(validate_users(std::vector{bad}, {}).error().message, HasSubstr("'a/#/b'"));
  EXPECT_FALSE(validate_users({}, bad.access).has_value());
}

class Directory : public testing::Test {
 protected:
  std::vector<user> users{make_user("ann", "secret"), make_user("bob", "other")};
  user_directory directory{users};
};

TEST_F(Directory, LetsTheRightPasswordIn) {
  for (int i = 0; i < 2; ++i) {  // the second time from memory
    EXPECT_EQ(directory.log_in("ann", as_bytes("secret")), &users[0]);
    EXPECT_EQ(directory.log_in("bob", as_bytes("other")), &users[1]);
    EXPECT_EQ(directory.log_in("ann", as_bytes("other")), nullptr);
    EXPECT_EQ(directory.log_in("bob", as_bytes("secret")), nullptr);
    EXPECT_EQ(directory.log_in("ann", as_bytes("")), nullptr);
    EXPECT_EQ(directory.log_in("eve", as_bytes("secret")), nullptr);
  }
}

// The point of the memory: a fleet that logs in as one user.
TEST_F(Directory, DerivesTheKeyOfARightPasswordOnce) {
  for (int i = 0; i < 100; ++i) directory.log_in("ann", as_bytes("secret"));
  EXPECT_EQ(directory.derivations(), 1U);
}

TEST_F(Directory, UnknownUsersCostAsMuchAsWrongPasswords) {
  for (const std::string_view name : {"ann", "eve"}) {
    const std::uint64_t before = directory.derivations();
    for (int i = 0; i < 3; ++i) directory.log_in(name, as_bytes("wrong"));
    EXPECT_EQ(directory.derivations() - before, 3U) << name;
  }
}

TEST_F(Directory, StandsInForUnknownUsers) {
  const auto eve = directory.stand_in_for("eve");
  EXPECT_EQ(directory.stand_in_for("eve"), eve);
  EXPECT_NE(directory.stand_in_for("mallory").salt, eve.salt);
  EXPECT_EQ(eve.salt.size(), users[0].password.salt.size());
  EXPECT_EQ(eve.iterations, users[0].password.iterations);
  EXPECT_EQ(user_directory(users).stand_in_for("eve"), eve) << "a restart tells it apart";
}

}  // namespace
}  // namespace gauntlet::broker
