#include "tests/unit/record/json_schema.hpp"

#include <algorithm>
#include <regex>

#include <boost/json.hpp>

namespace gauntlet::record {
namespace {

namespace js = boost::json;

bool is_of_type(const js::value& value, std::string_view type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_bool();
  if (type == "integer") return value.is_int64() || value.is_uint64();
  if (type == "number") return value.is_number();
  return false;
}

class validator {
 public:
  explicit validator(const js::value& root) : root_(root) {}

  void check(const js::object& schema, const js::value& value, const std::string& path) {
    for (const auto& [keyword, argument] : schema) {
      if (!check_keyword({schema, keyword, argument}, value, path)) {
        violations_.push_back("schema keyword not known to this validator: " +
                              std::string(keyword));
      }
    }
  }

  std::vector<std::string> violations_;

 private:
  struct constraint {
    const js::object& schema;
    std::string_view keyword;
    const js::value& argument;
  };

  void expect(bool holds, const std::string& path, const std::string& what) {
    if (!holds) violations_.push_back(path + ": " + what);
  }

  bool check_keyword(const constraint& rule, const js::value& value, const std::string& path) {
    const auto keyword = rule.keyword;
    const auto& argument = rule.argument;
    if (keyword == "$schema" || keyword == "$defs" || keyword == "title" ||
        keyword == "description") {
      return true;
    }
    if (keyword == "$ref") {
      const auto pointer = std::string_view(argument.get_string()).substr(1);
      check(root_.at_pointer(pointer).get_object(), value, path);
    } else if (keyword == "type") {
      const auto type = std::string_view(argument.get_string());
      expect(is_of_type(value, type), path, "is not of type " + std::string(type));
    } else if (keyword == "const") {
      expect(value == argument, path, "is not " + js::serialize(argument));
    } else if (keyword == "enum") {
      const auto& allowed = argument.get_array();
      expect(std::find(allowed.begin(), allowed.end(), value) != allowed.end(), path,
             "is none of " + js::serialize(argument));
    } else if (keyword == "minimum" || keyword == "maximum") {
      check_range(rule, value, path);
    } else if (keyword == "pattern") {
      const std::regex form{std::string(argument.get_string())};
      expect(value.is_string() && std::regex_search(value.get_string().c_str(), form), path,
             "does not match " + js::serialize(argument));
    } else if (keyword == "items") {
      check_items(argument.get_object(), value, path);
    } else {
      return check_object_keyword(rule, value, path);
    }
    return true;
  }

  void check_range(const constraint& rule, const js::value& value, const std::string& path) {
    if (!value.is_number()) return;
    const auto number = value.to_number<double>();
    const auto bound = rule.argument.to_number<double>();
    expect(rule.keyword == "minimum" ? number >= bound : number <= bound, path,
           "breaks " + std::string(rule.keyword) + " " + js::serialize(rule.argument));
  }

  void check_items(const js::object& schema, const js::value& value, const std::string& path) {
    if (!value.is_array()) return;
    for (std::size_t i = 0; i < value.get_array().size(); ++i) {
      check(schema, value.get_array()[i], path + "/" + std::to_string(i));
    }
  }

  bool check_object_keyword(const constraint& rule, const js::value& value,
                            const std::string& path) {
    static const js::object none;
    const auto& object = value.is_object() ? value.get_object() : none;
    if (rule.keyword == "required") {
      for (const auto& key : rule.argument.get_array()) {
        expect(!value.is_object() || object.contains(key.get_string()), path,
               "lacks " + js::serialize(key));
      }
    } else if (rule.keyword == "properties") {
      for (const auto& [key, schema] : rule.argument.get_object()) {
        if (const auto* member = object.if_contains(key)) {
          check(schema.get_object(), *member, path + "/" + std::string(key));
        }
      }
    } else if (rule.keyword == "additionalProperties") {
      const auto* named = rule.schema.if_contains("properties");
      for (const auto& [key, member] : object) {
        if (named != nullptr && named->get_object().contains(key)) continue;
        const auto place = path + "/" + std::string(key);
        if (rule.argument.is_object()) check(rule.argument.get_object(), member, place);
        expect(rule.argument.is_object(), place, "is not in the schema");
      }
    } else {
      return false;
    }
    return true;
  }

  const js::value& root_;
};

}  // namespace

std::vector<std::string> schema_violations(std::string_view schema, std::string_view document) {
  const auto parsed_schema = js::parse(schema);
  validator checking(parsed_schema);
  checking.check(parsed_schema.get_object(), js::parse(document), "");
  return checking.violations_;
}

}  // namespace gauntlet::record
