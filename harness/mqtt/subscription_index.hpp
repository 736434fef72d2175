#pragma once

// The trie under subscription_tree: gives each Topic Filter a small number (its slot) and finds the
// slots whose filters match a Topic Name. Knows nothing of what a slot stands for.
//
// A node is one level of one or more filters. Children are found through one hash table over
// (parent, level), so that a node costs the same whether it has one child or a million; the child
// "+" and the filter that ends in "#" hang directly on their node:
//
//   sport/+/rank   root --"sport"--> node --"+"--> node --"rank"--> node [slot]
//   sport/#        root --"sport"--> node [slot of "#"]

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gauntlet::mqtt {

/// Topic Filters to slots. All filters must be valid and without "$share/name/" in front. Nothing
/// here recurses: a filter may have as many levels as its 65535 bytes allow.
class subscription_index {
 public:
  using slot = std::uint32_t;
  static constexpr slot none = UINT32_MAX;

  subscription_index() { clear(); }

  struct insertion {
    slot at;
    bool inserted;  ///< false: the filter was there already
  };
  /// The slot of `filter`, which is given the lowest free number if it is new.
  insertion insert(std::string_view filter);
  /// The slot of exactly `filter`, or none.
  slot find(std::string_view filter) const;
  /// Removes exactly `filter` and answers the slot that is free now, or none.
  slot erase(std::string_view filter);
  /// Removes everything and gives the memory back.
  void clear();

  std::size_t size() const { return size_; }
  /// Heap memory held, in bytes.
  std::size_t memory_bytes() const;

  class match_cursor;
  /// Steps through the slots whose filters match `name`, each once. Allocates nothing. Valid until
  /// the index changes; `name` must outlive it.
  match_cursor match(std::string_view name) const;

  /// Calls `visitor(slot, filter)` for each filter, in an order that depends on the history of
  /// insertions and erasures only. The view is valid during the call.
  template <class Visitor>
  void visit(Visitor&& visitor) const {
    std::string filter;
    for (node_id id = 0; id < nodes_.size(); ++id) {
      const node& here = nodes_[id];
      if (here.value == none && here.multi_level_value == none) continue;
      write_filter(id, filter);
      if (here.value != none) visitor(here.value, std::string_view(filter));
      if (here.multi_level_value == none) continue;
      filter += id == root ? "#" : "/#";
      visitor(here.multi_level_value, std::string_view(filter));
    }
  }

 private:
  using node_id = std::uint32_t;
  static constexpr node_id root = 0;

  /// The text of a level: in place, or when it is longer, as its offset in long_levels_.
  struct level_text {
    std::uint16_t size;
    std::array<char, 14> bytes;
  };

  struct node {
    node_id parent = none;          ///< of a free node: the next free node
    node_id single_level = none;    ///< the child "+"
    std::uint32_t children = 0;     ///< how many, "+" included
    slot value = none;              ///< of the filter that ends at this level
    slot multi_level_value = none;  ///< of the filter that ends in "#" below this level
    level_text text = {};
  };

  /// An entry of the hash table; `id` is none where it is empty.
  struct bucket {
    std::uint32_t hash = 0;
    node_id id = none;
  };

  /// A filter's place in the trie: one of the two slots of a node; `at` is none if it has no place.
  struct location {
    node_id at;
    slot node::*place;
  };

  std::string_view text_of(const node& of) const;
  void write_filter(node_id id, std::string& filter) const;
  node_id find_child(node_id parent, std::string_view level) const;
  location locate(std::string_view filter) const;
  node_id add_child(node_id parent, std::string_view level);
  level_text store(std::string_view level);
  void add_to_table(std::uint32_t hash, node_id id);
  void remove_from_table(node_id id);
  void grow_table();
  void prune(node_id id);
  void compact_long_levels();
  slot take_slot();

  std::vector<node> nodes_;
  std::vector<bucket> table_;  ///< linear probing; its size is a power of two
  std::size_t in_table_ = 0;
  node_id free_node_ = none;
  std::vector<slot> free_slots_;
  std::string long_levels_;
  std::size_t long_levels_unused_bytes_ = 0;
  std::size_t size_ = 0;
};

/// One walk over the part of the trie that matches a name. It keeps no stack: the way back is the
/// parent of each node and the name itself.
class subscription_index::match_cursor {
 public:
  /// The next matching slot, or none when there is no more.
  slot next();

 private:
  friend class subscription_index;
  enum class step : std::uint8_t { enter, end_of_name, exact, single_level, leave, done };

  match_cursor(const subscription_index& index, std::string_view name)
      : index_(&index), name_(name), starts_with_dollar_(name.starts_with('$')) {}

  /// A wildcard in the first level does not match a name that starts with "$" [MQTT-4.7.2-1].
  bool wildcards_apply() const { return at_ != root || !starts_with_dollar_; }
  std::size_t level_end() const { return std::min(name_.find('/', rest_), name_.size()); }
  void descend(node_id child);
  void ascend();

  const subscription_index* index_;
  std::string_view name_;
  std::size_t rest_ = 0;  ///< where the levels below at_ start; past the name's end if none is left
  node_id at_ = root;
  step step_ = step::enter;
  bool starts_with_dollar_;
};

}  // namespace gauntlet::mqtt
