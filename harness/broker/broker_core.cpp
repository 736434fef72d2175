#include "harness/broker/broker_core.hpp"

#include "harness/broker/address_limit.hpp"
#include "harness/broker/delivery_outbound.hpp"
#include "harness/broker/disconnect.hpp"
#include "harness/broker/dispatch.hpp"
#include "harness/broker/keep_alive.hpp"
#include "harness/broker/output.hpp"
#include "harness/broker/persistence.hpp"
#include "harness/broker/recovery.hpp"
#include "harness/broker/redirection.hpp"
#include "harness/broker/session_life.hpp"
#include "harness/broker/state.hpp"
#include "harness/broker/sys_topics.hpp"
#include "harness/broker/tolerated_input.hpp"
#include "harness/broker/wills.hpp"

namespace gauntlet::broker {
namespace {

void handle_due(broker_state& broker, const deadline& due) {
  switch (due.kind()) {
    case deadline_kind::connect_timeout:
      handle_connect_timeout(broker, *static_cast<connection*>(due.owner()));
      break;
    case deadline_kind::keep_alive:
      handle_keep_alive_due(broker, *static_cast<connection*>(due.owner()));
      break;
    case deadline_kind::connect_time:
      handle_connect_time_over(broker, *static_cast<connection*>(due.owner()));
      break;
    case deadline_kind::session_expiry:
      if (!broker.defects.strikes(defect::keep_session_after_expiry)) {
        ++broker.statistics.sessions_expired;
        end_session(broker, *static_cast<session*>(due.owner()));
      }
      break;
    case deadline_kind::will_delay:
      publish_will(broker, *static_cast<session*>(due.owner()));
      break;
    case deadline_kind::sys_topics:
      publish_sys_topics(broker);
      break;
    case deadline_kind::held_delivery:
      release_held_delivery(broker, *static_cast<session*>(due.owner()));
      break;
  }
}

// What was collected must not go out, for it may acknowledge what is not stored.
void cut_all_connections(broker_state& broker) {
  std::vector<connection*> connected;
  broker.sessions.visit([&](session& each) {
    if (each.attached != nullptr) connected.push_back(each.attached);
  });
  for (connection* each : connected) close_connection(broker, *each);
}

// The last line of a log: what the broker has seen.
void log_statistics(const broker_state& broker, const statistics& seen) {
  const auto sum = [](const auto& by_qos) { return by_qos[0] + by_qos[1] + by_qos[2]; };
  broker.log(log_level::info,
             "stop accepted={} clients={} connections={} sessions={} subscriptions={} retained={} "
             "received={} sent={} dropped={}",
             seen.connections_accepted, seen.clients_connected, seen.connections, seen.sessions,
             seen.subscriptions, seen.retained_messages, sum(seen.messages_received),
             sum(seen.messages_sent), seen.messages_dropped);
}

}  // namespace

broker_core::broker_core(options chosen)
    : state_(std::make_unique<broker_state>(std::move(chosen))) {}

broker_core::~broker_core() = default;

outcome<void> broker_core::recover(durable_store& from, time_point now, wall_time wall_now) {
  state_->now = now;
  state_->wall_offset = wall_now.time_since_epoch() - now.time_since_epoch();
  if (auto read = recover_state(*state_, from); !read) return read.error();
  time_passed(now);
  return from.commit();
}

const std::optional<failure>& broker_core::storage_failure() const {
  return state_->storage_failure;
}

std::unique_ptr<connection> broker_core::open(carrier& carried_by, time_point now) {
  broker_state& broker = *state_;
  broker.now = now;
  if (broker.storage_failure) return nullptr;
  if (broker.statistics.connections >= broker.options.limits.connections_max) {
    broker.log(log_level::warning, "refuse peer={} why={}", carried_by.peer_name(),
               "too many connections");
    return nullptr;
  }
  const bool any_size = broker.defects.strikes(defect::accept_packet_above_maximum_packet_size);
  auto opened = std::make_unique<connection>(
      carried_by,
      any_size ? mqtt::packet_size_limit : broker.options.capabilities.maximum_packet_size);
  if (!count_address(broker, *opened)) {
    broker.log(log_level::warning, "refuse peer={} why={}", carried_by.peer_name(),
               "too many connections from this address");
    return nullptr;
  }
  if (broker.statistics.connections_accepted == 0) broker.started = now;
  ++broker.statistics.connections;
  ++broker.statistics.connections_accepted;
  opened->last_received = now;
  start_connect_timeout(broker, *opened);
  return opened;
}

void broker_core::received(connection& from, byte_view bytes, time_point now) {
  broker_state& broker = *state_;
  broker.now = now;
  broker.statistics.bytes_received += bytes.size();
  while (from.phase != connection_phase::closed) {
    const auto packet = from.reader.next(bytes);
    if (!packet.has_value()) {
      if (tolerate_lost_framing(broker, packet.error())) return;
      // Before CONNECT the version is unknown, and so is how to answer.
      if (from.phase == connection_phase::awaiting_connect) {
        broker.log(log_level::warning, "refuse peer={} why={}", from.link->peer_name(),
                   mqtt::describe(packet.error()));
        close_connection(broker, from);
      } else {
        refuse(broker, from, packet.error().reason_code, mqtt::describe(packet.error()));
      }
      return;
    }
    if (packet->empty()) {
      if (from.reader.pending() > 0 && broker.defects.strikes(defect::drop_packet_in_pieces)) {
        from.reader = mqtt::frame_reader(from.reader.packet_size_max());
        from.reader.set_version(from.version);
      }
      return;
    }
    from.last_received = now;
    ++broker.statistics.packets_received;
    if (refuse_large_packet(broker, from, packet->size())) return;
    const bool connecting = from.phase == connection_phase::awaiting_connect;
    handle_packet(broker, from, *packet);
    // What follows a CONNECT at once is as good as what waits for CONNACK (§3.1.4).
    if (connecting && !bytes.empty() && from.phase == connection_phase::connected &&
        broker.defects.strikes(defect::refuse_packets_sent_with_connect)) {
      refuse(broker, from, mqtt::reason_code::protocol_error, "packets before CONNACK");
    }
    if (broker.defects.strikes(defect::drop_further_packets_of_segment)) return;
  }
}

void broker_core::drained(connection& to, time_point now) {
  broker_state& broker = *state_;
  broker.now = now;
  to.backlog_bytes = 0;
  if (to.phase == connection_phase::closed) return;
  if (to.reading_paused) {
    to.reading_paused = false;
    to.link->resume_reading();
  }
  if (to.bound != nullptr) pump(broker, *to.bound);
}

void broker_core::ended(connection& gone, std::string_view how, time_point now) {
  state_->now = now;
  connection_lost(*state_, gone, how);
}

bool broker_core::has_output() const { return !state_->with_output.empty(); }

void broker_core::flush() {
  broker_state& broker = *state_;
  // One commit serves all that has gathered. Pumping then adds connections at the end.
  for (std::size_t first = 0, end = 0; first < broker.with_output.size(); first = end) {
    end = broker.with_output.size();
    for (std::size_t i = first; i < end; ++i) {
      connection& to = *broker.with_output[i];
      if (to.phase != connection_phase::closed) flush_connection(broker, to);
    }
    for (std::size_t i = first; i < end; ++i) {
      connection& to = *broker.with_output[i];
      if (to.bound != nullptr) pump(broker, *to.bound);
    }
  }
  if (!commit_changes(broker)) cut_all_connections(broker);
  broker.with_output.clear();
}

std::optional<time_point> broker_core::next_due() const { return state_->deadlines.next_due(); }

void broker_core::time_passed(time_point now) {
  state_->now = now;
  while (const deadline* due = state_->deadlines.take_due(now)) handle_due(*state_, *due);
}

void broker_core::shut_down(time_point now) {
  broker_state& broker = *state_;
  broker.now = now;
  if (broker.logs(log_level::info)) log_statistics(broker, statistics());
  std::vector<connection*> connected;
  broker.sessions.visit([&](session& each) {
    if (each.attached != nullptr) connected.push_back(each.attached);
  });
  for (connection* each : connected) {
    if (redirect(broker, *each, redirection_time::at_shutdown)) continue;
    refuse(broker, *each, mqtt::reason_code::server_shutting_down, "shutting down");
  }
}

statistics broker_core::statistics() const { return current_statistics(*state_); }

}  // namespace gauntlet::broker
