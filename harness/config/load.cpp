#include "harness/config/load.hpp"

#include "harness/config/json_text.hpp"

namespace gauntlet::config {

std::string json_schema_document(std::string_view schema, std::string_view title) {
  // A schema is an object of at least one member, so its head is put in front of that.
  std::string document = "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"title\":";
  document += json_quote(title);
  document += ',';
  document += schema.substr(1);
  return json_indent(document);
}

}  // namespace gauntlet::config
