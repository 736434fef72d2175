#include "conformance/vectors/vector.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "harness/base/assert.hpp"

namespace gauntlet::conformance {
namespace {

// A vector ends with an answer or a close; the longest wait is for a close that does not come.
constexpr auto vector_limit = std::chrono::seconds(20);

void add_missing(std::vector<need>& to, const std::vector<need>& more) {
  for (const need each : more) {
    if (std::ranges::count(to, each) == 0) to.push_back(each);
  }
}

std::string title_of(std::string subject, const std::vector<vector_half>& halves) {
  if (halves.size() == 1 || halves[0].outcome == halves[1].outcome) {
    return std::move(subject) + " " + halves[0].outcome;
  }
  return fmt::format("{} {} in {}, and {} in {}", subject, halves[0].outcome,
                     mqtt::version_name(halves[0].version), halves[1].outcome,
                     mqtt::version_name(halves[1].version));
}

}  // namespace

vector_half refused(mqtt::protocol_version version, const canonical_packet& like,
                    packet_maker breach, ruling by) {
  vector_half half{
      .version = version,
      .outcome = by.refusal == detection::demanded ? "is refused" : "is refused or overlooked",
      .covers = by.covers,
      .needs = like.needs,
      .defects = by.defects};
  refusal_scene scene{.stage = like.stage,
                      .session = like.session,
                      .until_due = like.until_due,
                      .breach = std::move(breach)};
  // A DISCONNECT would end the control too, and PINGREQ is sent anyway.
  const bool is_itself_control =
      like.type != mqtt::packet_type::disconnect && like.type != mqtt::packet_type::pingreq;
  if (is_itself_control) scene.control = bytes_of(like);
  half.body = [scene = std::move(scene), by = std::move(by)](context& test) {
    judge_refusal(test, scene, by);
  };
  return half;
}

vector_half refused(mqtt::protocol_version version, const canonical_packet& like,
                    packet_maker breach) {
  const byte_buffer sample = breach(sample_occasion(version));
  return refused(version, like, std::move(breach), rule_on(sample, version, like.stage));
}

vector_half accepted(mqtt::protocol_version version, const canonical_packet& like,
                     packet_maker packet, std::string_view covers) {
  vector_half half{.version = version,
                   .outcome = "is accepted",
                   .covers = statements(version, covers),
                   .needs = like.needs};
  for (const char* const each : like.defects_if_legal) {
    half.defects.push_back(caught_in(version, each));
  }
  if (like.type == mqtt::packet_type::disconnect) half.level = requirement_level::should;
  half.body = [like, packet = std::move(packet)](context& test) {
    judge_acceptance(test, like, packet);
  };
  return half;
}

vector_half refused_or_accepted(mqtt::protocol_version version, const canonical_packet& like,
                                packet_maker packet, std::string_view covers_if_accepted) {
  if (is_legal(packet(sample_occasion(version)), version)) {
    return accepted(version, like, std::move(packet), covers_if_accepted);
  }
  return refused(version, like, std::move(packet));
}

void add_vector(suite& to, std::string_view family, std::string_view name, std::string subject,
                std::vector<vector_half> halves) {
  GAUNTLET_ASSERT(!halves.empty());
  test_case made{.id = fmt::format("vector/{}/{}", family, name),
                 .title = title_of(std::move(subject), halves),
                 .covers = {},
                 .defects = {},
                 .level = halves[0].level,
                 .limit = vector_limit,
                 .body = {}};
  for (const vector_half& half : halves) {
    made.covers.insert(made.covers.end(), half.covers.begin(), half.covers.end());
    made.defects.insert(made.defects.end(), half.defects.begin(), half.defects.end());
    add_missing(made.needs, half.needs);
  }
  made.body = [halves = std::move(halves)](context& test) {
    for (const vector_half& half : halves) {
      if (half.version == test.version()) half.body(test);
    }
  };
  to.add(std::move(made));
}

std::string hex(unsigned byte) { return fmt::format("0x{:02X}", byte); }

}  // namespace gauntlet::conformance
