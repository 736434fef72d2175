// Topic names of Sparkplug: taken apart, put together, and what is none.

#include "sim/sparkplug/topic.hpp"

#include <gtest/gtest.h>

namespace gauntlet::sim::sparkplug {
namespace {

TEST(SparkplugTopic, ComesApartAndTogether) {
  for (const std::string_view topic :
       {"spBv1.0/plant/NBIRTH/line-1", "spBv1.0/plant/NDEATH/line-1", "spBv1.0/plant/NDATA/line-1",
        "spBv1.0/plant/NCMD/line-1", "spBv1.0/plant/DBIRTH/line-1/motor-2",
        "spBv1.0/plant/DDATA/line-1/motor-2", "spBv1.0/plant/DDEATH/line-1/motor-2",
        "spBv1.0/plant/DCMD/line-1/motor-2"}) {
    const auto parts = parse_topic(topic);
    ASSERT_TRUE(parts) << topic;
    EXPECT_EQ(parts->group_id, "plant");
    EXPECT_EQ(parts->edge_node_id, "line-1");
    EXPECT_EQ(parts->device_id, is_of_device(parts->type) ? "motor-2" : "");
    EXPECT_EQ(make_topic(*parts), topic);
  }
}

TEST(SparkplugTopic, IsNoneOfStrangers) {
  for (const std::string_view topic :
       {"", "spBv1.0", "spBv1.0/plant/NBIRTH", "spBv1.0/plant/NBIRTH/", "spBv1.0//NBIRTH/line-1",
        "spAv1.0/plant/NBIRTH/line-1", "spBv1.0/plant/BIRTH/line-1", "spBv1.0/STATE/host",
        "spBv1.0/plant/NBIRTH/line-1/motor-2", "spBv1.0/plant/DBIRTH/line-1",
        "spBv1.0/plant/DBIRTH/line-1/", "spBv1.0/plant/DBIRTH/line-1/motor-2/more"}) {
    EXPECT_FALSE(parse_topic(topic)) << topic;
  }
}

}  // namespace
}  // namespace gauntlet::sim::sparkplug
