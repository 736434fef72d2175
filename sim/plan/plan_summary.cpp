#include "sim/plan/plan_summary.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "harness/mqtt/subscription_tree.hpp"
#include "sim/scenario/payload_checks.hpp"

namespace gauntlet::sim {
namespace {

/// Who gets a message that one filter matches.
struct audience {
  std::uint64_t subscriptions = 0;  ///< not shared
  std::vector<std::string> shares;  ///< names, each once
};

/// Messages of one stream; the mean number where intervals are random.
double messages_of(const fleet_plan& plan, device_number device, std::size_t publication) {
  const scenario& whole = plan.described();
  const sim::publication& what = plan.group_of(device).publish[publication];
  const auto first = plan.first_message(device, publication);
  const bool own_start = whole.publishing == publishing_start::on_arrival;
  const duration start = own_start ? plan.arrival_of(device) : duration::zero();
  double count = 0;
  if (what.poisson && !what.first) {
    const double room =
        std::max<double>(0, static_cast<double>((whole.publish_for - start).count()));
    count = room / static_cast<double>(what.every.count());
  } else if (first) {
    count = 1;
    if (what.every > duration::zero()) {
      const auto room = static_cast<double>((whole.publish_for - first->due).count());
      const double intervals = room / static_cast<double>(what.every.count());
      count = what.poisson ? 1 + intervals : std::max(1.0, std::ceil(intervals));
    }
  }
  return what.count ? std::min(count, static_cast<double>(*what.count)) : count;
}

mqtt::subscription_tree<audience> audiences_of(const fleet_plan& plan) {
  mqtt::subscription_tree<audience> tree;
  for (device_number device = 0; device < plan.device_count(); ++device) {
    const std::vector<subscription>& subscribe = plan.group_of(device).subscribe;
    for (const subscription& each : subscribe) {
      audience& who = tree.find_or_add(plan.expand(device, each.filter));
      if (!each.is_shared) {
        ++who.subscriptions;
        continue;
      }
      std::string name = plan.expand(device, each.share);
      if (std::find(who.shares.begin(), who.shares.end(), name) == who.shares.end()) {
        who.shares.push_back(std::move(name));
      }
    }
  }
  return tree;
}

double receivers_of(const mqtt::subscription_tree<audience>& tree, const std::string& topic) {
  double receivers = 0;
  tree.match(topic, [&](const audience& who) {
    receivers += static_cast<double>(who.subscriptions + who.shares.size());
  });
  return receivers;
}

std::string grouped(double value) {
  return format_count(static_cast<std::uint64_t>(std::llround(value)));
}

/// With one decimal below 100, so that slow fleets do not round to nothing.
std::string per_second(double count, duration over) {
  const double value = count / std::chrono::duration<double>(over).count();
  return (value < 100 ? format_number(std::round(value * 10) / 10) : grouped(value)) + "/s";
}

std::string by_qos(const std::array<double, 3>& counts, duration over) {
  std::string text;
  for (std::size_t level = 0; level < counts.size(); ++level) {
    if (counts[level] == 0) continue;
    text += (text.empty() ? " (QoS " : ", QoS ") + std::to_string(level) + ": " +
            per_second(counts[level], over);
  }
  return text.empty() ? text : text + ")";
}

}  // namespace

plan_summary summarize(const fleet_plan& plan) {
  plan_summary sum;
  sum.devices = plan.device_count();
  sum.streams = plan.stream_count();
  sum.arrival = plan.arrival_end();
  sum.publishing = plan.described().publish_for;
  sum.drain = plan.described().drain;
  sum.notes = describe_unstamped(plan.described());
  const auto tree = audiences_of(plan);
  for (device_number device = 0; device < plan.device_count(); ++device) {
    const device_group& group = plan.group_of(device);
    const bool v5 = plan.version_of(device) == mqtt::protocol_version::v5;
    ++(v5 ? sum.devices_v5 : sum.devices_v3_1_1);
    if (!group.publish.empty()) ++sum.publishers;
    if (!group.subscribe.empty()) ++sum.subscribers;
    sum.subscriptions += group.subscribe.size();
    for (std::size_t p = 0; p < group.publish.size(); ++p) {
      const auto level = static_cast<std::size_t>(group.publish[p].qos);
      const double messages = messages_of(plan, device, p);
      sum.messages[level] += messages;
      sum.deliveries[level] += messages * receivers_of(tree, plan.topic_of(device, p));
    }
  }
  return sum;
}

std::string describe(const plan_summary& sum) {
  std::string text = grouped(static_cast<double>(sum.devices)) + " devices";
  if (sum.devices_v5 == 0) {
    text += " on MQTT 3.1.1";
  } else if (sum.devices_v3_1_1 == 0) {
    text += " on MQTT 5.0";
  } else {
    text += " (MQTT 3.1.1: " + grouped(static_cast<double>(sum.devices_v3_1_1)) +
            ", MQTT 5.0: " + grouped(static_cast<double>(sum.devices_v5)) + ")";
  }
  text += "\n" + grouped(static_cast<double>(sum.publishers)) + " publish and " +
          grouped(static_cast<double>(sum.subscribers)) + " subscribe, with " +
          grouped(static_cast<double>(sum.subscriptions)) + " subscriptions\n";
  text += "about " + grouped(sum.messages_total()) + " messages, " +
          per_second(sum.messages_total(), sum.publishing) + by_qos(sum.messages, sum.publishing) +
          "\n";
  text += "about " + grouped(sum.deliveries_total()) + " deliveries, " +
          per_second(sum.deliveries_total(), sum.publishing) + "\n";
  const duration second = std::chrono::seconds(1);
  const duration arrival = (sum.arrival + second / 2) / second * second;
  text += "time: " +
          (sum.arrival == duration::zero()
               ? std::string("all devices arrive at once")
               : "arrival " + format_duration(arrival > second ? arrival : sum.arrival)) +
          ", publishing " + format_duration(sum.publishing) + ", then at most " +
          format_duration(sum.drain) + " for the last deliveries\n";
  for (const std::string& note : sum.notes) text += "note: " + note + "\n";
  return text;
}

}  // namespace gauntlet::sim
