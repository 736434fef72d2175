#include "sim/engine/publisher.hpp"

#include <algorithm>
#include <utility>

#include "harness/base/assert.hpp"
#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/property.hpp"

namespace gauntlet::sim {
namespace {

// One write carries at most about this much; a device whose socket holds back more than twice of it
// waits.
constexpr std::size_t write_size = 65'536;

}  // namespace

publisher::publisher(const fleet_plan& plan, worker_books& books, const device_lives& lives,
                     std::uint32_t run_id)
    : plan_(plan), books_(books), lives_(lives), run_id_(run_id), nodes_(plan) {}

std::size_t publisher::publications_of(const device& who) const {
  return plan_.described().fleet[who.group].publish.size();
}

void publisher::add_device(device& who) {
  who.first_stream = static_cast<std::uint32_t>(streams_.size());
  for (const publication& what : plan_.described().fleet[who.group].publish) {
    streams_.emplace_back().outlasts =
        what.answers || what.sparkplug.is == sparkplug_stream::kind::birth;
  }
  nodes_.add_device(who);
}

void publisher::start(time_point start) {
  start_ = start;
  started_ = true;
}

void publisher::open_device(const device& who) {
  for (std::size_t i = 0; i < publications_of(who); ++i) {
    const auto first = plan_.first_message(who.number, i);
    if (!first) continue;
    streams_[who.first_stream + i].next = *first;
    streams_[who.first_stream + i].open = true;
    ++streams_open_;
    if (!plan_.described().fleet[who.group].publish[i].recorded) continue;
    const auto changed = changed_.find(who.first_stream + static_cast<std::uint32_t>(i));
    if (changed == changed_.end()) continue;
    changed->second.planned = *first;
    streams_[who.first_stream + i].next.due = changed->second.every;
  }
}

void publisher::stop(time_point now) { end_ = now - start_; }

time_point publisher::next_due(const device& who) const {
  const std::size_t publication = earliest(who);
  if (publication == publications_of(who)) return time_point::max();
  return start_ + streams_[who.first_stream + publication].next.due;
}

// The open stream with the earliest message of the run; publications_of() if none is open.
std::size_t publisher::earliest(const device& who) const {
  const std::size_t count = publications_of(who);
  std::size_t best = count;
  const bool is_edge_node = nodes_.is_edge_node(who);
  for (std::size_t i = 0; i < count; ++i) {
    const stream_state& stream = streams_[who.first_stream + i];
    if (!stream.open || (stream.next.due >= end_ && !stream.outlasts)) continue;
    if (is_edge_node && nodes_.is_held(who, i)) continue;
    if (best == count || stream.next.due < streams_[who.first_stream + best].next.due) best = i;
  }
  return best;
}

void publisher::advance(const device& who, std::size_t publication) {
  stream_state& stream = streams_[who.first_stream + publication];
  const sim::publication& what = plan_.described().fleet[who.group].publish[publication];
  if (what.recorded || what.triggered) {
    history::due_times& times = books_.ledger.recorded[plan_.stream_of(who.number, publication)];
    const duration ready = std::max(times.last(), lives_.ready_at(who, stream.next.due));
    if (!times.full()) times.add(ready);
  }
  if (what.triggered) return advance_triggered(who, publication);
  if (step(who, publication)) return;
  stream.open = false;
  --streams_open_;
}

// To the next message of a planned stream; false if there is none. The sequence then is the number
// of messages that there were.
bool publisher::step(const device& who, std::size_t publication) {
  due_message& next = streams_[who.first_stream + publication].next;
  const bool recorded = plan_.described().fleet[who.group].publish[publication].recorded;
  if (recorded && changed_.contains(who.first_stream + static_cast<std::uint32_t>(publication))) {
    return step_changed(who, publication);
  }
  if (const auto after = plan_.next_message(who.number, publication, next)) {
    next = *after;
    return true;
  }
  ++next.sequence;
  return false;
}

void publisher::send_due(device& who, time_point now, duration until) {
  who.blocked = false;
  out_.clear();
  const std::size_t count = publications_of(who);
  for (;;) {
    const std::size_t publication = earliest(who);
    if (publication == count) break;
    const duration due = streams_[who.first_stream + publication].next.due;
    if (start_ + due > now || due > until) break;
    if (!drops_.empty() && is_dropped(who, publication)) {
      drop_one(who, publication);
      continue;
    }
    if (!send_one(who, publication, now)) {
      who.blocked = true;
      break;
    }
    if (out_.size() >= write_size) {
      flush(who, now);
      if (who.channel->backlog_bytes() > 2 * write_size) {
        who.blocked = true;
        break;
      }
    }
  }
  flush(who, now);
}

void publisher::flush(device& who, time_point now) {
  if (out_.empty()) return;
  who.channel->send(out_);
  who.last_sent = now;
  out_.clear();
}

void publisher::make_message(const device& who, std::size_t publication, const due_message& message,
                             duration sent, std::uint32_t context) {
  payload_.clear();
  topic_.clear();
  properties_.clear();
  const bool is_of_edge_node = nodes_.is_edge_node(who) && nodes_.makes(who, publication);
  if (is_of_edge_node) {
    nodes_.append_payload(who, publication, message.due, payload_);
  } else {
    plan_.append_payload(who.number, publication, message, payload_, memory_of(who));
  }
  plan_.append_topic(who.number, publication, topic_);
  const stamp mark{.run_id = run_id_,
                   .stream = plan_.stream_of(who.number, publication),
                   .sequence = message.sequence,
                   .scheduled = lives_.ready_at(who, message.due),
                   .sent = sent};
  write_stamp(payload_, is_of_edge_node ? edge_node_stamp : plan_.layout_of(who.group, publication),
              mark);
  if (stamp_of(who, publication) == stamp_place::user_property) {
    append_stamp_property(mark, properties_);  // first, where it is found soonest
  }
  plan_.append_properties(who.number, publication, properties_);
  if (plan_.described().fleet[who.group].publish[publication].request) {
    add_request(who, publication, mark);
  }
  if (context != triggered_messages::no_context) apply(triggered_.context(context));
}

stamp_place publisher::stamp_of(const device& who, std::size_t publication) const {
  return plan_.described().fleet[who.group].publish[publication].stamp;
}

// The first message of a connection names topic and alias, those after it the alias alone. Streams
// beyond what the broker takes go without.
void publisher::use_alias(const device& who, std::size_t publication) {
  const auto alias = static_cast<std::uint16_t>(publication + 1);
  if (alias > who.session.limits().topic_alias_maximum) return;
  const auto encoded = mqtt::encode_property({mqtt::property_id::topic_alias, alias}, properties_);
  GAUNTLET_ASSERT(encoded.has_value());
  if (streams_[who.first_stream + publication].alias_known) topic_.clear();
}

void publisher::on_connection_lost(const device& who) {
  nodes_.on_connection_lost(who);
  for (std::size_t i = 0; i < publications_of(who); ++i) {
    streams_[who.first_stream + i].alias_known = false;
  }
}

bool publisher::send_one(device& who, std::size_t publication, time_point now) {
  const sim::publication& what = plan_.described().fleet[who.group].publish[publication];
  stream_state& stream = streams_[who.first_stream + publication];
  const bool tracked = what.qos != mqtt::qos::at_most_once;
  // What the broker or the scenario withholds waits at the device, with its scheduled time kept, so
  // that memory stays bounded and no delay is hidden.
  const std::uint32_t in_flight_max = plan_.described().fleet[who.group].session.in_flight;
  if (tracked &&
      (who.session.send_quota() == 0 || who.session.in_flight_count() >= in_flight_max)) {
    return false;
  }

  const duration sent = now - start_;
  const std::uint32_t context =
      what.triggered ? triggered_.of(who.first_stream + static_cast<std::uint32_t>(publication))
                           .front()
                           .context
                     : triggered_messages::no_context;
  make_message(who, publication, stream.next, sent, context);
  if (what.topic_alias) use_alias(who, publication);
  const std::uint64_t tag =
      tracked ? in_flight_.add({.scheduled = stream.next.due,
                                .sent = sent,
                                .sequence = stream.next.sequence,
                                .publication = static_cast<std::uint16_t>(publication)})
              : 0;
  const mqtt::publish_view message{.qos = what.qos,
                                   .retain = what.retain,
                                   .topic_name = topic_,
                                   .properties = properties_,
                                   .payload = payload_};
  const auto written = who.session.publish(message, tag, out_);
  // Who was away as planned is late from the planned return on.
  const duration due = lives_.ready_at(who, stream.next.due);
  record::message_flow& flow = books_.flow(who.group, what.qos, due);
  if (!written) {
    if (tracked) in_flight_.remove(tag);
    if (written.error() == mqtt::session_refusal::not_connected ||
        written.error() == mqtt::session_refusal::quota_used_up) {
      return false;
    }
    // The server announced that it takes no such message: it is planned and will never be sent.
    const std::uint32_t stream_number = plan_.stream_of(who.number, publication);
    books_.ledger.published[stream_number].rejected.add(
        {stream.next.sequence, stream.next.sequence});
    ++flow.account.planned;
    ++flow.account.not_sent;
    advance(who, publication);
    triggered_.drop_context(context);
    return true;
  }

  stream.alias_known = what.topic_alias;
  const auto next =
      nodes_.is_edge_node(who) ? nodes_.on_sent(who, publication, stream.next.due) : std::nullopt;
  const duration lag = sent - due;
  ++flow.account.planned;
  ++flow.account.sent;
  flow.account.payload_bytes_sent += payload_.size();
  ++books_.progress.sent;
  if (!tracked && books_.live.wants_owned()) {
    books_.live.on_owned(plan_.stream_of(who.number, publication), due);
  }
  books_.measured.generator.schedule_lag.record(lag);
  books_.recent_lag.record(lag);
  if (what.request) {
    ++books_.progress.open_requests;
    books_.progress.answers_until_ns = std::max(
        books_.progress.answers_until_ns, (now + what.request->timeout).time_since_epoch().count());
  }
  advance(who, publication);
  if (tracked) {
    triggered_.keep_in_flight(tag, context);
  } else {
    triggered_.drop_context(context);
  }
  if (next) trigger(who, next->publication, now, next->after);
  return true;
}

void publisher::on_acknowledged(device& who, std::uint64_t tag, mqtt::qos qos,
                                mqtt::reason_code code, time_point now) {
  const in_flight_message message = in_flight_.at(tag);
  in_flight_.remove(tag);
  triggered_.drop_in_flight(tag);
  record::message_flow& flow = books_.flow(who.group, qos, lives_.ready_at(who, message.scheduled));
  // PUBCOMP with "packet identifier not found" answers a PUBREL sent again: the exchange was over.
  if (static_cast<std::uint8_t>(code) >= 0x80 &&
      code != mqtt::reason_code::packet_identifier_not_found) {
    ++flow.account.rejected;
    books_.ledger.published[plan_.stream_of(who.number, message.publication)].rejected.add(
        {message.sequence, message.sequence});
    return;
  }
  ++flow.account.acknowledged;
  ++books_.progress.acknowledged;
  if (books_.live.wants_owned()) {
    books_.live.on_owned(plan_.stream_of(who.number, message.publication),
                         lives_.ready_at(who, message.scheduled));
  }
  ++streams_[who.first_stream + message.publication].acknowledged;
  flow.acknowledgement_time.record(now - start_ - message.sent);
}

void publisher::on_discarded(device& who, std::uint64_t tag, mqtt::qos) {
  const in_flight_message message = in_flight_.at(tag);
  in_flight_.remove(tag);
  triggered_.drop_in_flight(tag);
  books_.ledger.published[plan_.stream_of(who.number, message.publication)].uncertain.add(
      {message.sequence, message.sequence});
}

mqtt::publish_view publisher::on_resend(device& who, std::uint64_t tag) {
  const in_flight_message& message = in_flight_.at(tag);
  make_message(who, message.publication, {.due = message.scheduled, .sequence = message.sequence},
               message.sent, triggered_.in_flight(tag));
  const sim::publication& what = plan_.described().fleet[who.group].publish[message.publication];
  return {.qos = what.qos,
          .retain = what.retain,
          .topic_name = topic_,
          .properties = properties_,
          .payload = payload_};
}

void publisher::close_device(const device& who) {
  for (std::size_t i = 0; i < publications_of(who); ++i) {
    stream_state& stream = streams_[who.first_stream + i];
    const sim::publication& what = plan_.described().fleet[who.group].publish[i];
    const std::uint32_t sent = started_ ? stream.next.sequence : 0;
    if (what.triggered) {
      close_triggered(who, i);
    } else if (stream.open) {
      // What was due before the end and did not go out is part of the plan, and never silent.
      const due_message first = stream.next;
      while (stream.next.due < end_) {
        record::delivery_account& account =
            books_.flow(who.group, what.qos, lives_.ready_at(who, stream.next.due)).account;
        ++account.planned;
        ++account.not_sent;
        if (!step(who, i)) break;
      }
      stream.next = first;
    }
    // What carries no stamp is not recognised on arrival, so nothing is expected of it.
    if (sent == 0 || what.stamp == stamp_place::none) continue;
    history::published_stream& published = books_.ledger.published[plan_.stream_of(who.number, i)];
    published.sent = sent;
    published.acknowledged = stream.acknowledged;
  }
}

}  // namespace gauntlet::sim
