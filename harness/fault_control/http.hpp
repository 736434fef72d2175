#pragma once

// As much of HTTP/1.1 as a control interface needs, without I/O: a request with a body of known
// length, an answer that ends with the connection.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "harness/base/bytes.hpp"

namespace gauntlet::fault_control {

struct http_request {
  std::string method;  ///< "GET"
  std::string path;    ///< "/faults/lost-puback", without a query
  std::string user_agent;
  std::string body;
};

struct http_answer {
  int status = 200;
  std::string body;  ///< JSON; empty: none
};

/// Collects one message from bytes that come in pieces.
class http_reader {
 public:
  /// The longest head and body, in bytes; more is an error.
  static constexpr std::size_t head_bytes_max = 16 * 1024;
  static constexpr std::size_t body_bytes_max = 1024 * 1024;

  enum class state { unfinished, complete, malformed };

  /// Takes more bytes; what is behind a complete message is ignored.
  state take(byte_view bytes);
  /// The other end has closed: an answer without a length ends there.
  state take_end();

  /// Of a complete message that was a request; empty if its first line is none.
  std::optional<http_request> request() const;
  /// Of a complete message that was an answer.
  std::optional<http_answer> answer() const;

 private:
  state look();
  std::string_view first_line() const;
  std::string_view header(std::string_view name) const;

  std::string text_;
  std::size_t head_size_ = 0;  // with its empty line; 0: not complete yet
  std::optional<std::size_t> body_size_;
};

/// As on the wire.
std::string to_text(const http_request& request, std::string_view host);
std::string to_text(const http_answer& answer);

}  // namespace gauntlet::fault_control
