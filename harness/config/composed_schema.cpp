// The schema of a composed file, from that of its plain form. JSON is YAML enough to be read by our
// own parser and written back.

#include <utility>

#include "harness/config/composition.hpp"

namespace gauntlet::config {
namespace {

using type = node::type;

constexpr std::string_view reference = R"({"$ref":"#/$defs/parameter"})";
constexpr std::string_view definition =
    R"({"description":"Holds ${name}, the value of a parameter","type":"string","pattern":"\\$\\{"})";

node parse_schema(std::string_view text) {
  diagnostics wrong("schema");
  return parse_yaml(text, wrong, {.depth_max = 200, .nodes_max = 2'000'000});
}

void write(const node& from, std::string& out) {
  switch (from.is) {
    case type::null:
      out += "null";
      return;
    case type::scalar:
      out += from.quoted ? json_quote(from.scalar) : from.scalar;
      return;
    case type::sequence:
      out += '[';
      for (std::size_t i = 0; i < from.items.size(); ++i) {
        if (i > 0) out += ',';
        write(from.items[i], out);
      }
      out += ']';
      return;
    case type::mapping:
      out += '{';
      for (std::size_t i = 0; i < from.members.size(); ++i) {
        if (i > 0) out += ',';
        out += json_quote(from.members[i].key) + ":";
        write(from.members[i].value, out);
      }
      out += '}';
  }
}

node* find(node& in, std::string_view key) {
  for (member& each : in.members) {
    if (each.key == key) return &each.value;
  }
  return nullptr;
}

/// Whether a text with a parameter in it would be refused by these keywords.
bool refuses_parameters(const node& schema) {
  if (schema.find("enum") != nullptr || schema.find("pattern") != nullptr) return true;
  const node* is = schema.find("type");
  if (is == nullptr || is->is != type::scalar) return false;
  return is->scalar == "integer" || is->scalar == "number" || is->scalar == "boolean";
}

/// Of what a value is; the rest describes it, and stays outside of alternatives.
bool describes(std::string_view keyword) {
  return keyword == "description" || keyword == "default" || keyword == "title";
}

void allow_parameters(node& schema) {
  if (schema.is != type::mapping) return;
  if (refuses_parameters(schema)) {
    node described{.is = type::mapping};
    node bare{.is = type::mapping};
    for (member& each : schema.members) {
      (describes(each.key) ? described : bare).members.push_back(std::move(each));
    }
    node either{.is = type::sequence};
    either.items = {std::move(bare), parse_schema(reference)};
    described.members.push_back({.key = "anyOf", .key_at = {}, .value = std::move(either)});
    schema = std::move(described);
    return;
  }
  if (node* properties = find(schema, "properties")) {
    for (member& each : properties->members) allow_parameters(each.value);
  }
  for (const char* keyword : {"additionalProperties", "items"}) {
    if (node* inner = find(schema, keyword)) allow_parameters(*inner);
  }
  for (const char* keyword : {"anyOf", "allOf", "oneOf"}) {
    if (node* inner = find(schema, keyword)) {
      for (node& each : inner->items) allow_parameters(each);
    }
  }
}

/// Keys that must stand in a file of its own may stand in what it includes.
void relax_requirements(node& root) {
  node demands{.is = type::mapping};
  std::erase_if(root.members, [&](member& each) {
    const bool demand = each.key == "required" || each.key == "allOf";
    if (demand) demands.members.push_back(std::move(each));
    return demand;
  });
  if (demands.members.empty()) return;
  root.members.push_back({.key = "if", .value = parse_schema(R"({"required":["include"]})")});
  root.members.push_back({.key = "else", .value = std::move(demands)});
}

}  // namespace

std::string composed_schema(std::string_view schema) {
  node root = parse_schema(schema);
  allow_parameters(root);
  relax_requirements(root);
  node definitions{.is = type::mapping};
  definitions.members.push_back({.key = "parameter", .value = parse_schema(definition)});
  root.members.push_back({.key = "$defs", .value = std::move(definitions)});
  std::string out;
  write(root, out);
  return out;
}

}  // namespace gauntlet::config
