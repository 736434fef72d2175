#include "sim/scenario/reaction_checks.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "harness/config/reader.hpp"
#include "harness/mqtt/filter_relation.hpp"
#include "harness/mqtt/topic.hpp"
#include "sim/scenario/sample_device.hpp"

namespace gauntlet::sim {
namespace {

/// The n-th of a list, or the one that stands for a list of one.
const config::node& item(const config::node& from, std::string_view key, std::size_t n) {
  const config::node& all = at(from, key);
  return all.is == config::node::type::sequence && n < all.items.size() ? all.items[n] : all;
}

bool is_subscribed(const device_group& made, const sample_device& device, std::string_view filter) {
  const auto awaits = [&](const publication& each) {
    return each.request && mqtt::covers(each.request->response_topic.expand(device.values), filter);
  };
  const auto wants = [&](const subscription& each) {
    return mqtt::covers(each.filter.expand(device.values), filter);
  };
  return std::any_of(made.subscribe.begin(), made.subscribe.end(), wants) ||
         std::any_of(made.publish.begin(), made.publish.end(), awaits);
}

void check_filter(const device_group& made, const reaction& each, const sample_device& device,
                  const config::node& from, config::diagnostics& wrong) {
  const std::string filter = each.filter.expand(device.values);
  const auto valid = mqtt::validate_topic_filter(filter, mqtt::protocol_version::v3_1_1);
  if (!valid || mqtt::is_shared_subscription(filter)) {
    wrong.add(at(from, "filter"), valid ? "write the filter of the messages, without '$share/'"
                                        : "'" + filter + "' cannot be a topic filter: " +
                                              std::string(mqtt::to_string(valid.error().rule)));
  } else if (!is_subscribed(made, device, filter)) {
    wrong.add(at(from, "filter"), "no subscription of group '" + made.name + "' covers '" + filter +
                                      "', so no such message would come; add it to 'subscribe'");
  }
}

void check_sensors_set(const device_group& made, const reaction& each, const config::node& from,
                       config::diagnostics& wrong) {
  std::vector<std::string> names;
  for (const sensor& known : made.sensors) names.push_back(known.name);
  for (const sensor_change& change : each.set) {
    if (std::find(names.begin(), names.end(), change.sensor) != names.end()) continue;
    wrong.add(at(at(from, "set"), change.sensor),
              "group '" + made.name + "' has no sensor '" + change.sensor + "'" +
                  (names.empty() ? std::string() : config::suggest(change.sensor, names)));
  }
}

std::size_t publication_named(const device_group& made, const std::string& name) {
  const auto named = [&](const publication& what) {
    return !what.triggered && (what.name == name || what.topic.source() == name);
  };
  return static_cast<std::size_t>(std::find_if(made.publish.begin(), made.publish.end(), named) -
                                  made.publish.begin());
}

void check_intervals(const device_group& made, const reaction& each, const config::node& from,
                     config::diagnostics& wrong) {
  for (std::size_t i = 0; i < each.interval.size(); ++i) {
    const std::string& name = each.interval[i].publication;
    if (publication_named(made, name) < made.publish.size()) continue;
    std::vector<std::string> names;
    for (const publication& known : made.publish) {
      names.push_back(known.name.empty() ? known.topic.source() : known.name);
    }
    wrong.add(at(item(from, "interval", i), "publication"),
              "group '" + made.name + "' publishes nothing with the name or topic '" + name + "'" +
                  (names.empty() ? std::string() : config::suggest(name, names)));
  }
}

void check_topic(const text_template& topic, const sample_device& device, const config::node& from,
                 config::diagnostics& wrong) {
  const std::string name = topic.expand(device.values);
  const auto valid = mqtt::validate_topic_name(name);
  if (valid) return;
  wrong.add(at(from, "topic"), "'" + name + "' cannot be a topic name: " +
                                   std::string(mqtt::to_string(valid.error().rule)));
}

void check_answer(const device_group& made, const reaction_publication& answer,
                  const sample_device& device, const config::node& from,
                  config::diagnostics& wrong) {
  if (answer.topic) {
    check_topic(*answer.topic, device, from, wrong);
    const auto* document = std::get_if<document_payload>(&answer.payload);
    if (document != nullptr ? document->as != document_format::json
                            : !std::holds_alternative<text_payload>(answer.payload)) {
      wrong.add(at(from, "payload"),
                "an answer without Correlation Data carries the stamp of its request, for which "
                "only text and json have a place");
    }
  } else if (made.protocol.has(mqtt::protocol_version::v3_1_1)) {
    wrong.add(
        from,
        "devices of this group speak 3.1.1, which has no Response Topic; say as 'topic' where "
        "answers go");
  }
}

// --- loops

/// One reaction of the fleet, and what can set it off.
struct reaction_place {
  std::uint32_t group = 0;
  std::uint32_t number = 0;
};

class loop_finder {
 public:
  explicit loop_finder(const scenario& made) : made_(made) {
    for (std::uint32_t group = 0; group < made.fleet.size(); ++group) {
      for (std::uint32_t i = 0; i < made.fleet[group].on_message.size(); ++i) {
        all_.push_back({group, i});
      }
    }
    marks_.resize(all_.size());
  }

  /// The reactions of a loop in order, or nothing.
  std::vector<reaction_place> find() {
    for (std::size_t i = 0; i < all_.size(); ++i) {
      if (visit(i)) return std::move(path_);
    }
    return {};
  }

 private:
  enum class mark : std::uint8_t { fresh, open, done };

  const reaction& at(std::size_t which) const {
    return made_.fleet[all_[which].group].on_message[all_[which].number];
  }

  bool sets_off(std::size_t one, std::size_t other) const {
    const reaction& from = at(one);
    const text_template& filter = at(other).filter;
    const auto heard = [&](const reaction_publication& what) {
      return what.topic && may_match(filter, *what.topic);
    };
    if (std::any_of(from.publish.begin(), from.publish.end(), heard)) return true;
    if (!from.answer) return false;
    // No device answers an answer (reactions.cpp), but it may publish because of one.
    if (at(other).publish.empty()) return false;
    if (heard(*from.answer)) return true;
    for (const device_group& group : made_.fleet) {
      for (const publication& what : group.publish) {
        if (what.request && may_match(filter, what.request->response_topic)) return true;
      }
    }
    return false;
  }

  bool visit(std::size_t which) {
    if (marks_[which] == mark::done) return false;
    path_.push_back(all_[which]);
    if (marks_[which] == mark::open) {
      // Only what lies between the two visits is the loop.
      const auto same = [&](const reaction_place& each) {
        return each.group == all_[which].group && each.number == all_[which].number;
      };
      path_.erase(path_.begin(), std::find_if(path_.begin(), path_.end(), same));
      return true;
    }
    marks_[which] = mark::open;
    for (std::size_t next = 0; next < all_.size(); ++next) {
      if (sets_off(which, next) && visit(next)) return true;
    }
    marks_[which] = mark::done;
    path_.pop_back();
    return false;
  }

  const scenario& made_;
  std::vector<reaction_place> all_;
  std::vector<mark> marks_;
  std::vector<reaction_place> path_;
};

publication to_publication(const reaction_publication& from, bool answers) {
  publication made;
  if (from.topic) made.topic = *from.topic;
  made.payload = from.payload;
  made.qos = from.qos;
  made.retain = from.retain;
  made.triggered = true;
  made.answers = answers;
  made.where = from.where;
  return made;
}

/// A filter that matches all that the template can become.
std::string loosened(const text_template& text) {
  // A client identifier may hold a '/' itself; nothing else does.
  if (text.uses(placeholder::client_id)) return "#";
  std::string made;
  std::string level;
  bool varies = false;
  for (const char c : text.source() + '/') {
    if (c != '/') {
      varies = varies || c == '{' || c == '}';
      level += c;
      continue;
    }
    made += varies ? "+/" : level + '/';
    varies = false;
    level.clear();
  }
  made.pop_back();
  return made;
}

}  // namespace

bool may_match(const text_template& filter, const text_template& name) {
  return mqtt::overlap(loosened(filter), loosened(name));
}

void check_reactions(const device_group& made, const config::node& from,
                     config::diagnostics& wrong) {
  const sample_device device(made);
  for (std::size_t i = 0; i < made.publish.size(); ++i) {
    if (!made.publish[i].request) continue;
    const config::node& node = at(at(from, "publish").items[i], "request");
    const std::string name = made.publish[i].request->response_topic.expand(device.values);
    if (!mqtt::validate_topic_name(name)) {
      wrong.add(at(node, "response_topic"),
                "'" + name + "' cannot be a topic name, which a response topic is");
    }
  }
  for (std::size_t i = 0; i < made.on_message.size(); ++i) {
    const reaction& each = made.on_message[i];
    const config::node& node = at(from, "on_message").items[i];
    check_filter(made, each, device, node, wrong);
    check_sensors_set(made, each, node, wrong);
    check_intervals(made, each, node, wrong);
    for (std::size_t p = 0; p < each.publish.size(); ++p) {
      check_topic(*each.publish[p].topic, device, item(node, "publish", p), wrong);
    }
    if (each.answer) check_answer(made, *each.answer, device, at(node, "answer"), wrong);
  }
}

void complete_reactions(device_group& made) {
  for (const publication& what : made.publish) {
    if (!what.request) continue;
    made.sends_requests = true;
    const text_template& topic = what.request->response_topic;
    const bool stands =
        std::any_of(made.subscribe.begin(), made.subscribe.end(), [&](const subscription& each) {
          return !each.is_shared && mqtt::covers(each.filter.source(), topic.source());
        });
    if (stands) continue;
    subscription awaited;
    awaited.filter = topic;
    awaited.qos = what.qos;
    awaited.where = what.where;
    made.subscribe.push_back(std::move(awaited));
  }
  for (reaction& each : made.on_message) {
    for (interval_change& change : each.interval) {
      change.index = static_cast<std::uint32_t>(publication_named(made, change.publication));
      made.publish[change.index].recorded = true;
    }
  }
  for (reaction& each : made.on_message) {
    for (reaction_publication& message : each.publish) {
      message.index = static_cast<std::uint32_t>(made.publish.size());
      made.publish.push_back(to_publication(message, false));
    }
    if (!each.answer) continue;
    each.answer->index = static_cast<std::uint32_t>(made.publish.size());
    made.publish.push_back(to_publication(*each.answer, true));
  }
}

void check_reaction_loops(const scenario& made, const config::node& from,
                          config::diagnostics& wrong) {
  const std::vector<reaction_place> loop = loop_finder(made).find();
  if (loop.empty()) return;
  std::string through;
  for (const reaction_place& each : loop) {
    const device_group& group = made.fleet[each.group];
    through += (through.empty() ? "" : " -> ") + group.name + " on '" +
               group.on_message[each.number].filter.source() + "'";
  }
  const config::node& group = from.find("fleet")->items[loop.front().group];
  wrong.add(item(group, "on_message", loop.front().number),
            "these reactions would set each other off for ever: " + through +
                "; let one of them publish to another topic");
}

}  // namespace gauntlet::sim
