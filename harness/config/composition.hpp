#pragma once

// A file that is more than one: parameters with values of their own or from the command line, and a
// matrix of such values. All of it happens on the tree, before a reader sees it:
//     parameters: {devices: 1000, interval: 5s}
//     matrix: {qos: [0, 1, 2]}
//     fleet: [{group: meters, count: ${devices}, ...
// A scalar that is only ${...} becomes what it stands for, of the same type; within a longer text
// it becomes a part of it. $${ stands for ${ itself.

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/base/result.hpp"
#include "harness/config/include.hpp"
#include "harness/config/node.hpp"
#include "harness/config/object.hpp"
#include "harness/config/parameter_value.hpp"

namespace gauntlet::config {

/// What the command line chooses for a parameter: "devices=5000", or several values as in
/// "qos=[0, 1]".
struct parameter_choice {
  std::string name;
  std::string value;
};

/// Reads NAME=VALUE.
outcome<parameter_choice> parse_choice(std::string_view text);

/// A tree with parameters, and all combinations of their values.
class composition {
 public:
  static constexpr std::size_t combinations_max = 256;

  /// Takes `parameters` and `matrix` out of a tree that is whole (merge_includes). What is wrong
  /// with them or with the choices becomes diagnostics.
  composition(node root, std::span<const parameter_choice> choices, diagnostics& wrong);

  /// At least 1; more with a matrix.
  std::size_t combination_count() const;
  /// The tree of one combination: nothing in it refers to a parameter.
  node tree_of(std::size_t combination, diagnostics& wrong) const;
  /// The values of all parameters in one combination, in the order of the file.
  std::vector<parameter_value> values_of(std::size_t combination) const;
  /// Only those of which the combinations have different ones.
  std::vector<parameter_value> varied_of(std::size_t combination) const;

 private:
  struct parameter {
    std::string name;
    place at;
    std::vector<node> values;  // more than one: an axis of the matrix
  };

  void take_parameters(diagnostics& wrong);
  void take_matrix(diagnostics& wrong);
  void choose(const parameter_choice& choice, diagnostics& wrong);
  void check_use(diagnostics& wrong) const;
  parameter* find(std::string_view name);
  std::vector<std::string> names() const;
  /// Which value each parameter has in a combination; the last one varies fastest.
  std::vector<std::size_t> picks_of(std::size_t combination) const;
  /// The tree and the values of one combination; `used` learns which parameters that took.
  node make(std::size_t combination, std::vector<node>& values, std::vector<bool>& used,
            diagnostics& wrong) const;

  node root_;
  std::vector<parameter> parameters_;
};

/// Readers of the two keys, for the schema too.
reader<std::vector<std::pair<std::string, node>>> parameters_reader();
reader<std::vector<std::pair<std::string, std::vector<node>>>> matrix_reader();

/// Names include, parameters and matrix in a file's table, so that its schema knows them. When the
/// table reads a tree they have been taken out of it.
template <class T>
void add_composition_keys(object<T>& table) {
  table.template derived<std::vector<std::string>>(
      "include", include_reader(), [](T&, std::vector<std::string>) {},
      "Files to build on, relative to this one: mappings merge key by key, groups and expectations "
      "are put together, for all else this file decides");
  table.template derived<std::vector<std::pair<std::string, node>>>(
      "parameters", parameters_reader(), [](T&, std::vector<std::pair<std::string, node>>) {},
      "Values to be used as ${name} and changed with --set name=value");
  table.template derived<std::vector<std::pair<std::string, std::vector<node>>>>(
      "matrix", matrix_reader(), [](T&, std::vector<std::pair<std::string, std::vector<node>>>) {},
      "Parameters with several values each: one run for each combination");
}

/// A schema whose file may be composed: ${...} may stand for each value, and keys that must stand
/// may stand in an included file instead.
std::string composed_schema(std::string_view schema);

}  // namespace gauntlet::config
