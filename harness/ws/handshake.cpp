#include "harness/ws/handshake.hpp"

#include <algorithm>
#include <optional>

#include "harness/base/base64.hpp"
#include "harness/ws/http_head.hpp"

namespace gauntlet::ws {
namespace {

constexpr std::string_view bad_request = "400 Bad Request";

/// Whether `key` is the base64 form of 16 bytes: 22 letters and two signs of padding. Bits of the
/// last letter that mean nothing are not looked at: peers draw keys letter by letter.
bool is_key(std::string_view key) {
  return key.size() == 24 && key.ends_with("==") &&
         key.substr(0, 22).find_first_not_of(base64_letters) == std::string_view::npos;
}

/// The peer's words within a message of ours: one line, of bearable length, printable.
std::string quoted(std::string_view text) {
  constexpr std::size_t shown_max = 80;
  std::string shown(text.substr(0, shown_max));
  std::ranges::replace_if(
      shown, [](char c) { return c < ' ' || c > '~'; }, '?');
  return "\"" + shown + (text.size() > shown_max ? "...\"" : "\"");
}

/// The client's choice of subprotocol that we can serve, "mqtt" before its older name.
std::optional<std::string_view> choose_subprotocol(std::string_view offered) {
  const auto names = split_list(offered);
  for (const std::string_view served : {mqtt_subprotocol, std::string_view("mqttv3.1")}) {
    if (std::ranges::find(names, served) != names.end()) return served;
  }
  return std::nullopt;
}

struct request_line {
  std::string_view method, target, version;
};

std::optional<request_line> parse_request_line(std::string_view line) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return std::nullopt;
  return request_line{.method = line.substr(0, first),
                      .target = line.substr(first + 1, last - first - 1),
                      .version = line.substr(last + 1)};
}

/// What is wrong with the request as such, whatever it asks for (RFC 6455 §4.2.1).
std::optional<refused_upgrade> check_request_fields(const http_head& head) {
  if (!head.find("Host")) return refuse(bad_request, "field Host is missing");
  if (!head.lists("Upgrade", "websocket")) {
    return refuse("426 Upgrade Required", "field Upgrade does not ask for websocket");
  }
  if (!head.lists("Connection", "Upgrade")) {
    return refuse(bad_request, "field Connection does not say Upgrade");
  }
  if (head.find("Sec-WebSocket-Version") != "13") {
    return refuse("426 Upgrade Required", "field Sec-WebSocket-Version is not 13");
  }
  if (!is_key(head.find("Sec-WebSocket-Key").value_or(""))) {
    return refuse(bad_request, "field Sec-WebSocket-Key is not 16 bytes in base64");
  }
  return std::nullopt;
}

}  // namespace

std::string make_key(const std::array<std::uint8_t, 16>& drawn) { return to_base64(drawn); }

std::string accept_for(std::string_view key, sha1_function sha1) {
  const std::string salted = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  return to_base64(sha1(as_bytes(salted)));
}

std::string to_http(const upgrade_request& request) {
  std::string text;
  text.append("GET ").append(request.path).append(" HTTP/1.1\r\n");
  text.append("Host: ").append(request.host).append("\r\n");
  text.append("Upgrade: websocket\r\nConnection: Upgrade\r\n");
  text.append("Sec-WebSocket-Key: ").append(request.key).append("\r\n");
  text.append("Sec-WebSocket-Version: 13\r\n");
  text.append("Sec-WebSocket-Protocol: ").append(request.subprotocol).append("\r\n\r\n");
  return text;
}

bool may_begin_response(std::string_view bytes) {
  constexpr std::string_view beginning = "HTTP/1.";
  return bytes.substr(0, beginning.size()) == beginning.substr(0, bytes.size());
}

boost::system::result<void, upgrade_error> check_response(std::string_view head_text,
                                                          std::string_view key,
                                                          sha1_function sha1) {
  const auto fail = [](std::string message) { return upgrade_error{std::move(message)}; };
  const std::optional<http_head> head = parse_head(head_text);
  if (!head) return fail("the answer is not a valid HTTP head");
  const std::string_view line = head->start_line;
  const std::string_view status = line.substr(std::min(line.find(' '), line.size()));
  if (status != " 101" && !status.starts_with(" 101 ")) {
    return fail("the server answered " +
                quoted(status.substr(std::min<std::size_t>(status.size(), 1))));
  }
  if (!head->lists("Upgrade", "websocket")) {
    return fail("field Upgrade of the answer is not websocket");
  }
  if (!head->lists("Connection", "Upgrade")) {
    return fail("field Connection of the answer does not say Upgrade");
  }
  const std::optional<std::string> accept = head->find("Sec-WebSocket-Accept");
  if (!accept) return fail("field Sec-WebSocket-Accept of the answer is missing");
  if (*accept != accept_for(key, sha1)) {
    return fail("field Sec-WebSocket-Accept of the answer does not match the key: " +
                quoted(*accept));
  }
  if (const auto extensions = head->find("Sec-WebSocket-Extensions")) {
    return fail("the server turned on extensions that were not offered: " + quoted(*extensions));
  }
  const std::optional<std::string> subprotocol = head->find("Sec-WebSocket-Protocol");
  if (!subprotocol) return fail("the server did not choose the subprotocol \"mqtt\"");
  if (*subprotocol != mqtt_subprotocol) {
    return fail("the server chose the subprotocol " + quoted(*subprotocol) + ", not \"mqtt\"");
  }
  return {};
}

boost::system::result<granted_upgrade, refused_upgrade> check_request(std::string_view head_text,
                                                                      std::string_view path,
                                                                      sha1_function sha1) {
  const std::optional<http_head> head = parse_head(head_text);
  const auto line = head ? parse_request_line(head->start_line) : std::nullopt;
  if (!line || !line->version.starts_with("HTTP/1.") || line->version == "HTTP/1.0") {
    return refuse(bad_request, "not a valid HTTP/1.1 request");
  }
  if (line->method != "GET") return refuse("405 Method Not Allowed", "method is not GET");
  if (!path.empty() && line->target.substr(0, line->target.find('?')) != path) {
    return refuse("404 Not Found", "nothing is served at " + quoted(line->target));
  }
  if (auto refused = check_request_fields(*head)) return std::move(*refused);
  const std::string offered = head->find("Sec-WebSocket-Protocol").value_or("");
  const auto subprotocol = choose_subprotocol(offered);
  if (!subprotocol) return refuse(bad_request, "subprotocol \"mqtt\" is not offered");

  std::string response = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n";
  response.append("Connection: Upgrade\r\nSec-WebSocket-Accept: ");
  response.append(accept_for(*head->find("Sec-WebSocket-Key"), sha1));
  response.append("\r\nSec-WebSocket-Protocol: ").append(*subprotocol).append("\r\n\r\n");
  return granted_upgrade{.path = std::string(line->target),
                         .subprotocol = std::string(*subprotocol),
                         .response = std::move(response)};
}

refused_upgrade refuse(std::string_view status, std::string message) {
  const std::string body = message + "\n";
  std::string response;
  response.append("HTTP/1.1 ").append(status).append("\r\n");
  // A 426 says what to upgrade to, and in which version (RFC 9110 §15.5.22, RFC 6455 §4.4).
  if (status.starts_with("426")) {
    response.append("Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n");
  }
  if (status.starts_with("405")) response.append("Allow: GET\r\n");
  response.append("Content-Type: text/plain\r\nContent-Length: ");
  response.append(std::to_string(body.size())).append("\r\nConnection: close\r\n\r\n");
  response.append(body);
  return {.message = std::move(message), .response = std::move(response)};
}

}  // namespace gauntlet::ws
