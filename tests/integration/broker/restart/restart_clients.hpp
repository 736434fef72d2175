#pragma once

// The clients of a restart test: they have sessions that last, connect again whenever they can, and
// write in the books what they are told.

#include <functional>
#include <memory>
#include <string>

#include "harness/mqtt/client_session.hpp"
#include "harness/net/network.hpp"
#include "tests/integration/broker/restart/restart_books.hpp"

namespace gauntlet::broker {

/// What all clients of a run share.
struct restart_stage {
  net::network& network;
  net::endpoint where;
  restart_books& books;
};

/// A client that stays connected as well as it can.
class restart_client : public net::channel_handler, public mqtt::session_handler {
 public:
  restart_client(restart_stage& stage, std::string client_id, mqtt::protocol_version version);

  void connect();
  /// Leaves, and comes back at connect().
  void stay_away();
  bool is_away() const { return away_; }
  /// Reads no more on this connection: what the broker sends from now on is lost.
  void go_deaf();
  /// Ends the connection of a client that has gone deaf or has given up, unread bytes and all, and
  /// connects again.
  void end_deafness();
  bool is_open() const { return session_.phase() == mqtt::session_phase::open; }
  /// Whether there is nothing to wait for: it is connected, or the broker has said something that
  /// no client accepts, after which it does not talk to this broker process any more.
  bool is_settled() const { return is_open() || gave_up_; }

  void on_open(net::channel&) override;
  void on_bytes(net::channel&, byte_view bytes) override;
  void on_end(net::channel&, const net::channel_end&) override;
  void on_connack(const mqtt::connack& answer) override;
  void on_publish(const mqtt::publish_view&, bool) override {}
  void on_acknowledged(std::uint64_t, mqtt::qos, mqtt::reason_code) override {}
  mqtt::publish_view on_resend(std::uint64_t, std::uint16_t) override { return {}; }
  void on_discarded(std::uint64_t, mqtt::qos, bool) override {}

 protected:
  /// What CONNECT asks for.
  virtual mqtt::connect request() const;
  /// Something has come, and been answered: sends what else there is to say.
  virtual void go_on() {}

  bool has_given_up() const { return gave_up_; }
  /// Hands over what `out_` has gathered.
  void send();

  restart_stage& stage_;
  mqtt::client_session session_;
  byte_buffer out_;

 private:
  void come_back();

  const std::string client_id_;
  std::unique_ptr<net::channel> channel_;
  std::unique_ptr<timer> retry_;
  bool away_ = false;
  bool deaf_ = false;
  bool gave_up_ = false;
  bool has_session_ = false;
};

/// Publishes one message after the other, several at a time.
class restart_publisher final : public restart_client {
 public:
  restart_publisher(restart_stage& stage, std::size_t index, mqtt::protocol_version version,
                    mqtt::qos qos);

  /// Begins to publish.
  void start();
  /// Publishes nothing new from now on.
  void stop() { stopped_ = true; }
  bool is_done() const {
    return stopped_ && (has_given_up() || (is_open() && session_.in_flight_count() == 0));
  }

  void on_acknowledged(std::uint64_t tag, mqtt::qos, mqtt::reason_code) override;
  void on_received(std::uint64_t tag, mqtt::reason_code) override;
  mqtt::publish_view on_resend(std::uint64_t tag, std::uint16_t) override;

 private:
  void go_on() override;
  mqtt::publish_view message(std::uint32_t number);

  const std::size_t index_;
  const mqtt::qos qos_;
  std::uint32_t next_ = 0;
  bool stopped_ = true;
  std::string topic_;  // of the message in hand
  std::string payload_;
};

/// Subscribed to everything with one QoS.
class restart_subscriber final : public restart_client {
 public:
  restart_subscriber(restart_stage& stage, std::size_t index, mqtt::protocol_version version,
                     mqtt::qos qos);
  bool is_subscribed() const { return subscribed_; }
  /// Sends PINGREQ, on the next connection if there is none.
  void ask();
  /// Whether PINGRESP has come since.
  bool is_answered() const { return answered_ || has_given_up(); }

  void on_connack(const mqtt::connack& answer) override;
  void on_suback(std::uint64_t, const mqtt::suback&) override { subscribed_ = true; }
  void on_pingresp() override { answered_ = true; }
  void on_publish(const mqtt::publish_view& message, bool duplicate_exactly_once) override;

 private:
  void go_on() override;

  const std::size_t index_;
  const mqtt::qos qos_;
  bool subscribed_ = false;
  bool asked_ = false;
  bool must_ask_ = false;
  bool answered_ = true;
};

/// Comes once, and compares the retained messages that it finds with what was acknowledged.
class restart_inspector final : public restart_client {
 public:
  explicit restart_inspector(restart_stage& stage);
  bool is_done() const { return done_; }

  void on_publish(const mqtt::publish_view& message, bool) override;
  void on_pingresp() override;

 private:
  mqtt::connect request() const override;
  void go_on() override;

  std::map<std::string, std::uint32_t> acknowledged_;
  std::map<std::string, std::uint32_t> found_;
  bool asked_ = false;
  bool done_ = false;
};

}  // namespace gauntlet::broker
