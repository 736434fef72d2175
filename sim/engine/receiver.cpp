#include "sim/engine/receiver.hpp"

#include <algorithm>
#include <utility>

#include "harness/base/assert.hpp"
#include "harness/mqtt/topic.hpp"
#include "sim/engine/reasons.hpp"

namespace gauntlet::sim {
namespace {

// What is sent to a device so shortly before it leaves may miss it.
constexpr duration delivery_margin = std::chrono::seconds(1);

mqtt::subscription to_packet(const subscription& wanted, std::string filter) {
  return {
      .topic_filter = std::move(filter),
      .options = {.maximum_qos = wanted.qos,
                  .no_local = wanted.no_local,
                  .retain_as_published = wanted.retain_as_published,
                  .retain_handling = static_cast<mqtt::retain_handling>(wanted.retain_handling)}};
}

}  // namespace

receiver::receiver(const fleet_plan& plan, worker_books& books, std::uint32_t run_id,
                   fleet_part part)
    : plan_(plan), books_(books), unstamped_(plan.described()), run_id_(run_id), part_(part) {
  for (const device_group& group : plan.described().fleet) {
    shares_.push_back(std::any_of(group.subscribe.begin(), group.subscribe.end(),
                                  [](const subscription& each) { return each.is_shared; }));
    if (group.will && group.will->stamp == stamp_place::user_property) any_in_properties_ = true;
    for (const publication& each : group.publish) {
      any_in_properties_ = any_in_properties_ || each.stamp == stamp_place::user_property;
      any_answers_ = any_answers_ || each.answers;
    }
  }
}

void receiver::add_device(const device& who) {
  const std::size_t wanted = group_of(who).subscribe.size();
  if (wanted == 0) return;
  // Groups without subscriptions cost nothing: only the entries up to the last subscriber exist.
  subscribers_.resize(who.local + 1);
  subscribers_[who.local].first_grant = static_cast<std::uint32_t>(granted_.size());
  granted_.resize(granted_.size() + wanted, refused);
}

std::uint16_t receiver::subscribe(device& who, byte_buffer& out) {
  const std::vector<subscription>& wanted = group_of(who).subscribe;
  std::uint16_t packets = 0;
  for (std::size_t first = 0; first < wanted.size();) {
    mqtt::subscribe request;
    std::size_t end = first;
    while (end < wanted.size() && wanted[end].identifier == wanted[first].identifier) {
      request.subscriptions.push_back(to_packet(wanted[end], plan_.filter_of(who.number, end)));
      ++end;
    }
    if (wanted[first].identifier) {
      request.properties.add(mqtt::subscription_identifier(*wanted[first].identifier));
    }
    record::connection_account& account = books_.connections(who.group);
    account.subscriptions_requested += request.subscriptions.size();
    if (const auto sent = who.session.subscribe(std::move(request), first, out)) {
      ++packets;
    } else {
      account.subscriptions_refused.add(sent.error().message(), end - first);
    }
    first = end;
  }
  return packets;
}

void receiver::on_suback(device& who, std::uint64_t tag, const mqtt::suback& answer) {
  const std::vector<subscription>& wanted = group_of(who).subscribe;
  record::connection_account& account = books_.connections(who.group);
  std::uint8_t* granted = granted_.data() + subscribers_[who.local].first_grant + tag;
  for (std::size_t i = 0; i < answer.reason_codes.size(); ++i) {
    const auto code = static_cast<std::uint8_t>(answer.reason_codes[i]);
    if (code > 2) {
      granted[i] = refused;
      account.subscriptions_refused.add(
          describe_code(answer.reason_codes[i], mqtt::packet_type::suback));
      continue;
    }
    granted[i] = code;
    if (code < static_cast<std::uint8_t>(wanted[tag + i].qos)) {
      ++account.subscriptions_downgraded;
    } else {
      ++account.subscriptions_granted;
    }
  }
}

bool receiver::is_subscribed(const device& who) const {
  return group_of(who).subscribe.empty() || subscribers_[who.local].since != time_point::max();
}

void receiver::on_subscribed(const device& who, time_point now) {
  if (group_of(who).subscribe.empty()) return;
  subscriber_state& state = subscribers_[who.local];
  if (state.since == time_point::max()) state.since = now;
}

void receiver::on_session_lost(const device& who, time_point when) {
  if (group_of(who).subscribe.empty()) return;
  subscriber_state& state = subscribers_[who.local];
  if (state.since == time_point::max()) return;
  if (!state.earlier) state.earlier = std::make_unique<std::vector<history::time_span>>();
  state.earlier->push_back({.from = state.since, .until = when});
  state.since = time_point::max();
  ++state.epoch;
}

void receiver::on_left(const device& who, time_point when, bool keeps_session) {
  if (group_of(who).subscribe.empty()) return;
  const subscriber_state& state = subscribers_[who.local];
  if (state.since == time_point::max()) return;
  const time_point quiet = std::max(state.since, when - delivery_margin);
  if (keeps_session) {
    away_[who.local].push_back({.from = quiet});
  } else {
    on_session_lost(who, quiet);
  }
}

void receiver::on_back(const device& who, time_point when) {
  const auto found = away_.find(who.local);
  if (found == away_.end() || found->second.empty()) return;
  history::time_span& last = found->second.back();
  if (last.until == time_point::max()) last.until = when;
}

// A retained message that the broker replays to a new subscription: sent before the subscription
// stood. It tells about the retained store, not about delivery.
bool receiver::is_replay(const subscriber_state& state, const mqtt::publish_view& message,
                         const stamp& mark) const {
  return message.retain && (state.since == time_point::max() || start_ == time_point::max() ||
                            start_ + mark.sent < state.since);
}

std::optional<stamp> receiver::find_stamp(const mqtt::publish_view& message, time_point now) const {
  std::optional<stamp> found;
  if (any_in_properties_) found = read_stamp_property(message.properties);
  if (!found) found = read_stamp(message.payload, {.run_id = run_id_, .now = now - start_});
  if (found &&
      (found->run_id != run_id_ || found->stream >= plan_.stream_count() + plan_.device_count())) {
    found.reset();
  }
  return found;
}

// Whose topic an unstamped message has decides whose it is taken for.
void receiver::count_unstamped(const mqtt::publish_view& message, time_point now) {
  const auto source = unstamped_.find(message.topic_name);
  if (!source) {
    ++books_.measured.foreign_messages;
    return;
  }
  record::delivery_account& account = books_.flow(source->group, source->qos, now - start_).account;
  ++account.unjudged;
  account.payload_bytes_received += message.payload.size();
  books_.progress.last_receipt_ns = now.time_since_epoch().count();
}

// Whether a number that order has passed by is surely owed: not to members of a shared subscription
// and devices that are away at times, nor of publishers that drop messages while offline. What is
// missing there shows in the account.
bool receiver::is_missed(const device& who, std::uint32_t stream) const {
  if (shares_[who.group] || group_of(who).life.as != life_cycle::kind::always_on ||
      !plan_.described().disturbances.empty()) {
    return false;
  }
  const device_group& publisher = plan_.group_of(plan_.source_of(stream).device);
  return publisher.offline.buffer == UINT32_MAX;
}

bool receiver::is_answer(const stamp& mark) const {
  const fleet_plan::stream_source source = plan_.source_of(mark.stream);
  return plan_.group_of(source.device).publish[source.publication].answers;
}

std::optional<stamp> receiver::on_publish(const device& who, const mqtt::publish_view& message,
                                          bool duplicate_exactly_once, time_point now) {
  ++books_.progress.received;
  if (duplicate_exactly_once) return std::nullopt;
  const auto mark = find_stamp(message, now);
  if (!mark || who.local >= subscribers_.size()) {
    count_unstamped(message, now);
    return mark;
  }
  if (mark->stream >= plan_.stream_count()) {
    enter_will(who, message, *mark);
    return std::nullopt;
  }
  enter(who, message, *mark, now);
  return mark;
}

void receiver::enter(const device& who, const mqtt::publish_view& message, const stamp& mark,
                     time_point now) {
  if (any_answers_ && is_answer(mark)) {
    // Who asked judges it (requests.hpp).
    books_.flow_of_stream(mark.stream, mark.scheduled).account.payload_bytes_received +=
        message.payload.size();
    books_.progress.last_receipt_ns = now.time_since_epoch().count();
    return;
  }
  const subscriber_state& state = subscribers_[who.local];
  if (is_replay(state, message, mark)) {
    ++books_.measured.retained.replayed;
    return;
  }

  record::message_flow& flow = books_.flow_of_stream(mark.stream, mark.scheduled);
  flow.account.payload_bytes_received += message.payload.size();
  const history::receipt receipt =
      books_.ledger.received.receive(who.number, mark.stream, mark.sequence, state.epoch);
  books_.progress.last_receipt_ns = now.time_since_epoch().count();
  const bool live = books_.live.wants_receipts();
  if (receipt.kind == history::receipt_kind::duplicate) {
    ++books_.progress.duplicated;
    if (live) {
      books_.live.on_receipt(mark.stream, message.qos, mark.scheduled, receipt.kind, 0, {});
    }
    return;
  }
  ++books_.progress.first_copies;
  std::int64_t missing = std::int64_t{receipt.skipped} - std::int64_t{receipt.was_skipped ? 1 : 0};
  if (missing != 0 && !is_missed(who, mark.stream)) missing = 0;
  books_.progress.missing += missing;
  const duration arrived = now - start_;
  const bool is_timed = part_.is_whole() || part_.has(plan_, plan_.source_of(mark.stream).device);
  if (live) {
    books_.live.on_receipt(
        mark.stream, message.qos, mark.scheduled, receipt.kind, missing,
        is_timed ? std::optional<duration>(arrived - mark.scheduled) : std::nullopt);
  }
  if (!is_timed) return;
  flow.latency_from_schedule.record(arrived - mark.scheduled);
  flow.latency_from_send.record(arrived - mark.sent);
  books_.recent_latency.record(arrived - mark.scheduled);
}

// One that the broker replays as retained tells nothing of when it was published.
void receiver::enter_will(const device& who, const mqtt::publish_view& message, const stamp& mark) {
  if (message.retain) return;
  ++books_.ledger.wills.receipts[{.receiver = who.number,
                                  .device = mark.stream - plan_.stream_count(),
                                  .connection = mark.sequence}];
}

void receiver::close_device(const device& who) {
  const std::vector<subscription>& wanted = group_of(who).subscribe;
  if (wanted.empty()) return;
  const subscriber_state& state = subscribers_[who.local];
  history::receiver_record& record = books_.ledger.received.receivers[who.number];
  record.epoch = state.epoch;
  if (state.earlier) record.subscribed = *state.earlier;
  if (const auto away = away_.find(who.local); away != away_.end()) record.away = away->second;
  if (state.since != time_point::max()) record.subscribed.push_back({.from = state.since});
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const std::uint8_t granted = granted_[state.first_grant + i];
    if (granted == refused) continue;
    std::string filter = plan_.filter_of(who.number, i);
    std::string share_name;
    if (wanted[i].is_shared) {
      const auto shared = mqtt::parse_shared_subscription(filter);
      GAUNTLET_ASSERT(shared.has_value());  // the scenario was checked
      share_name = std::string(shared->share_name);
      filter = std::string(shared->filter);
    }
    record.subscriptions.push_back({.topic_filter = std::move(filter),
                                    .share_name = std::move(share_name),
                                    .granted_qos = static_cast<mqtt::qos>(granted),
                                    .no_local = wanted[i].no_local});
  }
}

}  // namespace gauntlet::sim
