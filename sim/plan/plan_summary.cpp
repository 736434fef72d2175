#include "sim/plan/plan_summary.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "harness/mqtt/subscription_tree.hpp"
#include "sim/plan/plan_text.hpp"
#include "sim/scenario/payload_checks.hpp"

namespace gauntlet::sim {
namespace {

/// Who gets a message that one filter matches.
struct audience {
  std::uint64_t subscriptions = 0;  ///< not shared
  std::vector<std::string> shares;  ///< names, each once
};

/// Messages of each stage of one stream; means where intervals are random. What follows a sensor is
/// tried with a few devices of a group, for it takes a look at each sample.
class message_counts {
 public:
  explicit message_counts(const fleet_plan& plan) : plan_(plan) {}

  const std::vector<double>& of(device_number device, std::size_t publication) {
    const device_position at = plan_.position_of(device);
    if (!plan_.group_of(device).publish[publication].on_change) {
      count(device, publication);
      return counts_;
    }
    constexpr std::uint32_t devices_tried = 16;
    std::vector<double>& mean = means_[{at.group, publication}];
    if (!mean.empty()) return mean;
    mean.resize(plan_.stages().count());
    const std::uint32_t tried = std::min(devices_tried, plan_.group_of(device).count);
    for (std::uint32_t i = 0; i < tried; ++i) {
      count(plan_.first_of_group(at.group) + i, publication);
      for (std::size_t s = 0; s < mean.size(); ++s) mean[s] += counts_[s] / tried;
    }
    return mean;
  }

 private:
  void count(device_number device, std::size_t publication) {
    const stage_plan& stages = plan_.stages();
    counts_.clear();
    double before = 0;
    for (std::size_t s = 0; s < stages.count(); ++s) {
      const double until = plan_.count_before(device, publication, stages.end(s));
      counts_.push_back(until - before);
      before = until;
    }
  }

  const fleet_plan& plan_;
  std::vector<double> counts_;
  std::map<std::pair<std::uint32_t, std::size_t>, std::vector<double>> means_;
};

/// Bytes of a stream's first payload.
double payload_size(const fleet_plan& plan, device_number device, std::size_t publication,
                    byte_buffer& room) {
  const auto first = plan.first_message(device, publication);
  if (!first) return 0;
  room.clear();
  plan.append_payload(device, publication, *first, room);
  return static_cast<double>(room.size());
}

void add(load_figures& to, double messages, double receivers, double size) {
  to.messages += messages;
  to.deliveries += messages * receivers;
  to.payload_bytes_sent += messages * size;
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

std::string per_second(double count, duration over) {
  return rate_text(count / std::chrono::duration<double>(over).count());
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
  const stage_plan& stages = plan.stages();
  for (std::size_t s = 0; s < stages.count(); ++s) {
    const load_piece& load = stages.load()[s];
    sum.stages.push_back(
        {.name = stages.name(s), .length = load.length, .load = {load.from, load.to}});
  }
  const auto tree = audiences_of(plan);
  message_counts counts(plan);
  byte_buffer payload;
  std::vector<double> sizes;  // of the group's first device
  for (device_number device = 0; device < plan.device_count(); ++device) {
    const device_group& group = plan.group_of(device);
    const bool v5 = plan.version_of(device) == mqtt::protocol_version::v5;
    ++(v5 ? sum.devices_v5 : sum.devices_v3_1_1);
    if (!group.publish.empty()) ++sum.publishers;
    if (!group.subscribe.empty()) ++sum.subscribers;
    sum.subscriptions += group.subscribe.size();
    if (plan.position_of(device).index == 0 && !group.publish.empty()) {
      sum.groups.push_back({.name = group.name, .length = sum.publishing});
      sizes.clear();
      for (std::size_t p = 0; p < group.publish.size(); ++p) {
        sizes.push_back(payload_size(plan, device, p, payload));
      }
    }
    for (std::size_t p = 0; p < group.publish.size(); ++p) {
      const auto level = static_cast<std::size_t>(group.publish[p].qos);
      const double receivers = receivers_of(tree, plan.topic_of(device, p));
      const std::vector<double>& by_stage = counts.of(device, p);
      for (std::size_t s = 0; s < by_stage.size(); ++s) {
        sum.messages[level] += by_stage[s];
        sum.deliveries[level] += by_stage[s] * receivers;
        add(sum.stages[s], by_stage[s], receivers, sizes[p]);
        add(sum.groups.back(), by_stage[s], receivers, sizes[p]);
      }
    }
  }
  return sum;
}

std::string describe(const plan_summary& sum) {
  std::string text = grouped_text(static_cast<double>(sum.devices)) + " devices";
  if (sum.devices_v5 == 0) {
    text += " on MQTT 3.1.1";
  } else if (sum.devices_v3_1_1 == 0) {
    text += " on MQTT 5.0";
  } else {
    text += " (MQTT 3.1.1: " + grouped_text(static_cast<double>(sum.devices_v3_1_1)) +
            ", MQTT 5.0: " + grouped_text(static_cast<double>(sum.devices_v5)) + ")";
  }
  text += "\n" + grouped_text(static_cast<double>(sum.publishers)) + " publish and " +
          grouped_text(static_cast<double>(sum.subscribers)) + " subscribe, with " +
          grouped_text(static_cast<double>(sum.subscriptions)) + " subscriptions\n";
  text += "about " + grouped_text(sum.messages_total()) + " messages, " +
          per_second(sum.messages_total(), sum.publishing) + by_qos(sum.messages, sum.publishing) +
          "\n";
  text += "about " + grouped_text(sum.deliveries_total()) + " deliveries, " +
          per_second(sum.deliveries_total(), sum.publishing) + "\n";
  for (const load_figures& stage : sum.stages) {
    if (stage.name.empty()) continue;
    text += "stage " + stage.name + ": " + format_duration(stage.length) + ", " +
            describe_load(stage.load) + ", about " + grouped_text(stage.messages) + " messages, " +
            per_second(stage.messages, stage.length) + "\n";
  }
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
