// Proofs of the defects in harness/broker/defects/topics.inc.

#include "harness/mqtt/topic.hpp"
#include "tests/unit/broker/defects/proof.hpp"
#include "tests/unit/broker/defects/stories.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::protocol_version;
using stories::delivered_topics;
using story = std::function<void(bench&, protocol_version)>;

// Of these topics exactly `matching` come, as live messages and as retained ones.
story filter_matches(std::string filter, std::vector<std::string> topics, std::string matching) {
  return [filter, topics, matching](bench& broker, protocol_version version) {
    peer& to = broker.connected("to", version);
    to.subscribe(filter, qos0);
    peer& from = broker.connected("from", version);
    for (const std::string& topic : topics) from.publish(topic, "x", qos0, true);
    EXPECT_EQ(delivered_topics(to), matching);
    if (mqtt::is_shared_subscription(filter)) return;
    to.subscribe(filter, qos0);
    std::string retained;
    for (const std::string& topic : topics) {
      if (matching.find(topic + " ") != std::string::npos) retained += topic + " ";
    }
    EXPECT_EQ(delivered_topics(to).size(), retained.size());
  };
}

void wildcards_do_not_match_dollar_topics(bench& broker, protocol_version version) {
  peer& to = broker.connected("to", version);
  to.subscribe("#", qos0);
  to.subscribe("+/broker/uptime", qos0);
  broker.connected("watcher", version).subscribe("$SYS/broker/uptime", qos0);
  broker.advance(std::chrono::minutes(1));
  EXPECT_EQ(delivered_topics(to), "");
}

void watched_dollar_topics(bench& broker, protocol_version version) {
  peer& to = broker.connected("to", version);
  to.subscribe("#", qos0);
  peer& watcher = broker.connected("watcher", version);
  watcher.send(mqtt::subscribe{.packet_identifier = 1, .subscriptions = {{"$SYS/#", {}}}});
  broker.advance(std::chrono::minutes(1));
  EXPECT_EQ(delivered_topics(to), "");
}

void add_text_proofs(defect_proofs& to) {
  const auto add = [&to](defect which, std::string filter, std::vector<std::string> topics,
                         std::string matching) {
    to.push_back(
        {which, told_in::both_versions, filter_matches(filter, std::move(topics), matching)});
  };
  add(defect::ignore_case_in_matching, "t/a", {"t/a", "t/A"}, "t/a ");
  add(defect::ignore_leading_separator_in_matching, "t", {"t", "/t"}, "t ");
  add(defect::ignore_trailing_separator_in_matching, "t", {"t", "t/"}, "t ");
  add(defect::ignore_empty_levels_in_matching, "t/a", {"t/a", "t//a"}, "t/a ");
  add(defect::ignore_spaces_in_matching, "ta", {"ta", "t a"}, "ta ");
  add(defect::match_dot_as_separator, "t/a", {"t/a", "t.a"}, "t/a ");
  add(defect::match_asterisk_as_wildcard, "t/*", {"t/*", "t/a"}, "t/* ");
  add(defect::match_filter_as_prefix, "t", {"t", "t/a"}, "t ");
}

void add_wildcard_proofs(defect_proofs& to) {
  const auto add = [&to](defect which, std::string filter, std::vector<std::string> topics,
                         std::string matching) {
    to.push_back(
        {which, told_in::both_versions, filter_matches(filter, std::move(topics), matching)});
  };
  add(defect::match_several_levels_with_single_level_wildcard, "t/+", {"t/a", "t/a/b"}, "t/a ");
  add(defect::match_no_empty_level_with_single_level_wildcard, "+/+", {"/a", "b/a"}, "/a b/a ");
  add(defect::match_no_empty_level_with_single_level_wildcard, "t/+", {"t/"}, "t/ ");
  add(defect::match_single_level_wildcard_literally, "+/a", {"t/a"}, "t/a ");
  add(defect::match_multi_level_wildcard_literally, "t/#", {"t/a"}, "t/a ");
  add(defect::match_one_level_with_multi_level_wildcard, "t/#", {"t/a", "t/a/b"}, "t/a t/a/b ");
  add(defect::match_no_parent_with_multi_level_wildcard, "t/#", {"t", "t/a"}, "t t/a ");
}

}  // namespace

void add_topics_proofs(defect_proofs& to) {
  using enum told_in;
  add_text_proofs(to);
  add_wildcard_proofs(to);
  to.push_back({defect::match_dollar_topic_with_wildcard, both_versions,
                wildcards_do_not_match_dollar_topics});
  to.push_back({defect::match_dollar_topic_with_wildcard, both_versions, watched_dollar_topics});
  to.push_back({defect::drop_separator_after_share_name, v5_only,
                filter_matches("$share/g//t", {"/t", "t"}, "/t ")});
}

}  // namespace gauntlet::broker
