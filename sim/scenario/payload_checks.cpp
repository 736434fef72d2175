#include "sim/scenario/payload_checks.hpp"

#include <algorithm>
#include <variant>

#include "harness/base/units.hpp"

namespace gauntlet::sim {
namespace {

bool is_binary(const payload_description& what) {
  return !std::holds_alternative<text_payload>(what) &&
         !std::holds_alternative<document_payload>(what);
}

bool concerns(const expectation& what, const device_group& group, const publication& publish) {
  const bool qos = what.qos.empty() ||
                   std::find(what.qos.begin(), what.qos.end(), publish.qos) != what.qos.end();
  return qos && (what.group.empty() || what.group == group.name);
}

}  // namespace

void check_stamp(const publication& made, const config::node& from, config::diagnostics& wrong) {
  if (made.stamp == stamp_place::compact && !is_binary(made.payload)) {
    wrong.add(*from.find("stamp"), "a compact stamp is for layout, random and file payloads");
  }
  const auto* random = std::get_if<random_payload>(&made.payload);
  const bool in_payload = made.stamp == stamp_place::payload || made.stamp == stamp_place::compact;
  if (random == nullptr || !in_payload) return;
  if (random->size.min_bytes >= compact_stamp_size_bytes) return;
  wrong.add(*from.find("payload")->find("random"),
            format_size(random->size.min_bytes) + " have no room for the stamp of " +
                format_size(compact_stamp_size_bytes) +
                "; without it ('stamp: none') deliveries are counted and not judged");
}

void check_unstamped(const scenario& made, const config::node& from, config::diagnostics& wrong) {
  config::place reported;
  for (const expectation& each : made.expect) {
    const bool of_deliveries = is_of_messages(each.what) && each.what != figure::sent;
    if (!of_deliveries || reported == each.where) continue;
    bool some = false;
    bool stamped = false;
    for (const device_group& group : made.fleet) {
      for (const publication& publish : group.publish) {
        if (!concerns(each, group, publish)) continue;
        some = true;
        stamped = stamped || publish.stamp != stamp_place::none;
      }
    }
    if (!some || stamped) continue;
    reported = each.where;
    const auto& items = from.find("expect")->items;
    const auto place = std::find_if(items.begin(), items.end(), [&](const config::node& item) {
      return item.at == each.where;
    });
    wrong.add(place != items.end() ? *place : from,
              "all messages that '" + std::string(figure_name(each.what)) +
                  "' is about have 'stamp: none', so their deliveries cannot be judged");
  }
}

std::vector<std::string> describe_unstamped(const scenario& made) {
  std::vector<std::string> notes;
  for (const device_group& group : made.fleet) {
    for (const publication& publish : group.publish) {
      if (publish.stamp != stamp_place::none) continue;
      notes.push_back("group " + group.name + ", '" + publish.topic.source() +
                      "': no stamp, so deliveries are counted, and loss, duplicates, order and "
                      "latency are not judged");
    }
  }
  return notes;
}

}  // namespace gauntlet::sim
