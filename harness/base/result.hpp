#pragma once

// Errors are values. Inside the libraries an error is a code of its module's category or a struct
// that says more; towards the user it is a `failure`: one sentence and the exit code it leads to.

#include <string>
#include <system_error>
#include <utility>

#include <boost/system/result.hpp>

#include "harness/base/exit_code.hpp"

namespace gauntlet {

/// A value, or a code of the failing module's category.
template <class T>
using result = boost::system::result<T, std::error_code>;

/// A failure that a user can act on: what is wrong, where, what to do, in one sentence.
struct failure {
  exit_code code = exit_code::internal_error;
  std::string message;
};

/// A value, or the failure to show to the user.
template <class T>
using outcome = boost::system::result<T, failure>;

/// Shorthands for the two exits that user input and environment lead to.
inline failure bad_input(std::string message) { return {exit_code::bad_input, std::move(message)}; }
inline failure environment_failed(std::string message) {
  return {exit_code::environment_failed, std::move(message)};
}

}  // namespace gauntlet
