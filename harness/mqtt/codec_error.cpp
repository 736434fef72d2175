#include "harness/mqtt/codec_error.hpp"

namespace gauntlet::mqtt {

namespace {

std::string with_subject(std::string_view subject, std::string_view says) {
  std::string text(subject);
  if (!text.empty()) text += ": ";
  return text.append(says);
}

std::string cited(protocol_version version, std::string_view section) {
  std::string text = "MQTT ";
  text += version_name(version);
  if (!section.empty()) text.append(" §").append(section);
  return text;
}

}  // namespace

std::string_view error_kind_name(error_kind kind) noexcept {
  return kind == error_kind::malformed_packet ? "Malformed Packet" : "Protocol Error";
}

std::string describe(const decode_error& error) {
  std::string text = "byte " + std::to_string(error.offset) + ": ";
  text += with_subject(error.subject, error.rule);
  text.append(" (").append(error_kind_name(error.kind)).append(", ");
  text += cited(error.version, error.section);
  if (!error.statement.empty()) text.append(", ").append(error.statement);
  return text + ")";
}

std::string describe(const encode_error& error) {
  return with_subject(error.subject, error.rule) + " (" + cited(error.version, error.section) + ")";
}

}  // namespace gauntlet::mqtt
