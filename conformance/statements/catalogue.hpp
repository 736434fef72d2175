#pragma once

// All statements of MQTT 3.1.1 and 5.0 that Gauntlet knows, compiled into the program.

#include <map>
#include <string>
#include <vector>

#include "conformance/statements/statement.hpp"
#include "harness/config/diagnostic.hpp"

namespace gauntlet::conformance {

/// The statements of one file, in its order. `file` tells their version and kind and is one of the
/// catalogue's own names, such as "mqtt-5.0.yaml".
config::loaded<std::vector<statement>> load_statements(const std::string& text,
                                                       const std::string& file);

/// Statements by version and id. Never changes.
class catalogue {
 public:
  /// Keeps the statements in the order given. Names must differ.
  explicit catalogue(std::vector<statement> all);

  const std::vector<statement>& all() const { return all_; }
  /// Null if there is none of that name.
  const statement* find(const statement_name& name) const;

 private:
  std::vector<statement> all_;
  std::map<statement_name, std::size_t> places_;
};

/// The whole catalogue. Parses it anew at each call.
catalogue load_catalogue();

}  // namespace gauntlet::conformance
