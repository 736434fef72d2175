#include "harness/config/include.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

namespace gauntlet::config {
namespace {

constexpr std::size_t files_max = 100;

member* find_member(node& in, std::string_view key) {
  const auto found = std::find_if(in.members.begin(), in.members.end(),
                                  [&](const member& each) { return each.key == key; });
  return found == in.members.end() ? nullptr : &*found;
}

void merge_over(node& base, node over, bool at_top) {
  const bool both_mappings = base.is == node::type::mapping && over.is == node::type::mapping;
  if (!both_mappings) {
    base = std::move(over);
    return;
  }
  base.at = over.at;
  for (member& each : over.members) {
    member* known = find_member(base, each.key);
    if (known == nullptr) {
      base.members.push_back(std::move(each));
      continue;
    }
    known->key_at = each.key_at;
    const bool both_lists =
        known->value.is == node::type::sequence && each.value.is == node::type::sequence;
    if (at_top && both_lists) {
      std::move(each.value.items.begin(), each.value.items.end(),
                std::back_inserter(known->value.items));
    } else {
      merge_over(known->value, std::move(each.value), false);
    }
  }
}

/// Follows includes from file to file.
class file_merger {
 public:
  explicit file_merger(diagnostics& wrong) : wrong_(wrong) {
    enter(std::filesystem::path(wrong.files().front()));
  }

  node merge(node root) {
    const member* found = find_member(root, "include");
    if (found == nullptr) return root;
    std::vector<std::string> names;
    const node given = found->value;
    root.members.erase(root.members.begin() + (found - root.members.data()));
    if (!include_reader().read(given, names, wrong_)) return root;
    node whole{.is = node::type::mapping, .at = root.at};
    for (std::size_t i = 0; i < names.size(); ++i) {
      const node& at = given.is == node::type::sequence ? given.items[i] : given;
      merge_over(whole, read(at, names[i]), true);
    }
    merge_over(whole, std::move(root), true);
    return whole;
  }

 private:
  /// The tree of an included file with its own includes; an empty mapping if there is none.
  node read(const node& at, const std::string& name) {
    const node nothing{.is = node::type::mapping};
    const std::filesystem::path file = resolve_path(at, name, wrong_).lexically_normal();
    const std::string identity = identity_of(file);
    if (std::find(open_.begin(), open_.end(), identity) != open_.end()) {
      wrong_.add(at, "'" + name + "' includes this file: files cannot include each other");
      return nothing;
    }
    if (!seen_.insert(identity).second) return nothing;
    if (seen_.size() > files_max) {
      wrong_.add(at, "more than " + std::to_string(files_max) + " files");
      return nothing;
    }
    std::error_code error;
    if (!std::filesystem::exists(file, error)) {
      wrong_.add(at, "there is no file " + file.string() + " to include");
      return nothing;
    }
    const std::size_t before = wrong_.count();
    const std::uint32_t number = wrong_.add_file(file.string());
    std::string text;
    if (!read_text_file(file, parse_limits{}.size_bytes_max, text, wrong_, number)) return nothing;
    node tree = parse_yaml(text, wrong_, {}, number);
    if (wrong_.count() != before) return nothing;
    if (tree.is != node::type::mapping) {
      wrong_.add(tree, "an included file holds a mapping, not " + tree.describe());
      return nothing;
    }
    open_.push_back(identity);
    tree = merge(std::move(tree));
    open_.pop_back();
    return tree;
  }

  static std::string identity_of(const std::filesystem::path& file) {
    std::error_code error;
    const auto canonical = std::filesystem::weakly_canonical(file, error);
    return error ? file.string() : canonical.string();
  }

  void enter(const std::filesystem::path& file) {
    const std::string identity = identity_of(file);
    open_.push_back(identity);
    seen_.insert(identity);
  }

  diagnostics& wrong_;
  std::vector<std::string> open_;  // from the first file to the one that is being read
  std::set<std::string> seen_;
};

}  // namespace

reader<std::vector<std::string>> include_reader() {
  return one_or_list_of(text({.length_min = 1, .length_max = 4096}));
}

node merge_includes(node root, diagnostics& wrong) {
  if (root.is != node::type::mapping) return root;
  return file_merger(wrong).merge(std::move(root));
}

}  // namespace gauntlet::config
