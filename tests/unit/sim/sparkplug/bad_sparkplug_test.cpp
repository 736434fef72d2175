// Goal: whatever is wrong with `sparkplug` of a group is told at its place.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/scenario/scenario.hpp"

namespace gauntlet::sim {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> errors(const std::string& sparkplug, const std::string& more = "") {
  const auto loaded = parse_scenario("name: a\nduration: 10s\nfleet: [{group: g, count: 2" + more +
                                         ", sparkplug: " + sparkplug + "}]\n",
                                     "f");
  std::vector<std::string> lines;
  if (loaded) return {"none"};
  for (const config::diagnostic& one : loaded.error()) lines.push_back(to_string(one));
  return lines;
}

std::string with_device(const std::string& device) {
  return "{group_id: p, devices: [{" + device + "}]}";
}

TEST(BadSparkplug, TakesWhatIsRight) {
  EXPECT_THAT(errors("{group_id: plant}"), ElementsAre("none"));
  EXPECT_THAT(errors(with_device("id: 'm-{n}', count: 3, metrics: {x: {counter: {}}}")),
              ElementsAre("none"));
}

TEST(BadSparkplug, Identifiers) {
  EXPECT_THAT(errors("{}"), ElementsAre(HasSubstr("the key 'group_id' is missing")));
  EXPECT_THAT(errors("{group_id: a/b}"),
              ElementsAre(HasSubstr("a group_id may not hold '/', '+' or '#'")));
  EXPECT_THAT(errors("{group_id: '{group}'}"),
              ElementsAre(HasSubstr("a group_id has no placeholders")));
  EXPECT_THAT(errors("{group_id: ''}"), ElementsAre(HasSubstr("a group_id may not be empty")));
  EXPECT_THAT(errors("{group_id: p, edge_node: 'a+{index}'}"),
              ElementsAre(HasSubstr("an edge node id may not hold '/', '+' or '#'")));
  EXPECT_THAT(errors("{group_id: p, edge_node: line}"),
              ElementsAre(HasSubstr("all 2 edge nodes would be 'line'; add {index}")));
}

TEST(BadSparkplug, Devices) {
  EXPECT_THAT(errors(with_device("id: m")), ElementsAre(HasSubstr("the key 'metrics' is missing")));
  EXPECT_THAT(errors(with_device("id: m, metrics: {}")),
              ElementsAre(HasSubstr("a device without metrics has nothing to report")));
  EXPECT_THAT(errors(with_device("id: m/1, metrics: {x: {counter: {}}}")),
              ElementsAre(HasSubstr("a device id may not hold '/', '+' or '#'")));
  EXPECT_THAT(errors(with_device("id: 'm-{m}', metrics: {x: {counter: {}}}")),
              ElementsAre(HasSubstr("{n} is the number of the device")));
  EXPECT_THAT(errors(with_device("id: m, count: 2, metrics: {x: {counter: {}}}")),
              ElementsAre(HasSubstr("all 2 devices would be 'm'; add {n}")));
  EXPECT_THAT(errors(with_device("id: m, count: 1001, metrics: {x: {counter: {}}}")),
              ElementsAre(HasSubstr("1001")));
  EXPECT_THAT(errors(with_device("id: m, metrics: {x: {counter: {}}}, outages: {every: 1m}")),
              ElementsAre(HasSubstr("the key 'for' is missing")));
  EXPECT_THAT(errors("{group_id: p, devices: [{id: m, metrics: {x: {counter: {}}}}, {id: m, "
                     "metrics: {x: {counter: {}}}}]}"),
              ElementsAre(HasSubstr("two devices would be 'm'")));
}

TEST(BadSparkplug, Metrics) {
  EXPECT_THAT(errors("{group_id: p, metrics: {x: {expression: 'y + 1'}}}"),
              ElementsAre(HasSubstr("'y'")));
  EXPECT_THAT(errors("{group_id: p, report: some}"), ElementsAre(HasSubstr("by_exception")));
  EXPECT_THAT(errors("{group_id: p, every: 0s}"), ElementsAre(HasSubstr("every")));
}

TEST(BadSparkplug, WhatItDoesNotGoWith) {
  EXPECT_THAT(errors("{group_id: p}", ", will: {topic: t}"),
              ElementsAre(HasSubstr("the will of an edge node is its NDEATH; leave this out")));
  EXPECT_THAT(errors("{group_id: p}", ", clean_start: false"),
              ElementsAre(HasSubstr("an edge node begins each connection with a clean session")));
}

TEST(BadSparkplug, Hosts) {
  const auto host = [](const std::string& keys, const std::string& expect = "") {
    const auto loaded = parse_scenario(
        "name: a\nduration: 1s\nfleet: [{group: g, count: 1, " + keys + "}]\n" + expect, "f");
    return loaded ? std::string("none") : config::to_failure(loaded.error()).message;
  };
  EXPECT_EQ(host("sparkplug_host: {group_id: p}"), "none");
  EXPECT_THAT(host("sparkplug_host: {}"), HasSubstr("the key 'group_id' is missing"));
  EXPECT_THAT(host("sparkplug_host: {group_id: a/b}"), HasSubstr("a group_id may not hold '/'"));
  EXPECT_THAT(host("sparkplug_host: {group_id: p}, sparkplug: {group_id: p}"),
              HasSubstr("a device is an edge node or a host application; make two groups"));
  EXPECT_THAT(host("keep_alive: 1m", "expect: [{sparkplug_faults: 0}]\n"),
              HasSubstr("no group is a host application that could find faults"));
  EXPECT_THAT(host("sparkplug_host: {group_id: p}", "expect: [{sparkplug_faults: 1%}]\n"),
              HasSubstr("sparkplug_faults"));
  EXPECT_THAT(host("sparkplug_host: {group_id: p}", "expect: [{sparkplug_faults: 0, group: g}]\n"),
              HasSubstr("is about the whole run, so no group narrows it"));
}

}  // namespace
}  // namespace gauntlet::sim
