#pragma once

// Retained messages, one a topic (MQTT 5.0 §3.3.1.3). Not part of any session.

#include <cstddef>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "harness/broker/message.hpp"
#include "harness/mqtt/topic.hpp"

namespace gauntlet::broker {

/// A retained message and who published it, for No Local.
struct retained_message {
  message_ref message;
  std::string publisher;
};

/// Topics in order, so that a filter looks only at those that begin as it does.
class retained_store {
 public:
  /// What store() did; false if a limit forbids it, and the older message stays.
  struct outcome_of_store {
    const retained_message* kept = nullptr;
    message_ref replaced;  ///< empty if the topic had none
    explicit operator bool() const { return kept != nullptr; }
  };
  /// Puts the message in place of an older one.
  outcome_of_store store(retained_message added, std::size_t messages_max, std::size_t bytes_max);
  /// Answers the message that was there; empty if there was none.
  message_ref remove(std::string_view topic);
  bool contains(std::string_view topic) const { return messages_.find(topic) != messages_.end(); }

  /// Calls `receive(const retained_message&)` for each message whose topic matches `filter`, in the
  /// order of topics, and drops those that have expired (unless `keep_expired`), each told by
  /// `drop(const message_ref&)`.
  template <class Receive, class Drop>
  void match(std::string_view filter, time_point now, bool keep_expired, Receive&& receive,
             Drop&& drop) {
    const auto visit = [&](map::iterator at) {
      if (!mqtt::matches(filter, at->first)) return std::next(at);
      if (has_expired(*at->second.message, now) && !keep_expired) {
        drop(at->second.message);
        return erase(at);
      }
      receive(std::as_const(at->second));
      return std::next(at);
    };
    const std::size_t wildcard = filter.find_first_of("+#");
    // Without wildcard there is one topic; and "a/#" matches "a", too, which does not start with
    // "a/".
    if (const auto one = messages_.find(without_wildcard(filter, wildcard));
        one != messages_.end()) {
      visit(one);
    }
    if (wildcard == std::string_view::npos) return;
    const std::string_view start = filter.substr(0, wildcard);
    auto at = messages_.lower_bound(start);
    while (at != messages_.end() && at->first.starts_with(start)) at = visit(at);
  }

  /// Calls `receive(const retained_message&)` for each message, for defects.
  template <class Receive>
  void visit(Receive&& receive) const {
    for (const auto& [topic, each] : messages_) receive(each);
  }

  std::size_t size() const { return messages_.size(); }
  std::size_t size_bytes() const { return bytes_; }

 private:
  using map = std::map<std::string, retained_message, std::less<>>;

  static std::string_view without_wildcard(std::string_view filter, std::size_t wildcard);
  map::iterator erase(map::iterator gone);

  map messages_;
  std::size_t bytes_ = 0;
};

}  // namespace gauntlet::broker
