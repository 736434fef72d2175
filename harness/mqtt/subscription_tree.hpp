#pragma once

// A map from Topic Filters to values that also answers: which of them match this Topic Name? For
// brokers (one value holds all subscribers of a filter) and for judges of deliveries.

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "harness/mqtt/subscription_index.hpp"

namespace gauntlet::mqtt {

/// Filters must be valid (see topic.hpp). Of a shared subscription only the filter after the share
/// name belongs in here; the name belongs in the value. References to values are good until the
/// next change of the tree. `Value` is default-constructible and movable.
template <class Value>
class subscription_tree {
 public:
  /// The value of exactly this filter, or nullptr.
  Value* find(std::string_view filter) { return at(index_.find(filter)); }
  const Value* find(std::string_view filter) const {
    return const_cast<subscription_tree*>(this)->find(filter);
  }

  /// The value of exactly this filter, made by `Value{}` if there was none.
  Value& find_or_add(std::string_view filter) {
    const auto slot = index_.insert(filter).at;
    if (slot == values_.size()) values_.emplace_back();
    return values_[slot];
  }

  /// Adds the filter, unless it is there already: then its value stays. Answers whether it was
  /// added.
  bool add(std::string_view filter, Value value) {
    const std::size_t before = size();
    Value& place = find_or_add(filter);
    if (size() == before) return false;
    place = std::move(value);
    return true;
  }

  /// Sets the value of the filter, added if need be. Answers whether an older value was replaced.
  bool replace(std::string_view filter, Value value) {
    const std::size_t before = size();
    find_or_add(filter) = std::move(value);
    return size() == before;
  }

  /// Removes exactly this filter and its value. Answers whether it was there.
  bool remove(std::string_view filter) {
    const auto slot = index_.erase(filter);
    if (slot == subscription_index::none) return false;
    values_[slot] = Value{};
    return true;
  }

  /// Calls `callback(value)` for each filter that matches the name, in no particular order, each
  /// once. The callback may change the value, not the tree. Allocates nothing.
  template <class Callback>
  void match(std::string_view name, Callback&& callback) {
    auto cursor = index_.match(name);
    for (auto slot = cursor.next(); slot != subscription_index::none; slot = cursor.next()) {
      callback(values_[slot]);
    }
  }
  template <class Callback>
  void match(std::string_view name, Callback&& callback) const {
    const_cast<subscription_tree*>(this)->match(
        name, [&callback](const Value& value) { callback(value); });
  }

  /// Calls `callback(filter, value)` for each filter. The callback may change the value, not the
  /// tree. The same history of changes gives the same order.
  template <class Callback>
  void visit(Callback&& callback) {
    index_.visit([&](subscription_index::slot slot, std::string_view filter) {
      callback(filter, values_[slot]);
    });
  }
  template <class Callback>
  void visit(Callback&& callback) const {
    const_cast<subscription_tree*>(this)->visit(
        [&callback](std::string_view filter, const Value& value) { callback(filter, value); });
  }

  std::size_t size() const { return index_.size(); }
  bool empty() const { return size() == 0; }
  void clear() {
    index_.clear();
    values_ = {};
  }
  /// Heap memory held, in bytes, without what the values themselves hold.
  std::size_t memory_bytes() const {
    return index_.memory_bytes() + values_.capacity() * sizeof(Value);
  }

 private:
  Value* at(subscription_index::slot slot) {
    return slot == subscription_index::none ? nullptr : &values_[slot];
  }

  subscription_index index_;
  std::vector<Value> values_;  ///< by slot
};

}  // namespace gauntlet::mqtt
