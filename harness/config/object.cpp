#include "harness/config/object.hpp"

#include <algorithm>

namespace gauntlet::config {
namespace {

std::string join_quoted(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "'" : ", '") + name + "'";
  return all;
}

/// The field's schema with its documentation and default put in front.
std::string property_schema(const field_description& field) {
  std::string schema = "{\"description\":" + json_quote(field.doc);
  if (!field.default_.empty()) schema += ",\"default\":" + field.default_;
  // A value's own description (of a unit, an object) would be a second one: it stays one level
  // down.
  if (field.schema.find("\"description\"") != std::string::npos) {
    return schema + ",\"allOf\":[" + field.schema + "]}";
  }
  return schema + "," + field.schema.substr(1);
}

}  // namespace

std::string object_schema(const std::string& doc, const std::vector<field_description>& fields,
                          const std::vector<std::vector<std::string>>& exclusive) {
  std::string properties;
  std::string required;
  for (const field_description& field : fields) {
    if (!properties.empty()) properties += ',';
    properties += json_quote(field.name) + ":" + property_schema(field);
    if (!field.required) continue;
    if (!required.empty()) required += ',';
    required += json_quote(field.name);
  }
  std::string schema = "{\"type\":\"object\",\"description\":" + json_quote(doc) +
                       ",\"additionalProperties\":false,\"properties\":{" + properties + "}";
  if (!required.empty()) schema += ",\"required\":[" + required + "]";
  std::string all_of;
  for (const auto& names : exclusive) {
    std::string one_of;
    for (const std::string& name : names) {
      one_of += (one_of.empty() ? "" : ",") + ("{\"required\":[" + json_quote(name) + "]}");
    }
    all_of += (all_of.empty() ? "" : ",") + ("{\"oneOf\":[" + one_of + "]}");
  }
  if (!all_of.empty()) schema += ",\"allOf\":[" + all_of + "]";
  return schema + "}";
}

bool check_keys(const node& from, const std::vector<field_description>& fields,
                const std::vector<std::vector<std::string>>& exclusive, diagnostics& wrong) {
  const std::size_t before = wrong.count();
  const std::string prefix = from.path.empty() ? "" : from.path + ": ";
  std::vector<std::string> known;
  for (const field_description& field : fields) {
    known.push_back(field.name);
    if (field.required && from.find(field.name) == nullptr) {
      wrong.add(from, "the key '" + field.name + "' is missing");
    }
  }
  for (const member& each : from.members) {
    if (std::find(known.begin(), known.end(), each.key) != known.end()) continue;
    wrong.add(each.key_at, prefix + "unknown key '" + each.key + "'" + suggest(each.key, known));
  }
  for (const auto& names : exclusive) {
    const auto present = std::count_if(names.begin(), names.end(), [&](const std::string& name) {
      return from.find(name) != nullptr;
    });
    if (present == 1) continue;
    wrong.add(from, "exactly one of " + join_quoted(names) + " must be given, not " +
                        std::to_string(present));
  }
  return wrong.count() == before;
}

}  // namespace gauntlet::config
