// Topic Filters that may not be granted, and Topic Names that nobody may receive. How a server
// reacts to an invalid filter is not laid down: only that it is granted convicts. MQTT 5.0 §4.7.1

#include <fmt/format.h>

#include "conformance/vectors/all_vectors.hpp"
#include "conformance/vectors/vector.hpp"

namespace gauntlet::conformance {
namespace {

struct bad_filter {
  std::string_view id;
  std::string_view text;  ///< after the test's own levels, unless it is whole
  std::string_view in_v5;
  std::string_view in_v3_1_1;
  const char* defect;
  bool whole = false;
};

constexpr std::string_view hash_v5 = "MQTT-4.7.1-1";
constexpr std::string_view hash_v3 = "MQTT-4.7.1-2";
constexpr std::string_view plus_v5 = "MQTT-4.7.1-2";
constexpr std::string_view plus_v3 = "MQTT-4.7.1-3";
constexpr const char* grant_hash = "accept-misplaced-multi-level-wildcard";
constexpr const char* grant_plus = "accept-misplaced-single-level-wildcard";
constexpr const char* grant_share = "accept-invalid-share-name";

constexpr bad_filter filters[] = {
    {"hash-behind-text", "/a#", hash_v5, hash_v3, grant_hash},
    {"hash-before-text", "/#a", hash_v5, hash_v3, grant_hash},
    {"hash-within-text", "/a#b", hash_v5, hash_v3, grant_hash},
    {"hash-then-level", "/#/a", hash_v5, hash_v3, grant_hash},
    {"hash-between-levels", "/a/#/b", hash_v5, hash_v3, grant_hash},
    {"hash-then-separator", "/a/#/", hash_v5, hash_v3, grant_hash},
    {"two-hashes", "/##", hash_v5, hash_v3, grant_hash},
    {"two-levels-of-hash", "/#/#", hash_v5, hash_v3, grant_hash},
    {"hash-then-plus", "/#/+", hash_v5, hash_v3, grant_hash},
    {"hash-and-plus", "/#+", hash_v5, hash_v3, grant_hash},
    {"hash-behind-root", "#", hash_v5, hash_v3, grant_hash},
    {"hash-behind-accent", "/\xC3\xA9#", hash_v5, hash_v3, grant_hash},
    {"plus-behind-text", "/a+", plus_v5, plus_v3, grant_plus},
    {"plus-before-text", "/+a", plus_v5, plus_v3, grant_plus},
    {"plus-within-text", "/a+b", plus_v5, plus_v3, grant_plus},
    {"plus-behind-text-then-level", "/a+/b", plus_v5, plus_v3, grant_plus},
    {"plus-before-text-then-level", "/+a/b", plus_v5, plus_v3, grant_plus},
    {"level-then-plus-behind-text", "/a/b+", plus_v5, plus_v3, grant_plus},
    {"level-then-plus-before-text", "/a/+b", plus_v5, plus_v3, grant_plus},
    {"two-pluses", "/++", plus_v5, plus_v3, grant_plus},
    {"plus-behind-root", "+", plus_v5, plus_v3, grant_plus},
    {"plus-behind-space", "/ +", plus_v5, plus_v3, grant_plus},
    {"plus-behind-text-then-hash", "/a+/#", plus_v5, plus_v3, grant_plus},
    {"empty", "", "MQTT-4.7.3-1", "MQTT-4.7.3-1", "accept-empty-topic-filter", true},
    {"empty-share-name", "$share//t", "MQTT-4.8.2-1", "", grant_share, true},
    {"share-alone", "$share/", "MQTT-4.8.2-1", "", grant_share, true},
    {"share-name-alone", "$share/group", "MQTT-4.8.2-2", "", grant_share, true},
    {"share-name-and-separator", "$share/group/", "MQTT-4.8.2-2", "", grant_share, true},
    {"plus-in-share-name", "$share/g+/t", "MQTT-4.8.2-2", "", grant_share, true},
    {"plus-as-share-name", "$share/+/t", "MQTT-4.8.2-2", "", grant_share, true},
    {"hash-in-share-name", "$share/g#/t", "MQTT-4.8.2-2", "", grant_share, true},
    {"hash-as-share-name", "$share/#/t", "MQTT-4.8.2-2", "", grant_share, true},
};

constexpr std::string_view good_filter_tail = "/good";

// The filter as the first and only one, or after a good one.
enum class place : std::uint8_t { alone, second };

void ask_for(context& test, const bad_filter& bad, place where) {
  client& c = test.connected("client");
  const std::string root = test.topic("t");
  c.subscribe(root + std::string(good_filter_tail), mqtt::qos::at_most_once);
  c.ping();
  if (test.over()) return;
  const std::uint16_t identifier = c.next_packet_identifier();
  mqtt::subscribe asked{.packet_identifier = identifier};
  if (where == place::second) asked.subscriptions.push_back({root + "/other", {}});
  asked.subscriptions.push_back({(bad.whole ? "" : root) + std::string(bad.text), {}});
  c.send(asked);
  for (;;) {
    const script::arrival what = c.next(test.answer_limit());
    if (test.over() || script::is_close(what)) break;
    if (script::packet_of<mqtt::disconnect>(what) != nullptr) continue;
    const auto* const answer = script::packet_of<mqtt::suback>(what);
    const bool refused = answer != nullptr && !answer->reason_codes.empty() &&
                         mqtt::is_error(answer->reason_codes.back());
    if (!refused) {
      test.fail({.client = c.name(),
                 .expected = "a filter that is not granted, or the end of the connection",
                 .observed = script::to_text(what, c.version()),
                 .signature = "invalid Topic Filter -> granted"});
    }
    break;
  }
  test.expect_served();
}

void add_filter(suite& to, const bad_filter& bad, place where) {
  std::vector<vector_half> halves;
  for (const auto version : both_versions) {
    const std::string_view covers = version == only_v5 ? bad.in_v5 : bad.in_v3_1_1;
    if (covers.empty()) continue;
    vector_half half{.version = version,
                     .outcome = "is not granted",
                     .covers = statements(version, covers),
                     .defects = {caught_in(version, bad.defect)},
                     .body = [bad, where](context& test) { ask_for(test, bad, where); }};
    if (bad.defect == grant_share) half.needs = {need::shared_subscriptions};
    halves.push_back(std::move(half));
  }
  add_vector(to, "topic-filter",
             fmt::format("{}{}", bad.id, where == place::second ? "/second" : ""),
             fmt::format("The filter \"{}{}\"{}", bad.whole ? "" : "t", bad.text,
                         where == place::second ? " behind a good one" : ""),
             std::move(halves));
}

struct bad_name {
  std::string_view id;
  std::string_view text;
};

constexpr bad_name names[] = {
    {"plus", "/+"},
    {"hash", "/#"},
    {"plus-at-start", "/+/a"},
    {"plus-between", "/a/+/b"},
    {"hash-between", "/a/#/b"},
    {"plus-in-text", "/a+b"},
    {"hash-in-text", "/a#b"},
    {"both", "/+/#"},
};

void add_name(suite& to, const bad_name& bad, mqtt::qos level) {
  const canonical_packet& like = publish_packet(level);
  const packet_maker packet = [&like, text = std::string(bad.text)](const occasion& at) {
    auto made = std::get<mqtt::publish>(like.make(at));
    made.topic_name = at.topic + text;
    return mqtt::raw_packet::of(made, at.version).bytes();
  };
  const auto number = static_cast<unsigned>(level);
  add_vector(to, "topic-name", fmt::format("{}/qos{}", bad.id, number),
             fmt::format("A PUBLISH at QoS {} to \"t{}\"", number, bad.text),
             {refused(only_v3, like, packet), refused(only_v5, like, packet)});
}

void add_empty_name(suite& to, mqtt::qos level) {
  const canonical_packet& like = publish_packet(level);
  const packet_maker packet = [&like](const occasion& at) {
    auto made = std::get<mqtt::publish>(like.make(at));
    made.topic_name.clear();
    return mqtt::raw_packet::of(made, at.version).bytes();
  };
  const auto number = static_cast<unsigned>(level);
  add_vector(to, "topic-name", fmt::format("empty/qos{}", number),
             fmt::format("A PUBLISH at QoS {} with an empty Topic Name", number),
             {refused(only_v3, like, packet), refused(only_v5, like, packet)});
}

void add_will_topic(suite& to, std::string_view id, std::string_view text, bool whole) {
  const packet_maker packet = [text = std::string(text), whole](const occasion& at) {
    auto made = std::get<mqtt::connect>(full_connect_packet().make(at));
    made.will->topic_name = (whole ? "" : at.topic) + text;
    return mqtt::raw_packet::of(made, at.version).bytes();
  };
  add_vector(to, "will-topic", id,
             fmt::format("A will with topic \"{}{}\"", whole ? "" : "t", text),
             {refused(only_v3, full_connect_packet(), packet),
              refused(only_v5, full_connect_packet(), packet)});
}

}  // namespace

void add_topic_validity_vectors(suite& to) {
  for (const bad_filter& bad : filters) {
    add_filter(to, bad, place::alone);
    add_filter(to, bad, place::second);
  }
  for (const auto level :
       {mqtt::qos::at_most_once, mqtt::qos::at_least_once, mqtt::qos::exactly_once}) {
    for (const bad_name& bad : names) add_name(to, bad, level);
    add_empty_name(to, level);
  }
  for (const bad_name& bad : names) add_will_topic(to, bad.id, bad.text, false);
  add_will_topic(to, "empty", "", true);
}

}  // namespace gauntlet::conformance
