#include "harness/config/composition.hpp"

#include <algorithm>
#include <optional>

#include "harness/config/parameter_expression.hpp"

namespace gauntlet::config {
namespace {

bool is_parameter_name(std::string_view name) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  if (name.empty() || name.size() > 64 || !is_letter(name.front())) return false;
  return std::all_of(name.begin(), name.end(),
                     [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

reader<node> single_value() {
  reader<node> made;
  made.schema = R"({"type":["string","number","boolean"]})";
  made.read = [](const node& from, node& to, diagnostics& wrong) {
    if (from.is != node::type::scalar) {
      wrong.add(from, "a parameter has single values, not " + from.describe());
      return false;
    }
    to = from;
    return true;
  };
  return made;
}

/// A mapping whose keys are names of parameters.
template <class T>
reader<std::vector<std::pair<std::string, T>>> by_name(const reader<T>& value) {
  auto made = mapping_of(value, 1, 100);
  made.schema.insert(1, R"("propertyNames":{"pattern":"^[A-Za-z_][A-Za-z0-9_]*$"},)");
  made.read = [read = std::move(made.read)](const node& from, auto& to, diagnostics& wrong) {
    const std::size_t before = wrong.count();
    for (const member& each : from.members) {
      if (is_parameter_name(each.key)) continue;
      wrong.add(each.key_at, "the name of a parameter is made of letters, digits and '_', not '" +
                                 each.key + "'");
    }
    return read(from, to, wrong) && wrong.count() == before;
  };
  return made;
}

/// Takes a key out of a mapping.
std::optional<member> take_member(node& from, std::string_view key) {
  const auto found = std::find_if(from.members.begin(), from.members.end(),
                                  [&](const member& each) { return each.key == key; });
  if (found == from.members.end()) return std::nullopt;
  member taken = std::move(*found);
  from.members.erase(found);
  return taken;
}

bool same_value(const node& a, const node& b) {
  return a.quoted == b.quoted && a.scalar == b.scalar;
}

/// Puts values in the place of ${...} in one scalar.
class scalar_replacer {
 public:
  scalar_replacer(const parameter_scope& scope, diagnostics& wrong)
      : scope_(scope), wrong_(wrong) {}

  void replace(node& in) const {
    const std::string_view text = in.scalar;
    if (text.find("${") == std::string_view::npos) return;
    std::string made;
    std::size_t at = 0;
    while (at < text.size()) {
      if (text.substr(at).starts_with("$${")) {
        made += "${";
        at += 3;
      } else if (text.substr(at).starts_with("${")) {
        const std::size_t end = text.find('}', at);
        if (end == std::string_view::npos) {
          wrong_.add(in, "a '${' is never closed; write $${ for the text itself");
          return;
        }
        const auto value = evaluate_expression(text.substr(at + 2, end - at - 2), scope_);
        if (!value) {
          wrong_.add(in, value.error().message);
          return;
        }
        if (at == 0 && end + 1 == text.size()) {
          in.quoted = value->quoted;
          in.scalar = value->scalar;
          return;
        }
        made += value->scalar;
        at = end + 1;
      } else {
        made += text[at++];
      }
    }
    in.scalar = std::move(made);
  }

 private:
  const parameter_scope& scope_;
  diagnostics& wrong_;
};

void replace_all(node& in, const scalar_replacer& by, diagnostics& wrong) {
  if (in.is == node::type::scalar) by.replace(in);
  for (node& item : in.items) replace_all(item, by, wrong);
  for (member& each : in.members) {
    if (each.key.find("${") != std::string::npos) {
      wrong.add(each.key_at, "a key cannot hold a parameter");
    }
    replace_all(each.value, by, wrong);
  }
}

/// The value of a choice: a list in brackets, a text in quotes, or as it stands.
node value_of(const parameter_choice& choice, std::uint32_t file, diagnostics& wrong) {
  const std::string& text = choice.value;
  const bool is_yaml = text.starts_with('[') || text.starts_with('"') || text.starts_with('\'');
  if (is_yaml) return parse_yaml(text, wrong, {}, file);
  return {.is = node::type::scalar, .at = {.file = file}, .scalar = text};
}

}  // namespace

outcome<parameter_choice> parse_choice(std::string_view text) {
  const std::size_t equals = text.find('=');
  const std::string_view name = text.substr(0, equals);
  if (equals == std::string_view::npos || !is_parameter_name(name)) {
    return bad_input("--set takes NAME=VALUE, not '" + std::string(text) + "'");
  }
  return parameter_choice{std::string(name), std::string(text.substr(equals + 1))};
}

std::string to_string(std::span<const parameter_value> values) {
  std::string text;
  for (const auto& [name, value] : values) {
    text += (text.empty() ? "" : ", ") + name + "=" + value;
  }
  return text;
}

reader<std::vector<std::pair<std::string, node>>> parameters_reader() {
  return by_name(single_value());
}

reader<std::vector<std::pair<std::string, std::vector<node>>>> matrix_reader() {
  return by_name(list_of(single_value(), 1, composition::combinations_max));
}

composition::composition(node root, std::span<const parameter_choice> choices, diagnostics& wrong)
    : root_(std::move(root)) {
  const std::size_t before = wrong.count();
  take_parameters(wrong);
  take_matrix(wrong);
  for (const parameter_choice& choice : choices) choose(choice, wrong);
  if (wrong.count() != before) return;
  std::size_t combinations = 1;
  for (const parameter& each : parameters_) {
    combinations *= each.values.size();
    if (combinations <= combinations_max) continue;
    wrong.add(each.at, "the matrix has more than " + std::to_string(combinations_max) +
                           " combinations; narrow it with --set");
    return;
  }
  check_use(wrong);
}

void composition::take_parameters(diagnostics& wrong) {
  const auto found = take_member(root_, "parameters");
  std::vector<std::pair<std::string, node>> all;
  if (!found || !parameters_reader().read(found->value, all, wrong)) return;
  for (std::size_t i = 0; i < all.size(); ++i) {
    parameters_.push_back({.name = std::move(all[i].first),
                           .at = found->value.members[i].key_at,
                           .values = {std::move(all[i].second)}});
  }
}

void composition::take_matrix(diagnostics& wrong) {
  const auto found = take_member(root_, "matrix");
  std::vector<std::pair<std::string, std::vector<node>>> all;
  if (!found || !matrix_reader().read(found->value, all, wrong)) return;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const place at = found->value.members[i].key_at;
    auto& [name, values] = all[i];
    if (parameter* known = find(name)) {
      known->values = std::move(values);
    } else {
      parameters_.push_back({.name = std::move(name), .at = at, .values = std::move(values)});
    }
  }
}

void composition::choose(const parameter_choice& choice, diagnostics& wrong) {
  const std::uint32_t file = wrong.add_file("--set " + choice.name + "=" + choice.value);
  const place at{.file = file};
  parameter* chosen = find(choice.name);
  if (chosen == nullptr) {
    wrong.add(at, parameters_.empty() ? "the scenario has no parameters"
                                      : "there is no parameter '" + choice.name + "'" +
                                            suggest(choice.name, names()));
    return;
  }
  const std::size_t before = wrong.count();
  node value = value_of(choice, file, wrong);
  if (wrong.count() != before) return;
  std::vector<node> values;
  const bool is_list = value.is == node::type::sequence;
  if (is_list && !list_of(single_value(), 1).read(value, values, wrong)) return;
  if (!is_list) values.push_back(std::move(value));
  chosen->values = std::move(values);
}

void composition::check_use(diagnostics& wrong) const {
  for (const parameter& each : parameters_) {
    for (std::size_t i = 1; i < each.values.size(); ++i) {
      const auto same = [&](const node& before) { return same_value(before, each.values[i]); };
      const auto end = each.values.begin() + static_cast<std::ptrdiff_t>(i);
      if (std::none_of(each.values.begin(), end, same)) continue;
      wrong.add(each.values[i], "'" + each.values[i].scalar + "' stands twice among the values");
    }
  }
  std::vector<node> values;
  std::vector<bool> used(parameters_.size());
  diagnostics told_when_made({});
  make(0, values, used, told_when_made);
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const parameter& each = parameters_[i];
    if (!used[i]) {
      wrong.add(each.at, "the parameter '" + each.name + "' is never used; use it as ${" +
                             each.name + "}, or leave it out");
    }
  }
}

composition::parameter* composition::find(std::string_view name) {
  const auto found = std::find_if(parameters_.begin(), parameters_.end(),
                                  [&](const parameter& each) { return each.name == name; });
  return found == parameters_.end() ? nullptr : &*found;
}

std::vector<std::string> composition::names() const {
  std::vector<std::string> all;
  for (const parameter& each : parameters_) all.push_back(each.name);
  return all;
}

std::vector<std::size_t> composition::picks_of(std::size_t combination) const {
  std::vector<std::size_t> picks(parameters_.size());
  for (std::size_t i = parameters_.size(); i-- > 0;) {
    picks[i] = combination % parameters_[i].values.size();
    combination /= parameters_[i].values.size();
  }
  return picks;
}

node composition::make(std::size_t combination, std::vector<node>& values, std::vector<bool>& used,
                       diagnostics& wrong) const {
  const std::vector<std::size_t> picks = picks_of(combination);
  parameter_scope scope;
  scope.find = [&](std::string_view name) -> const node* {
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (parameters_[i].name != name) continue;
      used[i] = true;
      return &values[i];
    }
    return nullptr;
  };
  const scalar_replacer replacer(scope, wrong);
  // A parameter may be made of those that stand before it.
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    node value = parameters_[i].values[picks[i]];
    replacer.replace(value);
    values.push_back(std::move(value));
    scope.names.push_back(parameters_[i].name);
  }
  node tree = root_;
  replace_all(tree, replacer, wrong);
  return tree;
}

std::size_t composition::combination_count() const {
  std::size_t count = 1;
  for (const parameter& each : parameters_) count *= each.values.size();
  return count;
}

node composition::tree_of(std::size_t combination, diagnostics& wrong) const {
  std::vector<node> values;
  std::vector<bool> used(parameters_.size());
  return make(combination, values, used, wrong);
}

std::vector<parameter_value> composition::values_of(std::size_t combination) const {
  std::vector<node> values;
  std::vector<bool> used(parameters_.size());
  diagnostics told_when_made({});
  make(combination, values, used, told_when_made);
  std::vector<parameter_value> all;
  for (std::size_t i = 0; i < values.size(); ++i) {
    all.push_back({parameters_[i].name, values[i].scalar});
  }
  return all;
}

std::vector<parameter_value> composition::varied_of(std::size_t combination) const {
  std::vector<parameter_value> all = values_of(combination);
  std::vector<parameter_value> varied;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (parameters_[i].values.size() > 1) varied.push_back(std::move(all[i]));
  }
  return varied;
}

}  // namespace gauntlet::config
