#pragma once

// One worker: a shard of the fleet on one event loop. It brings its devices up, keeps them
// connected, lets them publish and receive, and takes them down. No locks, no threads; a process
// has one.
//
//   absent -> queued -> connecting -> subscribing -> active
//              ^  ^         |              |           |
//              |  +---- retrying <---------+-----------+   (refused, lost)
//              +--------- away <-----------+-----------+   (left as planned)

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "harness/net/network.hpp"
#include "harness/net/timer_wheel.hpp"
#include "sim/engine/abandoned_connections.hpp"
#include "sim/engine/connect_window.hpp"
#include "sim/engine/device.hpp"
#include "sim/engine/device_life.hpp"
#include "sim/engine/edge_hosts.hpp"
#include "sim/engine/publisher.hpp"
#include "sim/engine/reactions.hpp"
#include "sim/engine/receiver.hpp"
#include "sim/engine/requests.hpp"
#include "sim/engine/slow_readers.hpp"
#include "sim/engine/will_watch.hpp"
#include "sim/engine/worker_books.hpp"
#include "sim/engine/worker_faults.hpp"
#include "sim/plan/fleet_part.hpp"
#include "sim/plan/fleet_plan.hpp"

namespace gauntlet::sim {

/// Which devices a worker has: of those of this host's part, taken in order, the one at `index` and
/// every `count`th after it.
struct shard {
  std::uint32_t index = 0;
  std::uint32_t count = 1;
  fleet_part part;
};

/// Where and as whom a worker's devices connect.
struct worker_settings {
  sim::shard shard;
  std::uint32_t run_id = 0;
  net::endpoint target_v3_1_1;
  net::endpoint target_v5;
  std::optional<std::string> user_name;  ///< for devices whose group names none
  std::optional<std::string> password;
  duration connect_timeout = std::chrono::seconds(10);
  std::shared_ptr<net::tls_client_context> tls;
  /// Local addresses to connect from, in turn; empty: the system's choice.
  std::vector<std::string> source_addresses;
  time_point run_start{};
  /// Measure loop lag, processor time and memory. Under virtual time they would say nothing of the
  /// run, and make two equal runs differ.
  bool measure_machine = true;
};

/// Runs a shard of the fleet. The plan must outlive it.
class fleet_worker final : private mqtt::session_handler {
 public:
  fleet_worker(const fleet_plan& plan, net::network& network, worker_settings settings);
  ~fleet_worker() override;

  /// Brings the devices up from settings.run_start on, as the plan's arrivals say.
  void start();
  /// Starts to publish: planned times count from `at` on.
  void publish(time_point at);
  /// Ends publishing at once; what is under way goes on.
  void stop_publishing();
  /// Takes all devices down in order and completes the books. The network may still be flushing.
  void finish();

  /// Live figures; those of the machine are up to a second old.
  const worker_progress& progress();
  /// The books; complete after finish().
  worker_books& books() { return books_; }
  /// As worker_faults::on_trigger().
  void on_trigger(std::function<void(std::size_t)> call) {
    if (faults_ != nullptr) faults_->on_trigger(std::move(call));
  }
  /// Null if the scenario has no faults and asks for no proof.
  const worker_faults* faults() const { return faults_.get(); }

 private:
  friend struct device;

  // Events of the devices' channels.
  void on_open(device& who);
  void on_bytes(device& who, byte_view bytes);
  void on_drained(device& who);
  void on_end(device& who, const net::channel_end& end);

  // Events of the session that on_bytes is serving.
  void on_connack(const mqtt::connack& packet) override;
  void on_publish(const mqtt::publish_view& message, bool duplicate_exactly_once) override;
  void on_acknowledged(std::uint64_t tag, mqtt::qos qos, mqtt::reason_code code) override;
  void on_suback(std::uint64_t tag, const mqtt::suback& packet) override;
  void on_disconnect(const mqtt::disconnect& packet) override;
  mqtt::publish_view on_resend(std::uint64_t tag, std::uint16_t identifier) override;
  void on_discarded(std::uint64_t tag, mqtt::qos qos, bool received) override;

  const device_group& group_of(const device& who) const {
    return plan_.described().fleet[who.group];
  }
  time_point now() const { return network_.loop().now(); }
  void on_due(device& who);
  void queue(device& who);
  void connect_queued();
  void connect(device& who);
  mqtt::connect connect_packet(const device& who) const;
  void add_session_properties(const device& who, mqtt::property_list& to) const;
  void set_death(const device& who, mqtt::connect& packet);
  void say_goodbye(device& who);
  void became_active(device& who);
  void settle(device& who);
  void attempt_failed(device& who, std::string_view reason);
  void connection_broken(device& who, std::string_view reason);
  void enter_broken(const device& who, std::string_view reason);
  void drop_connection(device& who);
  void retry_later(device& who);

  // Lives: fleet_worker_life.cpp.
  bool is_visitor(const device& who) const;
  bool is_roaming(const device& who, const device_life& life) const;
  void begin_life(device& who);
  void on_life_due(device& who);
  void arm_strike(device& who, device_life& life);
  void on_strike_due(device& who);
  void begin_leaving(device& who, device_life& life);
  bool leave_if_done(device& who, device_life& life);
  void depart(device& who, device_life& life);
  void end_connection(device& who, departure how, bool roams);
  void give_up_connecting(device& who);
  void come_back(device& who, device_life& life);
  record::recovery_account& recovery_of(const device_life& life);
  void on_recovered(device_life& life);
  bool keeps_session(const device& who) const;
  void judge_session(const device& who, bool session_present, time_point at);
  std::string source_address_of(const device& who, const net::endpoint& where) const;

  bool obey(device& who, const mqtt::publish_view& message);
  void follow_edge_nodes(device& who, const mqtt::publish_view& message);
  void take(device& who, byte_view bytes);
  void take_waiting(device& who);
  void serve(device& who);
  bool keep_alive(device& who, time_point at);
  void plan_next(device& who);
  void send(device& who);
  void on_second();
  void close_interval();
  void on_lag_tick();

  const fleet_plan& plan_;
  std::unique_ptr<worker_faults> faults_;  ///< null: nothing stands between
  net::network& network_;
  worker_settings settings_;
  worker_books books_;
  device_lives lives_;
  publisher publisher_;
  receiver receiver_;
  requests requests_;
  reactions reactions_;
  will_watch wills_;
  edge_hosts hosts_;
  std::deque<device> devices_;
  std::deque<device*> queue_;
  connect_window window_;
  net::timer_wheel wheel_;
  net::timer_wheel life_wheel_;  // by index within lives_
  slow_readers slow_;
  abandoned_connections abandoned_;
  std::unique_ptr<timer> second_timer_;
  std::unique_ptr<timer> lag_timer_;
  time_point next_second_{};
  time_point next_lag_tick_{};
  device* current_ = nullptr;   ///< whose bytes are being served
  std::string pending_reason_;  ///< why current_ must be cut once receive() has returned
  byte_buffer out_;
  bool finished_ = false;
};

}  // namespace gauntlet::sim
