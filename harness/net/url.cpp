#include "harness/net/url.hpp"

#include <array>
#include <charconv>
#include <utility>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace gauntlet::net {
namespace {

struct scheme_row {
  std::string_view name;
  transport kind;
  std::uint16_t port;
};

constexpr std::array<scheme_row, 6> schemes{{{"mqtt", transport::tcp, 1883},
                                             {"mqtts", transport::tls, 8883},
                                             {"ws", transport::ws, 80},
                                             {"wss", transport::wss, 443},
                                             {"tcp", transport::tcp, 1883},
                                             {"ssl", transport::tls, 8883}}};

bool has_path(transport kind) { return kind == transport::ws || kind == transport::wss; }

std::string shown(std::string_view text) { return "'" + without_password(text) + "'"; }

// From here on a failure holds what follows "the URL '...' " in its sentence.

outcome<scheme_row> read_scheme(std::string_view text) {
  const auto end = text.find("://");
  if (end == std::string_view::npos || end == 0) {
    return bad_input("has no scheme: write mqtt://, mqtts://, ws:// or wss:// before the host");
  }
  std::string name(text.substr(0, end));
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  for (const scheme_row& row : schemes) {
    if (row.name == name) return row;
  }
  return bad_input("has the unknown scheme '" + name + "': use mqtt, mqtts, ws or wss");
}

outcome<std::uint16_t> read_port(const boost::urls::url_view& url, std::uint16_t otherwise,
                                 std::uint16_t smallest) {
  const std::string digits(url.port());
  if (digits.empty()) {
    if (url.has_port()) return bad_input("has a colon but no port after the host");
    return otherwise;
  }
  // Boost.URL's own number has lost the digits that do not fit.
  std::uint16_t port = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (read.ec != std::errc() || port < smallest) {
    return bad_input("has the port " + digits + ": ports run from " + std::to_string(smallest) +
                     " to 65535");
  }
  return port;
}

outcome<std::string> read_path(const boost::urls::url_view& url, transport kind) {
  std::string path(url.encoded_path());
  if (url.has_query()) path += '?' + std::string(url.encoded_query());
  if (url.has_fragment()) return bad_input("has a fragment: write '#' as %23");
  if (has_path(kind)) {
    if (path.empty() || path == "/") return std::string("/mqtt");
    return path.front() == '?' ? "/mqtt" + path : path;
  }
  if (path.empty() || path == "/") return std::string("/mqtt");
  return bad_input("has the path '" + path +
                   "': only ws and wss URLs have one, topics stand elsewhere");
}

outcome<std::string> decoded(boost::urls::pct_string_view encoded, std::string_view what) {
  std::string text = encoded.decode();
  if (text.find('\0') == std::string::npos) return text;
  return bad_input("has a null character in the " + std::string(what) + ", which MQTT forbids");
}

// What is wrong where Boost.URL only says that something is.
std::string diagnose(std::string_view text) {
  for (const char c : text) {
    if (c == ' ' || c == '\t') return "has white space in it; write it as %20";
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f) {
      return "has characters other than plain ASCII; write them percent-encoded";
    }
  }
  const auto begin = text.find("://") + 3;
  const std::string_view authority = text.substr(begin, text.find_first_of("/?#", begin) - begin);
  const std::string_view host = authority.substr(authority.rfind('@') + 1);
  for (auto at = authority.find('%'); at != std::string_view::npos;
       at = authority.find('%', at + 1)) {
    const std::string_view digits = authority.substr(at + 1, 2);
    if (digits.size() < 2 || digits.find_first_not_of("0123456789abcdefABCDEF") != digits.npos) {
      return "has a '%' without two hexadecimal digits; write a plain percent sign as %25";
    }
  }
  if (host.starts_with('[')) return "has no valid IPv6 address between the brackets";
  if (host.find(':') != host.rfind(':')) {
    return "has an IPv6 address without brackets; write it as [" + std::string(host) + "]";
  }
  const auto colon = host.find(':');
  if (colon != host.npos && host.find_first_not_of("0123456789", colon + 1) != host.npos) {
    return "has the port '" + std::string(host.substr(colon + 1)) + "', which is not a number";
  }
  return "is not a URL; special characters in a user name or password must be percent-encoded";
}

outcome<target_url> read(std::string_view text, std::uint16_t smallest_port) {
  const auto scheme = read_scheme(text);
  if (!scheme) return scheme.error();
  const auto parsed = boost::urls::parse_uri(text);
  if (!parsed) return bad_input(diagnose(text));
  const boost::urls::url_view& url = *parsed;
  // Boost 1.81 takes what it cannot read of host and port for a path.
  if (!url.encoded_path().empty() && url.encoded_path().front() != '/') {
    return bad_input(diagnose(text));
  }

  target_url target;
  target.where.transport = scheme->kind;
  target.where.host = url.host_address();
  if (target.where.host.empty()) return bad_input("has no host, such as localhost or 192.0.2.7");
  if (url.host_type() == boost::urls::host_type::ipvfuture) {
    return bad_input("has an address that is neither IPv4 nor IPv6 between the brackets");
  }
  if (url.host_type() == boost::urls::host_type::name &&
      url.encoded_host().find('%') != std::string_view::npos) {
    return bad_input("has a '%' in the host, where nothing is percent-encoded");
  }
  const auto port = read_port(url, scheme->port, smallest_port);
  if (!port) return port.error();
  target.where.port = *port;
  auto path = read_path(url, scheme->kind);
  if (!path) return path.error();
  target.where.path = std::move(*path);

  if (url.has_userinfo() && !url.encoded_user().empty()) {
    auto name = decoded(url.encoded_user(), "user name");
    if (!name) return name.error();
    target.user_name = std::move(*name);
  }
  if (url.has_password()) {
    auto password = decoded(url.encoded_password(), "password");
    if (!password) return password.error();
    target.password = std::move(*password);
  }
  return target;
}

}  // namespace

outcome<target_url> parse_url(std::string_view text) {
  auto url = read(text, 1);
  if (!url) return bad_input("the URL " + shown(text) + " " + url.error().message);
  return std::move(*url);
}

outcome<endpoint> parse_listen_url(std::string_view text) {
  const bool has_scheme = text.find("://") != text.npos;
  const std::string whole = (has_scheme ? "" : "mqtt://") + std::string(text);
  auto url = read(whole, 0);
  if (!url) return bad_input("the URL " + shown(whole) + " " + url.error().message);
  return std::move(url->where);
}

std::string without_password(std::string_view text) {
  const auto scheme_end = text.find("://");
  const auto begin = scheme_end == text.npos ? 0 : scheme_end + 3;
  const auto end = text.find_last_of('@');
  const auto colon = text.find(':', begin);
  if (end == text.npos || colon == text.npos || colon > end) return std::string(text);
  return std::string(text.substr(0, colon)) + std::string(text.substr(end));
}

std::string to_string(const target_url& url) {
  std::string text = to_string(url.where);
  if (url.user_name) text.insert(text.find("://") + 3, *url.user_name + '@');
  return text;
}

}  // namespace gauntlet::net
