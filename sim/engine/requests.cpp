#include "sim/engine/requests.hpp"

#include <algorithm>

#include "sim/plan/request_stamp.hpp"

namespace gauntlet::sim {

// What one of our devices says that it is an answer; or anything without a stamp of ours, of a
// service of somebody else, where the device awaits answers.
bool requests::is_answer(const device& who, const mqtt::publish_view& message,
                         const std::optional<stamp>& mark) {
  if (mark) {
    const fleet_plan::stream_source source = plan_.source_of(mark->stream);
    return plan_.group_of(source.device).publish[source.publication].answers;
  }
  for (const publication& what : plan_.described().fleet[who.group].publish) {
    if (!what.request) continue;
    topic_ = plan_.expand(who.number, what.request->response_topic);
    if (topic_ == message.topic_name) return true;
  }
  return false;
}

void requests::on_message(const device& who, const mqtt::publish_view& message,
                          const std::optional<stamp>& mark, time_point start, time_point now) {
  if (!is_answer(who, message, mark)) return;
  const auto data = mqtt::find_property<mqtt::property_id::correlation_data>(message.properties);
  const auto request = data ? read_correlation(*data) : read_request_stamp(message.payload);
  const bool of_this_run =
      request && request->run_id == run_id_ && request->stream < plan_.stream_count();
  if (!of_this_run) {
    ++books_.requests(who.group).wrong_correlation;
    return;
  }
  const fleet_plan::stream_source source = plan_.source_of(request->stream);
  const publication& what = plan_.group_of(source.device).publish[source.publication];
  if (source.device != who.number) {
    // Where several devices await answers on one topic, each gets those of all.
    const bool shared = what.request && plan_.expand(source.device, what.request->response_topic) ==
                                            message.topic_name;
    if (!shared) ++books_.requests(who.group).wrong_correlation;
    return;
  }
  if (!what.request) {
    ++books_.requests(who.group).wrong_correlation;
    return;
  }
  enter(who, *request, *what.request, now - start);
}

void requests::enter(const device& who, const stamp& request, const request_settings& asked,
                     duration arrived) {
  record::request_account& account = books_.requests(who.group);
  history::sequence_set& answered = answered_[request.stream];
  if (answered.contains(request.sequence)) {
    ++account.answered_twice;
    return;
  }
  answered.add({request.sequence, request.sequence});
  if (arrived - request.sent <= asked.timeout) {
    ++account.answered;
  } else {
    ++account.timed_out;
    ++account.answered_late;
  }
  if (books_.progress.open_requests > 0) --books_.progress.open_requests;
  account.response_time.record(arrived - request.scheduled);
  account.response_time_from_send.record(arrived - request.sent);
}

// The first of the numbers below `sent` that was due at `from` or later; `sent` if none was.
std::uint32_t requests::first_due_from(const device& who, std::uint32_t publication,
                                       std::uint32_t sent, duration from) const {
  const auto times = books_.ledger.recorded.find(plan_.stream_of(who.number, publication));
  if (times != books_.ledger.recorded.end()) return std::min(sent, times->second.first_from(from));
  auto message = plan_.first_message(who.number, publication);
  while (message && message->sequence < sent && message->due < from) {
    message = plan_.next_message(who.number, publication, *message);
  }
  return message ? std::min(sent, message->sequence) : sent;
}

void requests::close_device(const device& who, const publisher& sender, time_point now) {
  if (!sender.started()) return;
  const std::vector<publication>& all = plan_.described().fleet[who.group].publish;
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    if (!all[i].request) continue;
    const std::uint32_t sent = sender.sent(who, i);
    const history::sequence_set& answered = answered_[plan_.stream_of(who.number, i)];
    record::request_account& account = books_.requests(who.group);
    account.requests += sent;
    if (answered.size() >= sent) continue;
    // What was due so late that its time-out is still to come is open. A device that was late
    // itself has less time here than it gives others.
    const duration open_since = now - sender.started_at() - all[i].request->timeout;
    const std::uint32_t open = first_due_from(who, i, sent, open_since);
    const std::uint64_t answered_of_open = answered.size_from(open);
    account.unfinished += sent - open - answered_of_open;
    account.timed_out += open - (answered.size() - answered_of_open);
  }
}

}  // namespace gauntlet::sim
