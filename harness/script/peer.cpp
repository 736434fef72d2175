#include "harness/script/peer.hpp"

#include <utility>

#include "harness/base/assert.hpp"
#include "harness/base/units.hpp"
#include "harness/mqtt/packet_text.hpp"

namespace gauntlet::script {
namespace {

// What our own bytes mean, for the transcript.
std::string text_of_sent(byte_view bytes, mqtt::protocol_version version) {
  const auto packet = mqtt::decode(bytes, version, mqtt::sender::client);
  if (packet.has_value()) return mqtt::to_text(*packet, version);
  return "not legal: " + mqtt::describe(packet.error());
}

wire_event event_of(const net::channel_end& end, bool opened) {
  if (!opened) return wire_event::open_failed;
  return end.kind == net::end_kind::finished ? wire_event::peer_finished : wire_event::peer_reset;
}

}  // namespace

peer::peer(net::network& network, const net::endpoint& where, peer_options options)
    : loop_(network.loop()),
      options_(std::move(options)),
      log_(options_.name, net::to_string(where)),
      reader_(options_.packet_size_max) {
  reader_.set_version(options_.version);
  channel_ = network.dial(where, options_.dial, *this);
  loop_.run_until([this] { return opened_ || end_; }, loop_.now() + options_.dial.timeout);
  if (opened_ || end_) return;
  // The dial has its own limit; this is for a network that has no sense of time.
  channel_.reset();
  arrive(arrived_end{{net::end_kind::timed_out, "not open in time"}, loop_.now()});
}

peer::~peer() = default;

void peer::send(const mqtt::packet& packet) {
  byte_buffer bytes;
  const auto encoded = mqtt::encode(packet, options_.version, bytes);
  GAUNTLET_ASSERT(encoded.has_value());
  send_bytes(bytes);
}

void peer::send_bytes(byte_view bytes) {
  log_.add(loop_.now(), wire_event::sent, bytes, text_of_sent(bytes, options_.version));
  if (options_.observer != nullptr) options_.observer->on_sent(bytes);
  if (channel_) channel_->send(bytes);
}

bool peer::drain(duration within) {
  const auto drained = [this] { return !stands() || channel_->backlog_bytes() == 0; };
  return loop_.run_until(drained, loop_.now() + within) && stands();
}

bool peer::wait_for_arrival(duration within) {
  const auto arrived = [this] { return !arrived_.empty() || end_.has_value(); };
  if (arrived()) return true;
  return loop_.run_until(arrived, loop_.now() + within);
}

const arrival& peer::peek(duration within) {
  if (wait_for_arrival(within)) return arrived_.empty() ? *end_ : arrived_.front();
  nothing_ = arrived_nothing{within};
  log_.add(loop_.now(), wire_event::waited, {}, format_duration(within));
  return nothing_;
}

arrival peer::next(duration within) {
  arrival what = peek(within);
  if (!arrived_.empty()) arrived_.pop_front();
  return what;
}

void peer::close() {
  if (!channel_) return;
  log_.add(loop_.now(), wire_event::we_closed, {}, {});
  channel_->close();
  channel_.reset();
}

void peer::abort() {
  if (!channel_) return;
  log_.add(loop_.now(), wire_event::we_aborted, {}, {});
  channel_->abort();
  channel_.reset();
}

void peer::pause_reading() {
  if (channel_) channel_->pause_reading();
}

void peer::resume_reading() {
  if (channel_) channel_->resume_reading();
}

std::uint16_t peer::next_packet_identifier() {
  last_identifier_ = static_cast<std::uint16_t>(last_identifier_ % 65'535U + 1U);
  return last_identifier_;
}

void peer::remark(std::string text) {
  log_.add(loop_.now(), wire_event::remark, {}, std::move(text));
}

void peer::on_open(net::channel&) {
  opened_ = true;
  log_.add(loop_.now(), wire_event::opened, {}, {});
}

void peer::on_bytes(net::channel&, byte_view bytes) {
  if (stream_lost_) {
    log_.add(loop_.now(), wire_event::received, bytes, "after the stream was lost");
    return;
  }
  for (;;) {
    const byte_view before = bytes;
    const auto frame = reader_.next(bytes);
    if (!frame.has_value()) {
      stream_lost_ = true;
      arrive(arrived_malformed{frame.error(), {before.begin(), before.end()}, loop_.now()});
      return;
    }
    if (frame->empty()) return;
    arrive_packet(*frame);
  }
}

void peer::arrive_packet(byte_view frame) {
  byte_buffer bytes(frame.begin(), frame.end());
  auto packet = mqtt::decode(frame, options_.version, mqtt::sender::server);
  if (packet.has_value()) {
    arrive(arrived_packet{std::move(*packet), std::move(bytes), loop_.now()});
  } else {
    arrive(arrived_malformed{packet.error(), std::move(bytes), loop_.now()});
  }
}

void peer::on_end(net::channel&, const net::channel_end& end) {
  arrive(arrived_end{end, loop_.now(), reader_.pending()});
}

void peer::arrive(arrival what) {
  const std::string text = to_text(what, options_.version);
  if (const auto* const ended = std::get_if<arrived_end>(&what)) {
    log_.add(loop_.now(), event_of(ended->end, opened_), {}, text);
  } else if (const auto* const malformed = std::get_if<arrived_malformed>(&what)) {
    log_.add(loop_.now(), wire_event::received, malformed->bytes, text);
  } else {
    log_.add(loop_.now(), wire_event::received, std::get<arrived_packet>(what).bytes, text);
  }
  if (options_.observer != nullptr) options_.observer->on_arrival(what);
  if (std::holds_alternative<arrived_end>(what)) {
    end_ = std::move(what);
  } else {
    arrived_.push_back(std::move(what));
  }
}

}  // namespace gauntlet::script
