#pragma once

// A validator for the part of JSON Schema (draft 2020-12) that our schema files use. Any other
// keyword is reported, so that a schema cannot ask for something that is never checked.

#include <string>
#include <string_view>
#include <vector>

namespace gauntlet::record {

/// What is wrong with the JSON text `document` under the JSON text `schema`, one line each with the
/// path; empty if it is valid. Both texts must be JSON.
std::vector<std::string> schema_violations(std::string_view schema, std::string_view document);

}  // namespace gauntlet::record
