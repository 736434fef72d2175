#pragma once

// One playing of one sequence; part of the player.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fuzz/model/player.hpp"

namespace gauntlet::fuzz::model {

/// Made for one sequence and used once.
class player::run {
 public:
  run(lane& on, const player_options& options, std::string name_space, const sequence_plan& plan,
      bool with_script, const std::set<rule>& tolerated);

  void play();
  void tidy_up();
  playing result() { return std::move(result_); }

 private:
  /// What a client has got in answer to its own packets.
  struct answers {
    std::optional<mqtt::connack> connack;
    std::optional<mqtt::suback> suback;
    std::optional<mqtt::unsuback> unsuback;
    std::map<std::uint16_t, mqtt::reason_code> puback, pubrec, pubcomp;
    unsigned pings_unanswered = 0;
  };
  struct player_client {
    std::unique_ptr<connection> link;
    std::unique_ptr<connection> former;  ///< taken over, and not ended yet
    answers got;
    std::uint16_t last_identifier = 0;
  };

  void perform(std::uint8_t client, const connect_operation& what);
  void perform(std::uint8_t client, const subscribe_operation& what);
  void perform(std::uint8_t client, const unsubscribe_operation& what);
  void perform(std::uint8_t client, const publish_operation& what);
  void perform(std::uint8_t client, const hold_operation& what);
  void perform(std::uint8_t client, const drop_operation& what);
  void perform(std::uint8_t client, const disconnect_operation& what);
  void perform(std::uint8_t client, const wait_operation& what);

  mqtt::connect connect_packet(std::uint8_t client, const connect_operation& what) const;
  mqtt::publish publish_packet(const message& what, std::uint16_t identifier) const;
  void exchange(std::uint8_t client, const mqtt::publish& packet, std::uint32_t number,
                bool withhold);
  void resume_unfinished(std::uint8_t client);
  bool open_link(std::uint8_t client);

  void take(std::uint8_t client, const mqtt::packet& packet);
  void take_publish(std::uint8_t client, const mqtt::publish& packet);
  void send(std::uint8_t client, const mqtt::packet& packet);
  bool is_connected(std::uint8_t client) const;
  std::uint16_t next_identifier(std::uint8_t client);

  /// Until all that was sent has been answered, and what is owed has come.
  void settle();
  void barrier();
  /// Runs the loop until `done`, a violation, or `limit`; answers `done`.
  bool await(const std::function<bool()>& done, duration limit);
  /// The same, and a violation of `missing` when it is in vain.
  bool await_answer(std::uint8_t client, const std::function<bool()>& done, rule missing);
  /// Lets time pass, and no operation fall near a deadline.
  void pass_time(time_point until);
  void report(std::optional<violation> broken);
  void note(std::uint8_t client, char direction, const mqtt::packet& packet);

  lane& lane_;
  event_loop& loop_;
  const player_options& options_;
  const std::string name_space_;
  const sequence_plan& plan_;
  const bool with_script_;
  const std::set<rule>& tolerated_;
  broker_model model_;
  std::vector<player_client> clients_;
  bool judging_ = true;
  std::uint64_t arrivals_ = 0;  ///< packets other than PINGRESP
  playing result_;
};

}  // namespace gauntlet::fuzz::model
