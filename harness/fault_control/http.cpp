#include "harness/fault_control/http.hpp"

#include <algorithm>
#include <charconv>

namespace gauntlet::fault_control {
namespace {

constexpr std::string_view head_end = "\r\n\r\n";

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

template <class Number>
std::optional<Number> number_of(std::string_view text) {
  Number value{};
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string_view reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 204:
      return "No Content";
    case 400:
      return "Bad Request";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    default:
      return "Unknown";
  }
}

}  // namespace

http_reader::state http_reader::take(byte_view bytes) {
  text_ += as_text(bytes);
  return look();
}

http_reader::state http_reader::take_end() {
  if (head_size_ == 0) return state::malformed;
  if (body_size_) return look();
  body_size_ = text_.size() - head_size_;
  return state::complete;
}

http_reader::state http_reader::look() {
  if (head_size_ == 0) {
    const std::size_t end = text_.find(head_end);
    if (end == std::string::npos) {
      return text_.size() > head_bytes_max ? state::malformed : state::unfinished;
    }
    head_size_ = end + head_end.size();
    if (head_size_ > head_bytes_max) return state::malformed;
    const std::string_view length = header("Content-Length");
    if (!length.empty()) {
      body_size_ = number_of<std::size_t>(length);
      if (!body_size_) return state::malformed;
    } else if (!header("Transfer-Encoding").empty()) {
      return state::malformed;  // nobody who controls a proxy sends in chunks
    } else if (!first_line().starts_with("HTTP/")) {
      body_size_ = 0;
    }
  }
  if (text_.size() - head_size_ > body_bytes_max || body_size_.value_or(0) > body_bytes_max) {
    return state::malformed;
  }
  if (!body_size_ || text_.size() - head_size_ < *body_size_) return state::unfinished;
  return state::complete;
}

std::string_view http_reader::first_line() const {
  return std::string_view(text_).substr(0, text_.find("\r\n"));
}

std::string_view http_reader::header(std::string_view name) const {
  std::string_view rest = std::string_view(text_).substr(0, head_size_);
  for (std::size_t end = 0; (end = rest.find("\r\n")) != std::string_view::npos;) {
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 2);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    if (equals_ignoring_case(line.substr(0, colon), name)) return trimmed(line.substr(colon + 1));
  }
  return {};
}

std::optional<http_request> http_reader::request() const {
  const std::string_view line = first_line();
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return std::nullopt;
  if (!line.substr(last + 1).starts_with("HTTP/1.")) return std::nullopt;
  const std::string_view target = line.substr(first + 1, last - first - 1);
  if (!target.starts_with('/')) return std::nullopt;
  return http_request{.method = std::string(line.substr(0, first)),
                      .path = std::string(target.substr(0, target.find('?'))),
                      .user_agent = std::string(header("User-Agent")),
                      .body = text_.substr(head_size_, body_size_.value_or(0))};
}

std::optional<http_answer> http_reader::answer() const {
  const std::string_view line = first_line();
  if (!line.starts_with("HTTP/1.") || line.size() < 12) return std::nullopt;
  const auto status = number_of<int>(line.substr(9, 3));
  if (!status) return std::nullopt;
  return http_answer{.status = *status, .body = text_.substr(head_size_, body_size_.value_or(0))};
}

std::string to_text(const http_request& request, std::string_view host) {
  std::string text = request.method + " " + request.path + " HTTP/1.1\r\nHost: ";
  text += host;
  if (!request.user_agent.empty()) text += "\r\nUser-Agent: " + request.user_agent;
  text += "\r\nContent-Length: " + std::to_string(request.body.size());
  return text + "\r\nConnection: close\r\n\r\n" + request.body;
}

std::string to_text(const http_answer& answer) {
  std::string text = "HTTP/1.1 " + std::to_string(answer.status) + " ";
  text += reason_of(answer.status);
  if (!answer.body.empty()) text += "\r\nContent-Type: application/json";
  text += "\r\nContent-Length: " + std::to_string(answer.body.size());
  return text + "\r\nConnection: close\r\n\r\n" + answer.body;
}

}  // namespace gauntlet::fault_control
