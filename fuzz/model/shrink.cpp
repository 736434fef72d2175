#include "fuzz/model/shrink.hpp"

#include <algorithm>
#include <utility>

namespace gauntlet::fuzz::model {
namespace {

// Adds a plan in which one operation is another.
class plainer_collector {
 public:
  plainer_collector(const sequence_plan& than, std::vector<sequence_plan>& found)
      : than_(than), found_(found) {}

  void collect() {
    for (at_ = 0; at_ < than_.operations.size(); ++at_) {
      std::visit([this](const auto& what) { vary(what); }, than_.operations[at_].what);
    }
  }

 private:
  template <class Operation>
  void add(const Operation& was, Operation now) {
    if (now == was) return;
    sequence_plan next = than_;
    next.operations[at_].what = std::move(now);
    found_.push_back(std::move(next));
  }
  /// The operation with one field set to its plain value.
  template <class Operation, class Field>
  void set(const Operation& was, Field Operation::*field, Field plain) {
    Operation now = was;
    now.*field = std::move(plain);
    add(was, std::move(now));
  }

  void vary(const connect_operation& was) {
    set(was, &connect_operation::will, std::optional<will_plan>{});
    if (was.will) {
      set(was, &connect_operation::will, std::optional<will_plan>(will_plan{}));
      for (const bool retained : {false, true}) {  // one of its fields at a time
        will_plan less = *was.will;
        if (retained)
          less.retain = false;
        else
          less.delay_s = 0;
        set(was, &connect_operation::will, std::optional<will_plan>(less));
      }
    }
    set(was, &connect_operation::receive_maximum, std::uint16_t{0});
    if (was.receive_maximum > 1) set(was, &connect_operation::receive_maximum, std::uint16_t{1});
    set(was, &connect_operation::session_expiry_s, std::uint32_t{0});
    set(was, &connect_operation::clean_start, true);
  }
  void vary(const subscribe_operation& was) {
    set(was, &subscribe_operation::identifier, std::uint32_t{0});
    subscribe_operation now = was;
    now.options = {.maximum_qos = was.options.maximum_qos};
    add(was, now);
    now = was;
    now.options.no_local = false;
    add(was, now);
    now = was;
    now.options.retain_as_published = false;
    add(was, now);
    now = was;
    now.options.retain_handling = mqtt::retain_handling::send_at_subscribe;
    add(was, now);
    for (unsigned lower = 0; lower < static_cast<unsigned>(was.options.maximum_qos); ++lower) {
      now = was;
      now.options.maximum_qos = static_cast<mqtt::qos>(lower);
      add(was, now);
    }
    for (std::uint8_t earlier = 0; earlier < was.filter; ++earlier) {
      set(was, &subscribe_operation::filter, earlier);
    }
  }
  void vary(const unsubscribe_operation& was) {
    for (std::uint8_t earlier = 0; earlier < was.filter; ++earlier) {
      set(was, &unsubscribe_operation::filter, earlier);
    }
  }
  void vary(const publish_operation& was) {
    set(was, &publish_operation::unfinished, false);
    set(was, &publish_operation::expiry_s, std::uint32_t{0});
    set(was, &publish_operation::empty, false);
    set(was, &publish_operation::retain, false);
    for (unsigned lower = 0; lower < static_cast<unsigned>(was.qos); ++lower) {
      set(was, &publish_operation::qos, static_cast<mqtt::qos>(lower));
    }
    for (std::uint8_t earlier = 0; earlier < was.topic; ++earlier) {
      set(was, &publish_operation::topic, earlier);
    }
  }
  void vary(const disconnect_operation& was) {
    set(was, &disconnect_operation::session_expiry_s, std::optional<std::uint32_t>{});
    set(was, &disconnect_operation::with_will, false);
  }
  void vary(const wait_operation& was) {
    if (was.seconds > 1) set(was, &wait_operation::seconds, std::uint32_t{1});
  }
  void vary(const hold_operation&) {}
  void vary(const drop_operation&) {}

  const sequence_plan& than_;
  std::vector<sequence_plan>& found_;
  std::size_t at_ = 0;
};

class shrinker {
 public:
  shrinker(sequence_plan failing, const sequence_trial& fails, std::size_t runs_max)
      : best_(std::move(failing)), fails_(fails), runs_max_(runs_max) {}

  shrink_outcome run() {
    bool smaller = true;
    while (smaller && !used_up()) {
      smaller = drop_operations();
      smaller = drop_clients() || smaller;
      smaller = merge_clients() || smaller;
      smaller = plain_fields() || smaller;
    }
    return {.shortest = std::move(best_), .runs = runs_, .complete = !used_up()};
  }

 private:
  bool used_up() const { return runs_ >= runs_max_; }

  bool keep_if_fails(sequence_plan candidate) {
    if (used_up()) return false;
    ++runs_;
    if (!fails_(candidate)) return false;
    best_ = std::move(candidate);
    return true;
  }

  // Leaves out runs of operations, half of all at first and one at the end, from the back: what
  // comes after the failure goes first.
  bool drop_operations() {
    bool smaller = false;
    for (std::size_t chunk = std::max<std::size_t>(best_.operations.size() / 2, 1);; chunk /= 2) {
      std::size_t end = best_.operations.size();
      while (end > 0 && !used_up()) {
        const std::size_t begin = end - std::min(chunk, end);
        sequence_plan candidate = best_;
        candidate.operations.erase(
            candidate.operations.begin() + static_cast<std::ptrdiff_t>(begin),
            candidate.operations.begin() + static_cast<std::ptrdiff_t>(end));
        smaller = keep_if_fails(std::move(candidate)) || smaller;
        end = begin;
      }
      if (chunk <= 1) return smaller;
    }
  }

  bool drop_clients() {
    bool smaller = false;
    for (std::size_t client = best_.clients.size(); client-- > 0 && best_.clients.size() > 1;) {
      smaller = keep_if_fails(without(best_, client)) || smaller;
    }
    return smaller;
  }

  // Lets an earlier client do what a later one does.
  bool merge_clients() {
    bool smaller = false;
    for (std::size_t later = best_.clients.size(); later-- > 1;) {
      for (std::size_t earlier = 0; earlier < later && later < best_.clients.size(); ++earlier) {
        sequence_plan candidate = best_;
        for (operation& step : candidate.operations) {
          if (step.client == later) step.client = static_cast<std::uint8_t>(earlier);
        }
        smaller = keep_if_fails(without(std::move(candidate), later)) || smaller;
      }
    }
    return smaller;
  }

  static sequence_plan without(sequence_plan best, std::size_t client) {
    sequence_plan rest;
    rest.clients = std::move(best.clients);
    rest.clients.erase(rest.clients.begin() + static_cast<std::ptrdiff_t>(client));
    for (operation& step : best.operations) {
      const bool waits = std::holds_alternative<wait_operation>(step.what);
      if (!waits && step.client == client) continue;
      if (waits)
        step.client = 0;
      else if (step.client > client)
        --step.client;
      rest.operations.push_back(std::move(step));
    }
    return rest;
  }

  bool plain_fields() {
    bool smaller = false;
    for (bool again = true; again && !used_up();) {
      again = false;
      for (sequence_plan& candidate : plainer(best_)) {
        if (!keep_if_fails(std::move(candidate))) continue;
        again = smaller = true;
        break;  // the others were made from the plan before
      }
    }
    return smaller;
  }

  sequence_plan best_;
  const sequence_trial& fails_;
  const std::size_t runs_max_;
  std::size_t runs_ = 0;
};

}  // namespace

std::vector<sequence_plan> plainer(const sequence_plan& than) {
  std::vector<sequence_plan> found;
  plainer_collector(than, found).collect();
  return found;
}

shrink_outcome shrink(sequence_plan failing, const sequence_trial& fails, std::size_t runs_max) {
  return shrinker(std::move(failing), fails, runs_max).run();
}

}  // namespace gauntlet::fuzz::model
