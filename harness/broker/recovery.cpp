#include "harness/broker/recovery.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "harness/broker/persistence.hpp"
#include "harness/broker/routing.hpp"
#include "harness/broker/session_life.hpp"
#include "harness/broker/wills.hpp"
#include "harness/mqtt/topic.hpp"

namespace gauntlet::broker {
namespace {

bool is_qos(std::uint8_t value) { return value <= 2; }

// Puts records into the state. Nothing is told to the store meanwhile.
class loader final : public record_reader {
 public:
  explicit loader(broker_state& into) : broker_(into) {}

  void assigned_identifiers(std::uint64_t count) override { broker_.assigned_identifiers = count; }

  bool read(const message_record& record) override {
    if (record.number == 0 || !is_qos(record.qos) ||
        !mqtt::validate_topic_name(record.topic).has_value()) {
      return false;
    }
    const message_ref message(
        message_view{.topic = record.topic,
                     .payload = record.payload,
                     .properties = record.properties,
                     .qos = static_cast<mqtt::qos>(record.qos),
                     .retain = record.retain,
                     .message_expiry_interval = record.message_expiry_interval_s,
                     .received_at = from_wall_time(broker_, record.received_at)});
    message.durable().number = record.number;
    broker_.durable_messages = std::max(broker_.durable_messages, record.number);
    return messages_.emplace(record.number, message).second;
  }

  bool read(const session_record& record) override {
    if (broker_.sessions.find(record.client_id) != nullptr) return false;
    session& made = broker_.sessions.restore(std::string(record.client_id), record.serial);
    made.durable = true;
    made.session_expiry_interval_s = record.session_expiry_interval_s;
    left_.emplace_back(&made, record.left_at);
    return sessions_.emplace(record.serial, &made).second;
  }

  bool read(const subscription_record& record) override {
    session* const of = find(record.session);
    if (of == nullptr || !is_qos(record.maximum_qos) || record.retain_handling > 2) return false;
    const auto version =
        record.shared ? mqtt::protocol_version::v5 : mqtt::protocol_version::v3_1_1;
    if (!mqtt::validate_topic_filter(record.filter, version).has_value()) return false;
    mqtt::subscription_options options;
    options.maximum_qos = static_cast<mqtt::qos>(record.maximum_qos);
    options.no_local = record.no_local;
    options.retain_as_published = record.retain_as_published;
    options.retain_handling = static_cast<mqtt::retain_handling>(record.retain_handling);
    const subscribed result = broker_.subscriptions.subscribe(*of, record.filter, record.shared,
                                                              options, record.identifier);
    if (record.shared) groups_[std::string(record.filter)] = result.made->group->number;
    return true;
  }

  bool read(const delivery_record& record) override {
    session* const to = find(record.session);
    if (to == nullptr || !is_qos(record.qos) || record.qos == 0 || record.state > 2) return false;
    delivery made;
    made.message = use(record.message);
    if (!made.message) return false;
    if (const auto identifiers = record.subscription_identifiers; !identifiers.empty()) {
      made.identifiers = std::make_unique<const std::vector<std::uint32_t>>(identifiers.begin(),
                                                                            identifiers.end());
    }
    made.durable_number = record.number;
    if (!record.shared_filter.empty()) made.group = group_of(record.shared_filter);
    made.packet_identifier = record.packet_identifier;
    made.qos = static_cast<mqtt::qos>(record.qos);
    made.retain = record.retain;
    made.state = static_cast<delivery_state>(record.state);
    broker_.durable_deliveries = std::max(broker_.durable_deliveries, record.number);
    outbound_state& out = to->outbound;
    if (record.packet_identifier != 0) {
      out.last_identifier = record.packet_identifier;
      out.in_flight.push_back(std::move(made));
    } else {
      out.queued_bytes += made.message.size_bytes();
      out.queued.push_back(std::move(made));
    }
    return true;
  }

  bool read(const inbound_record& record) override {
    session* const of = find(record.session);
    if (of == nullptr || record.packet_identifier == 0) return false;
    of->inbound_qos2.push_back(record.packet_identifier);
    return true;
  }

  bool read(const will_record& record) override {
    message_ref will = use(record.message);
    if (!will) return false;
    session* const of = find(record.session);
    if (of == nullptr) {
      orphaned_wills_.emplace_back(record.session, std::move(will));
      return true;
    }
    of->will = std::move(will);
    of->will_delay_interval_s = record.will_delay_interval_s;
    if (record.due) {
      broker_.deadlines.arm(of->will_delay, deadline_kind::will_delay,
                            from_wall_time(broker_, *record.due));
    }
    return true;
  }

  bool read(const retained_record& record) override {
    message_ref message = use(record.message);
    if (!message || message->topic != record.topic) return false;
    retained_topics_.emplace_back(record.topic);
    // Not dropped for a limit that was higher when it was stored.
    return static_cast<bool>(broker_.retained.store(
        retained_message{std::move(message), std::string(record.publisher)}, SIZE_MAX, SIZE_MAX));
  }

  /// Once all is read and the store is told of changes again.
  void finish() {
    drop_unused_messages();
    for (const auto& [left, when] : left_) {
      if (!forget_by_defect(*left)) resume_waiting(*left, when);
    }
    if (broker_.defects.strikes(defect::forget_retained_at_restart)) forget_all_retained();
    for (auto& [serial, will] : orphaned_wills_) publish_orphan(serial, will);
  }

 private:
  session* find(std::uint64_t serial) {
    const auto found = sessions_.find(serial);
    return found == sessions_.end() ? nullptr : found->second;
  }

  // 0 if nobody has this shared subscription any more.
  std::uint32_t group_of(std::string_view shared_filter) const {
    const auto found = groups_.find(shared_filter);
    return found == groups_.end() ? 0 : found->second;
  }

  // Empty if there is no such message.
  message_ref use(std::uint64_t number) {
    const auto found = messages_.find(number);
    if (found == messages_.end()) return {};
    ++found->second.durable().records;
    return found->second;
  }

  void drop_unused_messages() {
    for (const auto& [number, message] : messages_) {
      if (message.durable().records == 0) broker_.store->erase_message(number);
    }
    messages_.clear();
  }

  // Answers true if the whole session is gone.
  bool forget_by_defect(session& of) {
    if (broker_.defects.strikes(defect::forget_inbound_identifiers_at_restart)) {
      for (const auto each : of.inbound_qos2) forget_inbound_qos2(broker_, of, each);
      of.inbound_qos2.clear();
    }
    if (broker_.defects.strikes(defect::forget_deliveries_at_restart)) {
      forget_deliveries(broker_, of);
      of.outbound = {};
    }
    if (!broker_.defects.strikes(defect::forget_session_at_restart)) return false;
    end_session(broker_, of);
    return true;
  }

  void forget_all_retained() {
    for (const std::string& topic : retained_topics_) {
      forget_retained(broker_, broker_.retained.remove(topic));
    }
  }

  // The session's clocks go on: that of its expiry, and that of its will's delay. A connection that
  // the end of the broker cut counts as ended now: when it was, nobody has noted.
  void resume_waiting(session& left, std::optional<wall_time> when) {
    if (!when) {
      persist_session(broker_, left);
      if (!left.will_delay.armed()) start_will(broker_, left);
    }
    if (left.session_expiry_interval_s == never_expires) return;
    const time_point since = when ? from_wall_time(broker_, *when) : broker_.now;
    broker_.deadlines.arm(left.expiry, deadline_kind::session_expiry,
                          since + std::chrono::seconds(left.session_expiry_interval_s));
  }

  // The session ended with the broker's last run, and with that its will is due (§3.1.3.2.2).
  void publish_orphan(std::uint64_t serial, message_ref& will) {
    session bearer({}, serial);
    bearer.will = std::move(will);
    publish_will(broker_, bearer);
  }

  broker_state& broker_;
  std::unordered_map<std::uint64_t, message_ref> messages_;
  std::unordered_map<std::uint64_t, session*> sessions_;
  std::vector<std::pair<session*, std::optional<wall_time>>> left_;
  std::vector<std::pair<std::uint64_t, message_ref>> orphaned_wills_;
  std::vector<std::string> retained_topics_;
  std::map<std::string, std::uint32_t, std::less<>> groups_;  ///< numbers by filter
};

}  // namespace

outcome<void> recover_state(broker_state& broker, durable_store& from) {
  loader into(broker);
  if (auto read = from.read_all(into); !read) return read.error();
  broker.store = &from;
  into.finish();
  return {};
}

}  // namespace gauntlet::broker
