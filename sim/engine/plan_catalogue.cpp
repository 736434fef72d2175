#include "sim/engine/plan_catalogue.hpp"

namespace gauntlet::sim {

history::stream_facts plan_catalogue::describe(history::stream_index stream) const {
  const fleet_plan::stream_source source = plan_.source_of(stream);
  const std::uint32_t group = plan_.position_of(source.device).group;
  const publication& what = plan_.described().fleet[group].publish[source.publication];
  return {.topic_name =
              what.answers ? std::string() : plan_.topic_of(source.device, source.publication),
          .published_qos = what.qos,
          .group = group,
          .publisher = source.device};
}

history::will_facts plan_catalogue::describe_will(history::receiver_index device) const {
  return {.topic_name = plan_.will_of(device)->topic,
          .published_qos = plan_.group_of(device).will->qos};
}

std::uint32_t plan_catalogue::first_scheduled_from(history::stream_index stream,
                                                   time_point when) const {
  if (when <= publishing_start_) return 0;
  duration from = when - publishing_start_;
  if (const auto times = recorded_.find(stream); times != recorded_.end()) {
    return times->second.first_from(from);
  }
  const fleet_plan::stream_source source = plan_.source_of(stream);
  // A message counts from the time when its device was there to send it.
  from = lives_.first_due_ready_from(source.device, from);
  return plan_.first_due_from(source.device, source.publication, from);
}

std::vector<time_point> plan_catalogue::later_stages() const {
  std::vector<time_point> begins;
  for (std::size_t stage = 1; stage < plan_.stages().count(); ++stage) {
    begins.push_back(publishing_start_ + plan_.stages().begin(stage));
  }
  return begins;
}

}  // namespace gauntlet::sim
