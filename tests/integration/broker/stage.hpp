#pragma once

// Where a scenario is played: a reference broker of its own on all four transports, a foreign
// client that reads and one that writes, and the complaints about what was seen.

#include <chrono>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <boost/json/object.hpp>

#include "harness/broker/embedded.hpp"
#include "harness/mqtt/protocol.hpp"
#include "tests/integration/broker/foreign_program.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/temporary_directory.hpp"

namespace gauntlet::broker {

/// Which client, in which version, over what.
struct client_end {
  client_kind kind = client_kind::paho_python;
  mqtt::protocol_version version = mqtt::protocol_version::v5;
  net::transport transport = net::transport::tcp;

  bool is_v5() const { return version == mqtt::protocol_version::v5; }
  bool is_secure() const {
    return transport == net::transport::tls || transport == net::transport::wss;
  }
  /// Whether it can do one thing after another; mosquitto_pub and mosquitto_sub cannot.
  bool takes_commands() const { return kind != client_kind::mosquitto; }
};
/// "paho_python_v5_wss".
std::string to_string(const client_end& end);

/// A message as sent or seen.
struct message {
  std::string topic;
  std::string payload;
  int qos = 0;
  bool retain = false;
  std::optional<std::string> content_type;
  std::optional<std::string> response_topic;
  std::optional<std::string> correlation_data;
  std::optional<int> message_expiry_interval;  ///< seconds
  std::optional<int> payload_format_indicator;
  std::optional<int> topic_alias;  ///< only when sent
  std::vector<std::pair<std::string, std::string>> user_properties;
  std::vector<int> subscription_identifiers;  ///< only when seen

  bool operator==(const message&) const = default;
};

/// A subscription to ask for; the options after `qos` are of 5.0.
struct subscription_request {
  std::string filter;
  int qos = 0;
  bool no_local = false;
  bool retain_as_published = false;
  int retain_handling = 0;
};

/// How a client connects.
struct connect_request {
  std::string client_id;
  bool clean = true;                ///< Clean Start, or CleanSession of 3.1.1
  int session_expiry_interval = 0;  ///< seconds; 5.0 only
  std::optional<std::string> user_name;
  std::string password;
  std::optional<message> will;
  bool wrong_authority = false;  ///< trusts somebody who did not sign the broker's certificate
};

/// A foreign program with the end that it plays.
struct player {
  foreign_program* program = nullptr;
  client_end end;
};

/// A client of a program, as the stage knows it.
struct stage_client {
  std::string name;
  std::string client_id;
  player by;
  bool online = false;
  std::deque<boost::json::object> events = {};  ///< not yet asked for
};

/// Certificates of one test: of the broker, and of an authority that has nothing to do with it.
struct certificate_set {
  test::temporary_directory folder;
  test::certificate_authority authority{folder, "authority"};
  test::certificate_authority stranger{folder, "stranger"};
  test::identity_files broker = authority.issue("broker");
};

/// Thrown when a scenario cannot go on; what() is the complaint.
class scenario_over : public std::runtime_error {
  using runtime_error::runtime_error;
};

class stage {
 public:
  /// `patience` bounds each single wait.
  stage(const certificate_set& certificates, options broker_options, player reader, player writer,
        std::chrono::milliseconds patience);
  ~stage();
  stage(const stage&) = delete;
  stage& operator=(const stage&) = delete;

  const player reader;
  const player writer;
  bool both_v5() const { return reader.end.is_v5() && writer.end.is_v5(); }

  /// Sends CONNECT and answers with what came of it: the event "connack", "failed" or "closed".
  std::pair<stage_client*, boost::json::object> try_connect(const player& by,
                                                            const connect_request& how);
  /// The same, which must succeed.
  stage_client& connect(const player& by, const connect_request& how);
  /// Subscribes, also to the client's own fence (see expect_messages); answers with the codes.
  std::vector<int> subscribe(stage_client& client, const std::vector<subscription_request>& wanted,
                             std::optional<int> identifier = {});
  std::vector<int> unsubscribe(stage_client& client, const std::string& filter);
  /// Sends the messages, all before the first acknowledgement is awaited.
  void publish(stage_client& client, const std::vector<message>& messages);
  /// Waits for the event as well as for the broker to know.
  void disconnect(stage_client& client);
  /// Starts a program like the player's, to be killed.
  player start_another(const player& like);
  /// Ends it without a word, and waits for the broker to know.
  void kill(player& victim, stage_client& client);

  /// The next event of that name, of which others may come first.
  boost::json::object await(stage_client& client, const std::string& event);
  message await_message(stage_client& client);
  /// What the client got until now: `by` publishes a fence message to it at `fence_qos`, and what
  /// comes before that is the answer. Deliveries of lower QoS may overtake those of a higher one.
  std::vector<message> messages(stage_client& client, stage_client& by, int fence_qos);

  void expect(bool holds, const std::string& otherwise);
  void expect_same(const std::vector<message>& seen, const std::vector<message>& expected,
                   const std::string& of_what);
  void complain(std::string what) { complaints_.push_back(std::move(what)); }
  const std::vector<std::string>& complaints() const { return complaints_; }

 private:
  void start_broker(options broker_options);
  void await_connections();
  boost::json::object base_command(const char* verb, const stage_client& client) const;
  /// Takes one event from the client's program and gives it to whom it concerns.
  bool pump(foreign_program& program, foreign_program::clock::time_point deadline);

  const certificate_set& certificates_;
  std::chrono::milliseconds patience_;
  std::unique_ptr<embedded_broker> broker_;
  std::map<net::transport, std::uint16_t> ports_;
  std::list<stage_client> clients_;
  std::vector<std::unique_ptr<foreign_program>> more_programs_;
  std::vector<std::string> complaints_;
  int fences_ = 0;
};

}  // namespace gauntlet::broker
