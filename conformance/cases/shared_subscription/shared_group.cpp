#include "conformance/cases/shared_subscription/shared_group.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace gauntlet::conformance {

std::string shared(const context& test, std::string_view name, std::string_view tail) {
  return fmt::format("$share/{}/{}", name, test.topic(tail));
}

client& member(context& test, std::string_view client_name, std::string_view share_name,
               mqtt::qos maximum_qos, bool lasting) {
  client& joined = lasting ? test.connected(client_name, lasting_connect(test.version(), true))
                           : test.connected(client_name);
  const auto granted = expect_suback(joined, {{shared(test, share_name), {maximum_qos}}});
  if (test.over()) return joined;
  const mqtt::reason_code code = granted.reason_codes.front();
  if (mqtt::is_error(code)) {
    test.block({.client = joined.name(),
                .expected = "SUBACK that grants the subscription",
                .observed = "SUBACK " + std::string(mqtt::reason_code_name(code)),
                .signature = "SUBACK that grants the subscription -> SUBACK"});
  } else if (static_cast<unsigned>(code) < static_cast<unsigned>(maximum_qos)) {
    test.leave_undecided("the broker grants shared subscriptions a lower QoS");
  }
  return joined;
}

void publish_numbered(context& test, client& from, int count, mqtt::qos qos,
                      std::string_view tail) {
  for (int i = 0; i < count; ++i) from.publish(test.topic(tail), std::to_string(i), qos);
}

std::vector<std::size_t> expect_shared(context& test, const std::vector<client*>& members,
                                       int count) {
  const auto all = receive_together(test, members, static_cast<std::size_t>(count));
  std::vector<std::size_t> each(members.size());
  std::map<std::string, int> seen;
  for (const delivery& came : all) {
    ++each[static_cast<std::size_t>(std::ranges::find(members, came.to) - members.begin())];
    ++seen[payload_of(came.message)];
  }
  for (int i = 0; !test.over() && i < count; ++i) {
    const int times = seen[std::to_string(i)];
    demand(test, *members.front(), times == 1, fmt::format("message \"{}\" once in the group", i),
           fmt::format("{} times", times));
  }
  if (!test.over()) {
    demand(test, *members.front(), seen.size() == static_cast<std::size_t>(count),
           fmt::format("{} different messages", count), fmt::format("{}", seen.size()));
  }
  return each;
}

}  // namespace gauntlet::conformance
