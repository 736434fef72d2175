// The part of the publisher that sends what nobody planned: messages that are due because something
// happened, and answers to requests.

#include <algorithm>

#include "harness/base/assert.hpp"
#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/property.hpp"
#include "sim/engine/publisher.hpp"
#include "sim/plan/request_stamp.hpp"

namespace gauntlet::sim {

bool publisher::trigger(const device& who, std::size_t publication, time_point now, duration after,
                        const answer_context* answering) {
  const sim::publication& what = plan_.described().fleet[who.group].publish[publication];
  GAUNTLET_ASSERT(what.triggered && what.answers == (answering != nullptr));
  const auto local = who.first_stream + static_cast<std::uint32_t>(publication);
  stream_state& stream = streams_[local];
  const history::due_times& sent = books_.ledger.recorded[plan_.stream_of(who.number, publication)];
  const duration due =
      std::max(started_ ? now - start_ + after : after, std::max(sent.last(), duration::zero()));
  // Births of now go out however late it is; those to come are part of the run or not at all.
  const bool is_always_sent = what.answers || (stream.outlasts && after == duration::zero());
  if (!is_always_sent && due >= std::min(end_, plan_.described().publish_for)) return false;

  triggered_messages::entry entry{.due = due};
  const bool too_many = std::size_t{sent.size()} + triggered_.of(local).size() >=
                        std::size_t{history::due_times::count_max};
  if (answering != nullptr) {
    entry.context = triggered_.make_context();
    triggered_.context(entry.context) = *answering;
  }
  if (too_many || !triggered_.add(local, entry)) {
    triggered_.drop_context(entry.context);
    record::delivery_account& account = books_.flow(who.group, what.qos, due).account;
    ++account.planned;
    ++account.not_sent;
    return false;
  }
  stream.next.due = triggered_.of(local).front().due;
  stream.open = true;
  triggered_lately_ = true;
  return true;
}

// In the order of the publications, which is that of births: the node, then its devices.
void publisher::trigger_births(const device& who, time_point now) {
  for (std::size_t i = 0; i < publications_of(who); ++i) {
    if (nodes_.is_reborn(who, i)) trigger(who, i, now);
  }
}

void publisher::advance_triggered(const device& who, std::size_t publication) {
  const auto local = who.first_stream + static_cast<std::uint32_t>(publication);
  stream_state& stream = streams_[local];
  triggered_.pop(local);
  ++stream.next.sequence;
  stream.open = !triggered_.of(local).empty();
  if (stream.open) stream.next.due = triggered_.of(local).front().due;
}

// What waits and is due has been called for, and not sent.
void publisher::close_triggered(const device& who, std::size_t publication) {
  const sim::publication& what = plan_.described().fleet[who.group].publish[publication];
  for (const auto& waiting :
       triggered_.of(who.first_stream + static_cast<std::uint32_t>(publication))) {
    if (!started_ || waiting.due >= end_) continue;
    record::delivery_account& account = books_.flow(who.group, what.qos, waiting.due).account;
    ++account.planned;
    ++account.not_sent;
  }
}

void publisher::change_interval(const device& who, std::size_t publication, time_point now,
                                duration every, std::optional<duration> lasting) {
  GAUNTLET_ASSERT(plan_.described().fleet[who.group].publish[publication].recorded);
  const auto local = who.first_stream + static_cast<std::uint32_t>(publication);
  stream_state& stream = streams_[local];
  if (started_ && !stream.open) return;  // all that it had to send is sent
  const duration at = started_ ? now - start_ : duration::zero();
  const auto [entry, fresh] = changed_.try_emplace(local);
  if (fresh) entry->second.planned = stream.next;
  entry->second.every = every;
  entry->second.until = lasting ? at + *lasting : duration::max();
  if (!started_) return;  // open_device() comes by here again
  stream.next.due =
      std::max(at + every, books_.ledger.recorded[plan_.stream_of(who.number, publication)].last());
  triggered_lately_ = true;
}

bool publisher::step_changed(const device& who, std::size_t publication) {
  const auto local = who.first_stream + static_cast<std::uint32_t>(publication);
  due_message& next = streams_[local].next;
  changed_interval& changed = changed_.at(local);
  ++next.sequence;
  if (next.due + changed.every < changed.until) {
    next.due += changed.every;
    return next.due < plan_.described().publish_for;
  }
  // Back to the plan, whose messages of the meantime are skipped.
  const duration earliest = std::max(next.due + duration(1), std::min(changed.until, end_));
  changed.until = duration::zero();
  while (!changed.plan_over && changed.planned.due < earliest) {
    const auto after = plan_.next_message(who.number, publication, changed.planned);
    changed.plan_over = !after;
    if (after) changed.planned = *after;
  }
  next.due = changed.planned.due;
  return !changed.plan_over;
}

void publisher::set_sensor(const device& who, std::string_view sensor, time_point now,
                           literal_value value) {
  const auto use = plan_.sensors_of(who.group).find(sensor);
  GAUNTLET_ASSERT(use.has_value());  // the scenario was checked
  std::unique_ptr<sensor_memory>& memory = memories_[who.local];
  if (!memory) memory = std::make_unique<sensor_memory>();
  sensor_plan::set(*memory, use->sensor, started_ ? now - start_ : duration::zero(),
                   std::move(value));
}

sensor_memory* publisher::memory_of(const device& who) {
  if (plan_.sensors_of(who.group).size() == 0) return nullptr;
  const auto found = memories_.find(who.local);
  if (found != memories_.end()) return found->second.get();
  if (!plan_.sensors_of(who.group).wants_memory()) return nullptr;
  return (memories_[who.local] = std::make_unique<sensor_memory>()).get();
}

// Lets the message that has just been made ask for an answer. MQTT 5.0 §4.10.1
void publisher::add_request(const device& who, std::size_t publication, const stamp& mark) {
  if (who.session.version() != mqtt::protocol_version::v5) return;
  const request_settings& asks = *plan_.described().fleet[who.group].publish[publication].request;
  const std::string topic = plan_.expand(who.number, asks.response_topic);
  byte_buffer correlation;
  append_correlation(mark, correlation);
  const auto first = mqtt::encode_property(
      {mqtt::property_id::response_topic, std::string_view(topic)}, properties_);
  const auto second = mqtt::encode_property(
      {mqtt::property_id::correlation_data, byte_view(correlation)}, properties_);
  GAUNTLET_ASSERT(first.has_value() && second.has_value());
}

// Lets the message that has just been made answer a request. MQTT 5.0 §4.10
void publisher::apply(const answer_context& answering) {
  if (!answering.topic.empty()) topic_ = answering.topic;
  if (answering.has_correlation) {
    const auto encoded = mqtt::encode_property(
        {mqtt::property_id::correlation_data, byte_view(answering.correlation)}, properties_);
    GAUNTLET_ASSERT(encoded.has_value());
  }
  if (answering.request) append_request_stamp(*answering.request, payload_);
}

}  // namespace gauntlet::sim
