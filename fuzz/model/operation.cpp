#include "fuzz/model/operation.hpp"

#include <string_view>

namespace gauntlet::fuzz::model {
namespace {

std::string flag(std::string_view name, bool value) {
  return " " + std::string(name) + (value ? "=1" : "=0");
}

std::string qos_text(mqtt::qos value) {
  return " qos=" + std::to_string(static_cast<unsigned>(value));
}

std::string seconds_text(std::string_view name, std::uint32_t value) {
  return " " + std::string(name) + "=" + std::to_string(value) + "s";
}

struct writer {
  bool is_v5;

  std::string operator()(const connect_operation& what) const {
    std::string text = "CONNECT" + flag("clean_start", what.clean_start);
    if (is_v5) text += seconds_text("session_expiry", what.session_expiry_s);
    if (is_v5 && what.receive_maximum != 0) {
      text += " receive_maximum=" + std::to_string(what.receive_maximum);
    }
    if (what.will) {
      text += ", will" + qos_text(what.will->qos) + flag("retain", what.will->retain);
      if (is_v5 && what.will->delay_s != 0) text += seconds_text("delay", what.will->delay_s);
    }
    return text;
  }
  std::string operator()(const subscribe_operation& what) const {
    std::string text =
        "SUBSCRIBE " + filters().at(what.filter) + qos_text(what.options.maximum_qos);
    if (!is_v5) return text;
    if (what.options.no_local) text += " no_local";
    if (what.options.retain_as_published) text += " retain_as_published";
    if (what.options.retain_handling != mqtt::retain_handling::send_at_subscribe) {
      text +=
          " retain_handling=" + std::to_string(static_cast<unsigned>(what.options.retain_handling));
    }
    if (what.identifier != 0) text += " identifier=" + std::to_string(what.identifier);
    return text;
  }
  std::string operator()(const unsubscribe_operation& what) const {
    return "UNSUBSCRIBE " + filters().at(what.filter);
  }
  std::string operator()(const publish_operation& what) const {
    std::string text = "PUBLISH " + topics().at(what.topic) + qos_text(what.qos);
    if (what.retain) text += " retain";
    if (what.empty) text += " without payload";
    if (is_v5 && what.expiry_s != 0) text += seconds_text("expiry", what.expiry_s);
    if (what.unfinished) text += ", PUBREL withheld";
    return text;
  }
  std::string operator()(const hold_operation& what) const {
    return what.hold ? "acknowledges nothing from now on" : "acknowledges all that it kept";
  }
  std::string operator()(const drop_operation&) const { return "breaks the connection"; }
  std::string operator()(const disconnect_operation& what) const {
    std::string text = is_v5 && what.with_will ? "DISCONNECT with will" : "DISCONNECT";
    if (is_v5 && what.session_expiry_s)
      text += seconds_text("session_expiry", *what.session_expiry_s);
    return text;
  }
  std::string operator()(const wait_operation& what) const {
    return "wait " + std::to_string(what.seconds) + " s";
  }
};

}  // namespace

const std::vector<std::string>& topics() {
  static const std::vector<std::string> all = {"a", "a/b", "a/b/c", "a/d", "b"};
  return all;
}

const std::vector<std::string>& filters() {
  static const std::vector<std::string> all = {"a", "a/b", "a/+", "a/#", "+/b", "b", "w/+", "#"};
  return all;
}

std::string to_text(const operation& step, const sequence_plan& of) {
  if (std::holds_alternative<wait_operation>(step.what))
    return std::visit(writer{false}, step.what);
  const mqtt::protocol_version version = of.clients.at(step.client);
  return "client " + std::to_string(step.client) + " (" + std::string(mqtt::version_name(version)) +
         "): " + std::visit(writer{version == mqtt::protocol_version::v5}, step.what);
}

}  // namespace gauntlet::fuzz::model
