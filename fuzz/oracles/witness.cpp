#include "fuzz/oracles/witness.hpp"

#include <charconv>
#include <string_view>

namespace gauntlet::fuzz {
namespace {

constexpr std::chrono::milliseconds wait{2000};
constexpr std::uint16_t any_identifier = 1;
constexpr std::string_view kept_value = "still here";

suspicion disturbed(std::string sentence, std::string signature) {
  return {record::finding_kind::disturbance, std::move(sentence), std::move(signature), "", ""};
}

byte_buffer bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

}  // namespace

bool witness::connect(bool clean_session) {
  return client_.connect(where_, name_, clean_session, wait);
}

bool witness::publish(const std::string& topic, const std::string& text, bool retain) {
  const mqtt::publish message{.dup = false,
                              .qos = mqtt::qos::at_least_once,
                              .retain = retain,
                              .topic_name = topic,
                              .packet_identifier = any_identifier,
                              .properties = {},
                              .payload = bytes_of(text)};
  return client_.send(message);
}

bool witness::settle() {
  is_settled_ = false;
  name_ = "w" + unguessable_name(draws_);
  if (!connect(true)) return false;
  client_.disconnect();
  if (!connect(false)) return false;
  mqtt::subscription wanted{.topic_filter = name_ + "/stream", .options = {}};
  wanted.options.maximum_qos = mqtt::qos::at_least_once;
  client_.send(mqtt::subscribe{any_identifier, {wanted}, {}});
  if (!client_.next_of<mqtt::suback>(wait)) return false;
  publish(name_ + "/kept", std::string(kept_value), true);
  if (!client_.next_of<mqtt::puback>(wait)) return false;
  is_settled_ = true;
  const bool works = !check_stream().has_value();
  is_settled_ = works;
  return works;
}

std::optional<std::string> witness::next_message(std::chrono::milliseconds limit) {
  const auto message = client_.next_of<mqtt::publish>(limit);
  if (!message) return std::nullopt;
  if (message->qos == mqtt::qos::at_least_once) {
    client_.send(mqtt::puback{message->packet_identifier, mqtt::reason_code::success, {}});
  }
  return std::string(message->payload.begin(), message->payload.end());
}

bool witness::is_earlier(const std::string& text) const {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  return read.ec == std::errc() && read.ptr == end && number > 0 && number < sent_;
}

std::optional<suspicion> witness::check_stream() {
  if (!is_settled_) return std::nullopt;
  const std::string text = std::to_string(++sent_);
  if (!publish(name_ + "/stream", text, false)) {
    return disturbed("the connection of a client that took no part was ended",
                     "witness connection ended");
  }
  auto heard = next_message(wait);
  // What a session redelivers after a connection's end comes first; it may come again.
  while (heard && is_earlier(*heard)) heard = next_message(wait);
  if (!heard) {
    if (!client_.is_connected()) {
      return disturbed("the connection of a client that took no part was ended",
                       "witness connection ended");
    }
    return disturbed("a QoS 1 message of a client that took no part did not come back to it",
                     "witness message lost");
  }
  if (*heard != text) {
    return disturbed("a client that took no part received a message that nobody sent to it",
                     "witness message wrong");
  }
  return std::nullopt;
}

std::optional<suspicion> witness::check_state() {
  if (!is_settled_) return std::nullopt;
  client_.reset();
  if (!connect(false)) return std::nullopt;  // whether newcomers are let in is another oracle's
  if (!client_.session_present()) {
    return disturbed("the session of a client that took no part is gone", "witness session lost");
  }
  if (auto found = check_stream()) return found;
  steady_client newcomer;
  if (!newcomer.connect(where_, unguessable_name(draws_), true, wait)) return std::nullopt;
  newcomer.send(mqtt::subscribe{any_identifier, {{name_ + "/kept", {}}}, {}});
  const auto kept = newcomer.next_of<mqtt::publish>(wait);
  newcomer.reset();
  const bool is_right =
      kept && std::string_view(reinterpret_cast<const char*>(kept->payload.data()),
                               kept->payload.size()) == kept_value;
  if (is_right) return std::nullopt;
  return disturbed(kept ? "the retained message of a client that took no part has changed"
                        : "the retained message of a client that took no part is gone",
                   "witness retained message");
}

}  // namespace gauntlet::fuzz
