// The part of the publisher that sends what nobody planned: messages that are due because something
// happened, and answers to requests.

#include <algorithm>

#include "harness/base/assert.hpp"
#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/property.hpp"
#include "sim/engine/publisher.hpp"

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

// Lets the message that has just been made answer a request. MQTT 5.0 §4.10
void publisher::apply(const answer_context& answering) {
  if (!answering.topic.empty()) topic_ = answering.topic;
  if (answering.has_correlation) {
    const auto encoded = mqtt::encode_property(
        {mqtt::property_id::correlation_data, byte_view(answering.correlation)}, properties_);
    GAUNTLET_ASSERT(encoded.has_value());
  }
}

}  // namespace gauntlet::sim
