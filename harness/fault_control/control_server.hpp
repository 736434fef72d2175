#pragma once

// The control interface on a port: one request a connection.

#include <cstdint>
#include <memory>

#include "harness/base/result.hpp"
#include "harness/fault_control/control_api.hpp"
#include "harness/net/network.hpp"

namespace gauntlet::fault_control {

/// Belongs to its loop's thread.
class control_server {
 public:
  /// The network must outlive the server. The failure says why it cannot listen.
  static outcome<std::unique_ptr<control_server>> start(net::network& network,
                                                        const net::endpoint& where,
                                                        control_subject about);
  ~control_server();
  control_server(const control_server&) = delete;
  control_server& operator=(const control_server&) = delete;

  std::uint16_t port() const;

 private:
  struct parts;
  explicit control_server(std::unique_ptr<parts> made);
  std::unique_ptr<parts> parts_;
};

/// Sends one request to a running proxy and waits for the answer, at most `timeout`. The failure
/// says why there is none.
outcome<http_answer> ask(net::network& network, const net::endpoint& where,
                         const http_request& request, duration timeout);

}  // namespace gauntlet::fault_control
