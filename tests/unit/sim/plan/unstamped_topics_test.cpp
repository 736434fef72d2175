// Goal: a message without stamp is taken for one of the publication whose topics look like its own,
// and for nobody's if there is none.

#include "sim/plan/unstamped_topics.hpp"

#include <gtest/gtest.h>

namespace gauntlet::sim {
namespace {

TEST(UnstampedTopics, AreFoundByTheirLook) {
  auto loaded = parse_scenario(R"(name: a
duration: 1s
fleet:
  - group: stamped
    count: 2
    publish: [{topic: "s/{index}", every: 1s, payload: x}]
  - group: bare
    count: 20
    client_id: "b{device}"
    publish:
      - {topic: "{group}/{index:03}/{client_id}", every: 1s, payload: x, stamp: none, qos: 2}
      - {topic: "{index}5", every: 1s, payload: x, stamp: none}
)",
                               "f");
  ASSERT_TRUE(loaded) << config::to_failure(loaded.error()).message;
  const unstamped_topics topics(*loaded);
  const auto found = topics.find("bare/007/b9");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->group, 1U);
  EXPECT_EQ(found->qos, mqtt::qos::exactly_once);
  EXPECT_TRUE(topics.find("155").has_value());
  for (const char* other :
       {"s/1", "bare/007/b", "bare/x/b9", "bare/007/b9/", "bare", "", "5", "15a"}) {
    EXPECT_FALSE(topics.find(other).has_value()) << other;
  }
}

}  // namespace
}  // namespace gauntlet::sim
