#include "conformance/suite/client.hpp"

#include <algorithm>
#include <utility>

#include "conformance/suite/context.hpp"
#include "harness/mqtt/packet_text.hpp"

namespace gauntlet::conformance {
namespace {

using script::arrival;

// The kind of an arrival in a word or two, equal for equal causes.
std::string kind_of(const arrival& what) {
  if (const auto* const came = std::get_if<script::arrived_packet>(&what)) {
    std::string kind(mqtt::packet_type_name(mqtt::type_of(came->packet)));
    if (const auto* const answer = std::get_if<mqtt::connack>(&came->packet)) {
      kind += " " + to_hex(byte_buffer{static_cast<std::uint8_t>(answer->reason_code)});
    } else if (const auto* const farewell = std::get_if<mqtt::disconnect>(&came->packet)) {
      kind += " " + to_hex(byte_buffer{static_cast<std::uint8_t>(farewell->reason_code)});
    }
    return kind;
  }
  if (const auto* const bad = std::get_if<script::arrived_malformed>(&what)) {
    return "malformed: " + std::string(bad->error.rule);
  }
  if (const auto* const ended = std::get_if<script::arrived_end>(&what)) {
    return std::string(net::to_string(ended->end.kind));
  }
  return "silence";
}

bool is_type(const arrival& what, mqtt::packet_type type) {
  const auto* const came = std::get_if<script::arrived_packet>(&what);
  return came != nullptr && mqtt::type_of(came->packet) == type;
}

}  // namespace

client::client(context& test, std::string name, mqtt::protocol_version version,
               const net::endpoint& where)
    : test_(test), name_(std::move(name)), version_(version) {
  if (test_.over()) return;
  arena& field = test_.where();
  script::peer_options options;
  options.name = name_;
  options.version = version_;
  options.dial = {.timeout = test_.allowed(test_.answer_limit()), .tls = field.tls};
  options.observer = &test_.watch().watch(name_, version_);
  peer_ = std::make_unique<script::peer>(field.network, where, options);
}

void client::diverge(stake at, std::string_view expected, const arrival& observed) {
  if (test_.over()) return;
  divergence how{.client = name_,
                 .expected = std::string(expected),
                 .observed = script::to_text(observed, version_),
                 .signature = std::string(expected) + " -> " + kind_of(observed)};
  if (at == stake::setup) {
    test_.block(std::move(how));
  } else {
    test_.fail(std::move(how));
  }
}

arrival client::next(duration within) {
  if (!inbox_.empty()) {
    arrival first = std::move(inbox_.front());
    inbox_.pop_front();
    return first;
  }
  if (!peer_ || test_.over()) return script::arrived_nothing{};
  return peer_->next(test_.allowed(within));
}

std::optional<mqtt::packet> client::await(stake at, mqtt::packet_type type,
                                          std::string_view expected, const packet_check& is_meant,
                                          const packet_check& holds) {
  const auto is_wanted = [&](const arrival& what) {
    return is_type(what, type) &&
           (!is_meant || is_meant(std::get<script::arrived_packet>(what).packet));
  };
  const auto judge = [&](arrival what) -> std::optional<mqtt::packet> {
    auto& came = std::get<script::arrived_packet>(what);
    if (holds && !holds(came.packet)) {
      diverge(at, expected, what);
      return std::nullopt;
    }
    return std::move(came.packet);
  };

  if (test_.over()) return std::nullopt;
  if (const auto waiting = std::ranges::find_if(inbox_, is_wanted); waiting != inbox_.end()) {
    arrival found = std::move(*waiting);
    inbox_.erase(waiting);
    return judge(std::move(found));
  }
  const time_point deadline = peer_->loop().now() + test_.answer_limit();
  for (;;) {
    const bool may_acknowledge = type == mqtt::packet_type::publish && !owed_.empty();
    const duration left = std::max(deadline - peer_->loop().now(), duration{});
    const duration patience = may_acknowledge ? std::min(left, test_.close_time()) : left;
    arrival what = peer_->next(test_.allowed(patience));
    if (test_.over()) return std::nullopt;
    if (std::holds_alternative<script::arrived_nothing>(what) && may_acknowledge &&
        patience < left) {
      acknowledge_oldest();
      continue;
    }
    note_owed(what);
    if (is_wanted(what)) return judge(std::move(what));
    const bool is_other_packet = std::holds_alternative<script::arrived_packet>(what) &&
                                 !is_type(what, mqtt::packet_type::disconnect);
    if (!is_other_packet) {
      diverge(at, expected, what);
      return std::nullopt;
    }
    inbox_.push_back(std::move(what));
  }
}

void client::note_owed(const arrival& came) {
  const auto* const message = script::packet_of<mqtt::publish>(came);
  if (message == nullptr || message->qos == mqtt::qos::at_most_once) return;
  settled_.erase(message->packet_identifier);
  owed_.push_back(*message);
}

void client::note_acknowledged(std::uint16_t packet_identifier) {
  std::erase_if(owed_, [packet_identifier](const mqtt::publish& each) {
    return each.packet_identifier == packet_identifier;
  });
}

void client::acknowledge_oldest() {
  const mqtt::publish oldest = owed_.front();
  complete_delivery(stake::setup, oldest);
  settled_.insert(oldest.packet_identifier);
}

void client::send(const mqtt::packet& packet) {
  if (const auto* const answer = std::get_if<mqtt::puback>(&packet)) {
    note_acknowledged(answer->packet_identifier);
  } else if (const auto* const receipt = std::get_if<mqtt::pubrec>(&packet)) {
    note_acknowledged(receipt->packet_identifier);
  }
  if (!test_.over()) peer_->send(packet);
}

void client::send_bytes(byte_view bytes) {
  const unsigned type = bytes.empty() ? 0 : bytes.front() >> 4U;
  const bool acknowledges = type == static_cast<unsigned>(mqtt::packet_type::puback) ||
                            type == static_cast<unsigned>(mqtt::packet_type::pubrec);
  if (acknowledges && bytes.size() >= 4) {
    note_acknowledged(static_cast<std::uint16_t>((bytes[2] << 8U) | bytes[3]));
  }
  if (!test_.over()) peer_->send_bytes(bytes);
}

std::uint16_t client::next_packet_identifier() {
  return peer_ ? peer_->next_packet_identifier() : std::uint16_t{1};
}

void client::drop() {
  if (peer_) peer_->close();
}

void client::drop_with_reset() {
  if (peer_) peer_->abort();
}

}  // namespace gauntlet::conformance
