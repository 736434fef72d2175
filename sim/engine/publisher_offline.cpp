// The part of the publisher that keeps to the size of a device's offline buffer.

#include <algorithm>
#include <vector>

#include "sim/engine/publisher.hpp"

namespace gauntlet::sim {

void publisher::drop_overflow(const device& who, time_point now, duration until) {
  const offline_settings& keeps = plan_.described().fleet[who.group].offline;
  if (!started_ || keeps.buffer == UINT32_MAX) return;
  const duration limit = std::min({now - start_, until, end_ - duration(1)});
  std::vector<buffered_message> waiting;
  for (std::size_t i = 0; i < publications_of(who); ++i) {
    const stream_state& stream = streams_[who.first_stream + i];
    // Answers and the like are made when something comes, which needs a connection.
    if (!stream.open || plan_.described().fleet[who.group].publish[i].triggered) continue;
    std::optional<due_message> message = stream.next;
    for (; message && message->due <= limit;
         message = plan_.next_message(who.number, i, *message)) {
      const buffered_message one{.due = message->due, .publication = static_cast<std::uint16_t>(i)};
      if (!drops_.has(who.local, one)) waiting.push_back(one);
    }
  }
  if (waiting.size() <= keeps.buffer) return;
  std::sort(waiting.begin(), waiting.end());
  const buffered_message after{.due = limit + duration(1)};
  if (keeps.drop == offline_settings::victim::newest) {
    drops_.add(who.local, waiting[keeps.buffer], after);
  } else {
    const std::size_t dropped = waiting.size() - keeps.buffer;
    drops_.add(who.local, waiting.front(), dropped < waiting.size() ? waiting[dropped] : after);
  }
}

bool publisher::is_dropped(const device& who, std::size_t publication) const {
  if (plan_.described().fleet[who.group].publish[publication].triggered) return false;
  return drops_.has(who.local, {.due = streams_[who.first_stream + publication].next.due,
                                .publication = static_cast<std::uint16_t>(publication)});
}

// Its number is spent: the message was planned and will never be sent.
void publisher::drop_one(const device& who, std::size_t publication) {
  const due_message message = streams_[who.first_stream + publication].next;
  const sim::publication& what = plan_.described().fleet[who.group].publish[publication];
  record::delivery_account& account =
      books_.flow(who.group, what.qos, lives_.ready_at(who, message.due)).account;
  ++account.planned;
  ++account.not_sent;
  ++account.dropped_offline;
  books_.ledger.published[plan_.stream_of(who.number, publication)].rejected.add(
      {message.sequence, message.sequence});
  advance(who, publication);
  const std::size_t next = earliest(who);
  const bool over = next == publications_of(who);
  drops_.forget_before(who.local,
                       {.due = over ? duration::max() : streams_[who.first_stream + next].next.due,
                        .publication = static_cast<std::uint16_t>(over ? 0 : next)});
}

void publisher::on_reset(const device& who, time_point now) {
  constexpr duration under_way = std::chrono::seconds(1);
  if (!started_) return;
  for (std::size_t i = 0; i < publications_of(who); ++i) {
    const sim::publication& what = plan_.described().fleet[who.group].publish[i];
    const std::uint32_t sent = streams_[who.first_stream + i].next.sequence;
    if (what.qos != mqtt::qos::at_most_once || what.stamp == stamp_place::none || sent == 0)
      continue;
    const std::uint32_t stream = plan_.stream_of(who.number, i);
    const duration from = now - start_ - under_way;
    const auto times = books_.ledger.recorded.find(stream);
    const std::uint32_t first = times != books_.ledger.recorded.end()
                                    ? times->second.first_from(from)
                                    : plan_.first_due_from(who.number, i, from);
    // Of what was due long ago the last may have gone out only now.
    books_.ledger.published[stream].uncertain.add({std::min(first, sent - 1), sent - 1});
  }
}

}  // namespace gauntlet::sim
