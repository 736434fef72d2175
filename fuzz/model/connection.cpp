#include "fuzz/model/connection.hpp"

#include "harness/base/assert.hpp"
#include "harness/mqtt/codec.hpp"

namespace gauntlet::fuzz::model {

void connection::open(net::network& network, const net::endpoint& where,
                      const net::dial_options& how) {
  reader_.set_version(version_);
  channel_ = network.dial(where, how, *this);
}

void connection::send(const mqtt::packet& packet) {
  out_.clear();
  const auto encoded = mqtt::encode(packet, version_, out_);
  GAUNTLET_ASSERT(encoded.has_value());
  if (channel_ && open_) channel_->send(out_);
}

void connection::close() {
  if (channel_ && !ended_) channel_->close();
  open_ = false;
  ended_ = true;
}

void connection::abort() {
  if (channel_ && !ended_) channel_->abort();
  open_ = false;
  ended_ = true;
}

void connection::on_bytes(net::channel&, byte_view bytes) {
  while (!hushed_) {
    const auto frame = reader_.next(bytes);
    if (!frame) {
      hushed_ = true;
      hears_.on_malformed(mqtt::describe(frame.error()));
      return;
    }
    if (frame->empty()) return;
    const auto packet = mqtt::decode(*frame, version_, mqtt::sender::server);
    if (!packet) {
      hushed_ = true;
      hears_.on_malformed(mqtt::describe(packet.error()));
      return;
    }
    hears_.on_packet(*packet);
  }
}

void connection::on_end(net::channel&, const net::channel_end& end) {
  open_ = false;
  ended_ = true;
  end_ = end;
  if (!hushed_) hears_.on_end(end);
}

}  // namespace gauntlet::fuzz::model
