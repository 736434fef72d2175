#include "fuzz/targets/broker_session/fuzzed_client.hpp"

#include <utility>
#include <variant>

#include "harness/base/assert.hpp"

namespace gauntlet::fuzz {

using namespace gauntlet::mqtt;

fuzzed_client::fuzzed_client(broker::broker_core& core, protocol_version version,
                             script::wire_observer& observer, time_point now)
    : core_(core), version_(version), observer_(observer), link_(core.open(*this, now)) {
  reader_.set_version(version);
}

void fuzzed_client::send(const packet& packet, time_point now) {
  byte_buffer bytes;
  GAUNTLET_ASSERT(encode(packet, version_, bytes).has_value());
  send_raw(bytes, now);
}

void fuzzed_client::send_raw(byte_view bytes, time_point now) {
  if (!may_send() || bytes.empty()) return;
  note_sent(bytes);
  core_.received(*link_, bytes, now);
}

void fuzzed_client::note_sent(byte_view bytes) {
  if (!std::exchange(first_sent_, true)) {
    const auto first = decode(bytes, version_, sender::client);
    const auto* const asks = first ? std::get_if<connect>(&*first) : nullptr;
    speaks_plainly_ = asks != nullptr && asks->protocol_version == version_;
  }
  observer_.on_sent(bytes);
}

void fuzzed_client::answer(time_point now) {
  for (const packet& each : std::exchange(answers_, {})) send(each, now);
}

void fuzzed_client::drop(time_point now) {
  if (!is_open()) return;
  core_.ended(*link_, "reset", now);
  core_.flush();
  link_.reset();
}

void fuzzed_client::block(bool blocked, time_point now) {
  blocked_ = blocked;
  if (blocked || unsent_.empty()) return;
  came_.insert(came_.end(), unsent_.begin(), unsent_.end());
  unsent_.clear();
  if (is_open()) core_.drained(*link_, now);
}

std::size_t fuzzed_client::send(byte_view bytes) {
  GAUNTLET_ASSERT(!closed_);
  byte_buffer& into = blocked_ ? unsent_ : came_;
  into.insert(into.end(), bytes.begin(), bytes.end());
  return unsent_.size();
}

void fuzzed_client::close() {
  GAUNTLET_ASSERT(!closed_);
  closed_ = true;
}

void fuzzed_client::judge_arrivals(time_point now) {
  const byte_buffer came = std::exchange(came_, {});
  byte_view left = came;
  for (;;) {
    const auto frame = reader_.next(left);
    GAUNTLET_ASSERT(frame.has_value());
    if (frame->empty()) break;
    judge(*frame, now);
  }
  // The broker sends whole packets only.
  GAUNTLET_ASSERT(reader_.pending() == 0);
  if (closed_) link_.reset();
}

void fuzzed_client::judge(byte_view frame, time_point now) {
  GAUNTLET_ASSERT(first_sent_);
  byte_buffer bytes(frame.begin(), frame.end());
  auto came = decode(frame, version_, sender::server);
  if (!came) {
    // What a broker answers to a CONNECT of another version has that version's form.
    GAUNTLET_ASSERT(!speaks_plainly_);
    observer_.on_arrival(script::arrived_malformed{came.error(), std::move(bytes), now});
    return;
  }
  observer_.on_arrival(script::arrived_packet{*came, std::move(bytes), now});
  prepare_answer(*came);
  arrived_.push_back(std::move(*came));
}

void fuzzed_client::prepare_answer(const packet& came) {
  if (const auto* const message = std::get_if<publish>(&came)) {
    if (message->qos == qos::at_least_once) {
      answers_.emplace_back(puback{.packet_identifier = message->packet_identifier});
    } else if (message->qos == qos::exactly_once) {
      answers_.emplace_back(pubrec{.packet_identifier = message->packet_identifier});
    }
  } else if (const auto* const received = std::get_if<pubrec>(&came)) {
    if (!is_error(received->reason_code)) {
      answers_.emplace_back(pubrel{.packet_identifier = received->packet_identifier});
    }
  } else if (const auto* const released = std::get_if<pubrel>(&came)) {
    answers_.emplace_back(pubcomp{.packet_identifier = released->packet_identifier});
  }
}

std::vector<packet> fuzzed_client::take_arrived() { return std::exchange(arrived_, {}); }

}  // namespace gauntlet::fuzz
