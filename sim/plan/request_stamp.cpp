#include "sim/plan/request_stamp.hpp"

#include <string_view>

namespace gauntlet::sim {
namespace {

constexpr std::string_view in_json = ",\"_r\":\"";
constexpr std::string_view json_end = "\"}";
constexpr std::string_view in_text = " _r=";

void append(byte_buffer& out, std::string_view text) {
  out.insert(out.end(), text.begin(), text.end());
}

void append_digits(const stamp& what, byte_buffer& out) {
  const std::size_t at = out.size();
  out.resize(at + stamp_size_digits);
  write_stamp(std::span(out).subspan(at), {.as = stamp_layout::encoding::hexadecimal}, what);
}

// Digits at the end of `payload`, after `lead`.
std::optional<stamp> digits_after(byte_view payload, std::string_view lead) {
  if (payload.size() < lead.size() + stamp_size_digits) return std::nullopt;
  const byte_view tail = payload.last(lead.size() + stamp_size_digits);
  if (!as_text(tail).starts_with(lead)) return std::nullopt;
  return read_stamp(tail.last(stamp_size_digits));
}

}  // namespace

void append_correlation(const stamp& request, byte_buffer& out) {
  const std::size_t at = out.size();
  out.resize(at + stamp_size_bytes);
  write_stamp(std::span(out).subspan(at), {.as = stamp_layout::encoding::binary}, request);
}

std::optional<stamp> read_correlation(byte_view data) {
  return data.size() == stamp_size_bytes ? read_stamp(data) : std::nullopt;
}

void append_request_stamp(const stamp& request, byte_buffer& payload) {
  if (!payload.empty() && payload.front() == '{' && payload.back() == '}') {
    payload.pop_back();
    append(payload, payload.size() == 1 ? in_json.substr(1) : in_json);
    append_digits(request, payload);
    append(payload, json_end);
  } else {
    append(payload, in_text);
    append_digits(request, payload);
  }
}

std::optional<stamp> read_request_stamp(byte_view payload) {
  if (const auto found = digits_after(payload, in_text)) return found;
  const std::string_view text = as_text(payload);
  if (!text.ends_with(json_end)) return std::nullopt;
  return digits_after(payload.first(payload.size() - json_end.size()), in_json.substr(1));
}

}  // namespace gauntlet::sim
