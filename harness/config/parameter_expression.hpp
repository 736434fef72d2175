#pragma once

// What stands between the braces of ${...}: a parameter's name, or arithmetic over parameters,
// numbers and quantities with units:
//     devices   devices / 10   ceil(devices / 50)   interval * 2   max(1, devices / 1000)
// A quantity may be multiplied and divided by a number, and added to one of its own kind.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/units.hpp"
#include "harness/config/node.hpp"

namespace gauntlet::config {

/// The parameters that an expression may name.
struct parameter_scope {
  /// The value as a scalar node, or nullptr if there is none of that name.
  std::function<const node*(std::string_view name)> find;
  std::vector<std::string> names;  ///< for messages
};

/// The value of an expression as a scalar: a node of that text, plain or in quotes as the
/// parameter's value is; or a sentence on what is wrong.
unit_result<node> evaluate_expression(std::string_view expression, const parameter_scope& scope);

}  // namespace gauntlet::config
