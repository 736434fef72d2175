// Goal: an access list means what it says, and no identifier makes it mean more.

#include "harness/broker/access_rights.hpp"

#include <gtest/gtest.h>

namespace gauntlet::broker {
namespace {

constexpr auto allow = permission::allow;
constexpr auto deny = permission::deny;
constexpr auto both = access_kind::both;

access_rights rights(std::vector<access_rule> rules, std::string_view client_id = "c1",
                     std::string_view user_name = "ann", permission otherwise = deny) {
  return {{.rules = std::move(rules), .otherwise = otherwise}, client_id, user_name};
}

TEST(AccessRights, TheFirstRuleThatMatchesDecides) {
  const auto of = rights({{deny, both, "a/secret"}, {allow, both, "a/#"}});
  EXPECT_TRUE(of.may_publish("a/b"));
  EXPECT_FALSE(of.may_publish("a/secret"));
  EXPECT_FALSE(of.may_publish("b"));
  EXPECT_TRUE(of.may_receive("a/b"));
  EXPECT_FALSE(of.may_receive("a/secret"));
}

TEST(AccessRights, WhereNoRuleMatchesTheRestDecides) {
  EXPECT_FALSE(rights({}).may_publish("a"));
  EXPECT_TRUE(rights({}, "c1", "ann", allow).may_publish("a"));
  EXPECT_EQ(rights({}).may_subscribe("a"), subscription_access::none);
  EXPECT_EQ(rights({}, "c1", "ann", allow).may_subscribe("#"), subscription_access::whole);
}

TEST(AccessRights, RulesAreAboutOneWayOrBoth) {
  const auto of =
      rights({{allow, access_kind::publish, "out/#"}, {allow, access_kind::subscribe, "in/#"}});
  EXPECT_TRUE(of.may_publish("out/1"));
  EXPECT_FALSE(of.may_receive("out/1"));
  EXPECT_FALSE(of.may_publish("in/1"));
  EXPECT_TRUE(of.may_receive("in/1"));
  EXPECT_EQ(of.may_subscribe("out/#"), subscription_access::none);
  EXPECT_EQ(of.may_subscribe("in/#"), subscription_access::whole);
}

TEST(AccessRights, SubscriptionsAreAllowedAsFarAsTheyReach) {
  const auto of = rights({{deny, both, "a/secret/#"}, {allow, both, "a/#"}});
  EXPECT_EQ(of.may_subscribe("a/b"), subscription_access::whole);
  EXPECT_EQ(of.may_subscribe("a/b/+"), subscription_access::whole);
  EXPECT_EQ(of.may_subscribe("a/#"), subscription_access::part);
  EXPECT_EQ(of.may_subscribe("a/+"), subscription_access::part);
  EXPECT_EQ(of.may_subscribe("#"), subscription_access::part);
  EXPECT_EQ(of.may_subscribe("a/secret"), subscription_access::none);
  EXPECT_EQ(of.may_subscribe("a/secret/x"), subscription_access::none);
  EXPECT_EQ(of.may_subscribe("b/#"), subscription_access::none);
}

TEST(AccessRights, SystemTopicsNeedARuleOfTheirOwn) {
  EXPECT_EQ(rights({{allow, both, "#"}}).may_subscribe("$SYS/#"), subscription_access::none);
  EXPECT_EQ(rights({{allow, both, "$SYS/#"}}).may_subscribe("$SYS/#"), subscription_access::whole);
}

TEST(AccessRights, PatternsStandForClientAndUser) {
  const auto of = rights({{allow, both, "dev/%c/%u/x%cx/#"}});
  EXPECT_TRUE(of.may_publish("dev/c1/ann/xc1x/y"));
  EXPECT_FALSE(of.may_publish("dev/c2/ann/xc1x/y"));
  EXPECT_FALSE(of.may_publish("dev/c1/bob/xc1x/y"));
  EXPECT_FALSE(of.may_publish("dev/%c/%u/x%cx/y"));
}

TEST(AccessRights, WhatReplacesAPatternIsNotLookedAtAgain) {
  EXPECT_TRUE(rights({{allow, both, "dev/%c"}}, "%u").may_publish("dev/%u"));
}

TEST(AccessRights, NoIdentifierWidensWhatIsAllowed) {
  for (const std::string_view id : {"+", "#", "a/b", "c1/#", "x+", "", "/"}) {
    const auto of = rights({{allow, both, "dev/%c/#"}, {allow, both, "%c"}}, id);
    for (const std::string_view topic : {"dev/c1/x", "dev/a/b", "dev/a", "dev", "a", "dev//x"}) {
      EXPECT_FALSE(of.may_publish(topic)) << id << " " << topic;
      EXPECT_FALSE(of.may_receive(topic)) << id << " " << topic;
    }
    EXPECT_EQ(of.may_subscribe("#"), subscription_access::none) << id;
  }
  EXPECT_FALSE(rights({{allow, both, "%c/#"}}, "$SYS").may_receive("$SYS/uptime"));
  EXPECT_TRUE(rights({{allow, both, "a/%c"}}, "$SYS").may_receive("a/$SYS"));
}

TEST(AccessRights, NoIdentifierNarrowsWhatIsDenied) {
  for (const std::string_view id : {"+", "#", "a/b", "a/+", ""}) {
    const auto of = rights({{deny, both, "dev/x%cx/raw"}, {allow, both, "#"}}, id);
    for (const std::string_view topic : {"dev/xa/bx/raw", "dev/x/raw", "dev/anything", "dev"}) {
      EXPECT_FALSE(of.may_publish(topic)) << id << " " << topic;
    }
    EXPECT_TRUE(of.may_publish("other"));
    EXPECT_EQ(of.may_subscribe("dev/xa/bx/raw"), subscription_access::none) << id;
    EXPECT_EQ(of.may_subscribe("#"), subscription_access::part) << id;
  }
}

TEST(AccessRights, AreSharedWhereTheListHasNoPattern) {
  const access_list plain{.rules = {{allow, both, "a"}}, .otherwise = deny};
  const access_list personal{.rules = {{allow, both, "%c"}}, .otherwise = deny};
  access_rights_source source;
  EXPECT_EQ(source.rights_by(nullptr, "c1", "ann"), nullptr);
  EXPECT_EQ(source.rights_by(&plain, "c1", "ann"), source.rights_by(&plain, "c2", "bob"));
  const auto first = source.rights_by(&personal, "c1", "ann");
  const auto second = source.rights_by(&personal, "c2", "ann");
  EXPECT_TRUE(first->may_publish("c1"));
  EXPECT_FALSE(second->may_publish("c1"));
}

}  // namespace
}  // namespace gauntlet::broker
