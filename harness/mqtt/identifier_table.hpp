#pragma once

// A hash table keyed by Packet Identifier. Identifiers mostly come in sequence, and then each
// stands in its own place: the table is an array with a wrapped index, but one that survives
// stragglers.

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace gauntlet::mqtt {

/// `Entry` is a small struct with a member `identifier`, 0 where the place is free. Pointers to
/// entries are good until the next insert or erase. Owns no memory while it has never been used or
/// after clear().
template <class Entry>
class identifier_table {
 public:
  /// The entry of this identifier (not 0), or nullptr.
  Entry* find(std::uint16_t identifier) {
    if (slots_.empty()) return nullptr;
    for (std::size_t i = home(identifier);; i = next(i)) {
      if (slots_[i].identifier == identifier) return &slots_[i];
      if (slots_[i].identifier == 0) return nullptr;
    }
  }

  /// Adds an entry whose identifier is not in the table.
  void insert(const Entry& entry) {
    if ((count_ + 1) * 4 > slots_.size() * 3) grow();
    place(entry);
    ++count_;
  }

  /// Removes an entry that find() answered.
  void erase(Entry* entry) {
    std::size_t hole = static_cast<std::size_t>(entry - slots_.data());
    // Later entries of the run move back into the hole unless that would put them before their
    // home.
    for (std::size_t i = next(hole); slots_[i].identifier != 0; i = next(i)) {
      const std::size_t from_home = (i - home(identifier_of(slots_[i]))) & mask();
      if (from_home < ((i - hole) & mask())) continue;
      slots_[hole] = slots_[i];
      hole = i;
    }
    slots_[hole].identifier = 0;
    --count_;
  }

  std::size_t size() const { return count_; }
  bool empty() const { return count_ == 0; }

  /// Removes everything and gives the memory back.
  void clear() {
    slots_ = {};
    count_ = 0;
  }

  /// Calls `visitor(entry)` for each entry, in no particular order.
  template <class Visitor>
  void visit(Visitor&& visitor) {
    for (Entry& entry : slots_) {
      if (entry.identifier != 0) visitor(entry);
    }
  }

 private:
  static constexpr std::size_t size_min = 4;

  static std::uint16_t identifier_of(const Entry& entry) {
    return static_cast<std::uint16_t>(entry.identifier);
  }
  std::size_t mask() const { return slots_.size() - 1; }
  std::size_t home(std::uint16_t identifier) const { return identifier & mask(); }
  std::size_t next(std::size_t i) const { return (i + 1) & mask(); }

  void place(const Entry& entry) {
    std::size_t i = home(identifier_of(entry));
    while (slots_[i].identifier != 0) i = next(i);
    slots_[i] = entry;
  }

  void grow() {
    std::vector<Entry> old(slots_.empty() ? size_min : slots_.size() * 2);
    old.swap(slots_);
    for (const Entry& entry : old) {
      if (entry.identifier != 0) place(entry);
    }
  }

  std::vector<Entry> slots_;  ///< linear probing; its size is a power of two
  std::size_t count_ = 0;
};

}  // namespace gauntlet::mqtt
