#pragma once

// What `--target` accepts, made ready: a URL of a running broker, the name of a profile whose
// broker we start, or "embedded", the reference broker in this process. Above this header nothing
// knows which of the three it is.

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/result.hpp"
#include "harness/broker/options.hpp"
#include "harness/mqtt/protocol.hpp"
#include "harness/net/network.hpp"
#include "harness/target/broker_control.hpp"
#include "harness/target/placement.hpp"
#include "harness/target/process_usage.hpp"
#include "harness/target/profile.hpp"

namespace gauntlet::target {

class managed_broker;

/// Why the target is gone, for people.
struct exit_report {
  bool expected = false;  ///< we stopped or killed it ourselves
  std::string how;        ///< "mosquitto exited with status 1"
  std::string log_tail;   ///< its last lines of output; empty when unknown
};

/// Where a login is asked for, and who may come in.
struct guarded_endpoint {
  net::endpoint where;
  credentials user;
  std::string denied_topic;           ///< forbidden to this user; empty: nothing is
  std::string authentication_method;  ///< that this user may use in MQTT 5.0; empty: none
};

/// What the user asked for.
struct target_options {
  std::string target = "embedded";
  /// Where a managed broker keeps configuration, data and log; made when it is not there.
  std::filesystem::path run_folder;
  /// Further profiles, which win over those built in; empty: none.
  std::filesystem::path profiles_folder;
  /// Win over those of the URL and the profile.
  std::optional<credentials> login;
  net::tls_client_options tls;
  /// How the embedded broker behaves; its defects go to the reference broker as a process too.
  /// Without a log sink, its log goes into the run's folder.
  broker::options embedded;
  /// Whether the reference broker keeps its state in the run's folder, so that it may be killed and
  /// started again; real brokers do as their profiles say.
  bool keep_state = false;
  /// Where a broker that we start lives; none: in the machine's own network.
  std::optional<placement> place;
  /// The broker's folder is a disk of its own, so that it can be full. For profiles, on machines
  /// that allow it; where it is not possible, a fault that fills it says why.
  std::optional<std::uint64_t> disk_bytes;
  /// The version that the readiness probe speaks.
  mqtt::protocol_version probe_version = mqtt::protocol_version::v3_1_1;
  /// What the probe of a URL logs in with; none: the same as clients that name nothing.
  std::optional<credentials> probe_login;
  /// For a broker that we start, its profile's own limit counts when it is longer.
  duration ready_within = std::chrono::seconds(10);
};

/// A broker that has answered a CONNECT. Belongs to the thread of its network's loop. Destroying it
/// stops what open_target() started, the hard way.
class target_handle {
 public:
  virtual ~target_handle() = default;

  /// "mosquitto 2.0.11, started on mqtt://127.0.0.1:10061" and the like.
  virtual std::string description() const = 0;
  /// Product and version, as in "mosquitto 2.0.11"; empty where nobody knows.
  virtual std::string product() const = 0;

  /// Where a client of this version connects. Without a transport, the target's usual one. A
  /// combination that the target does not offer is bad input.
  virtual outcome<net::endpoint> endpoint_for(
      mqtt::protocol_version version,
      std::optional<net::transport> transport = std::nullopt) const = 0;

  /// A further listener that asks for a login, where one is known.
  virtual std::optional<guarded_endpoint> guarded() const { return std::nullopt; }
  /// Whether managed() may be stopped and started again with what it has stored.
  virtual bool is_persistent() const { return false; }

  /// What clients log in with unless told otherwise.
  virtual const std::optional<credentials>& login() const = 0;
  /// The TLS settings, prepared once; null without TLS.
  virtual std::shared_ptr<net::tls_client_context> tls() const = 0;

  /// Calls `on_exit` from the loop when the broker's process ends. URLs and the embedded broker
  /// never report; there, lost connections tell.
  virtual void on_exit(std::function<void(const exit_report&)> on_exit) = 0;
  /// The process's memory and processor time, a reading a second; empty when it is not ours.
  virtual const std::vector<usage_sample>& usage() const = 0;
  /// The broker that we started, to be killed, paused or restarted; null for the others.
  virtual managed_broker* managed() = 0;
  /// What faults of brokers are played on; null: the broker is not ours.
  virtual broker_control* control() { return nullptr; }

  /// Ends what open_target() started, politely, and waits for it. Does nothing the second time.
  virtual void stop() = 0;
};

/// Whether that target can have the defects of `options.embedded`: the embedded broker can, and one
/// that we start if its profile has a defect_argument. Bad input if not.
outcome<void> check_defects(const target_options& options);

/// Resolves `options.target`, starts what has to be started, and waits until a CONNECT gets its
/// CONNACK; runs the network's loop meanwhile. Unknown names and brokers that are not installed are
/// bad input; everything that goes wrong from then on is the environment's failure, with the
/// broker's last log lines if it is ours.
outcome<std::unique_ptr<target_handle>> open_target(const target_options& options,
                                                    net::network& network);

/// The reference broker on the network's own loop, without thread or process: for a memory network
/// under virtual time. The only target that options may name is "embedded".
outcome<std::unique_ptr<target_handle>> open_in_memory(const target_options& options,
                                                       net::network& network);

}  // namespace gauntlet::target
