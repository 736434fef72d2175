#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "harness/base/utf8.hpp"
#include "harness/record/atomic_file.hpp"
#include "harness/record/conformance_fields.hpp"
#include "harness/record/conformance_json.hpp"
#include "harness/record/fuzz_fields.hpp"
#include "harness/record/guarantees_fields.hpp"
#include "harness/record/json.hpp"
#include "harness/record/run_matrix_fields.hpp"

namespace gauntlet::record {
namespace {

namespace js = boost::json;

// Turns one kind of value after the other into JSON; structs field by field.
class writer {
 public:
  explicit writer(const json_options& options) : options_(options) {}

  template <std::integral T>
  js::value operator()(const T& number) const {
    return js::value(number);
  }
  js::value operator()(double number) const { return js::value(number); }
  js::value operator()(const std::string& text) const { return js::value(to_valid_utf8(text)); }
  js::value operator()(const duration& value) const { return js::value(value.count()); }
  js::value operator()(const wall_time& time) const { return js::value(to_iso8601(time)); }
  js::value operator()(const exit_code& code) const { return js::value(static_cast<int>(code)); }
  template <class T>
  requires std::is_enum_v<T> js::value operator()(const T& value) const {
    return js::value(name(value));
  }
  js::value operator()(const histogram& counts) const { return write_histogram(counts, true); }
  js::value operator()(const compact_histogram& counts) const {
    return write_histogram(counts.unpack(), !options_.lean_series);
  }

  js::value operator()(const counted_reasons& reasons) const {
    js::object object;
    for (const auto& [reason, times] : reasons.counts()) {
      auto& sum = object[to_valid_utf8(reason)];
      sum = times + (sum.is_uint64() ? sum.get_uint64() : 0);
    }
    return object;
  }

  js::value operator()(const event_log& log) const {
    return js::object{{"dropped", log.dropped()}, {"events", (*this)(log.events())}};
  }

  template <class T>
  js::value operator()(const std::vector<T>& list) const {
    js::array array;
    array.reserve(list.size());
    for (const auto& each : list) array.push_back((*this)(each));
    return array;
  }

  template <class T>
  js::value operator()(const std::optional<T>& value) const {
    return value ? (*this)(*value) : js::value();
  }

  template <class T>
  requires std::is_class_v<T> js::value operator()(const T& record) const {
    js::object object;
    visit_fields(field_visitor{*this, object}, record);
    return object;
  }

 private:
  struct field_visitor {
    const writer& write;
    js::object& object;

    template <class T>
    void operator()(std::string_view key, const T& value) const {
      object.emplace(key, write(value));
    }
    template <class T>
    void unless_default(std::string_view key, const T& value, const T& initial = {}) const {
      if (!(value == initial)) object.emplace(key, write(value));
    }
    // Numbers that may exceed what JavaScript and jq read exactly.
    void decimal_text(std::string_view key, std::uint64_t value) const {
      object.emplace(key, std::to_string(value));
    }
  };

  js::value write_histogram(const histogram& counts, bool with_buckets) const {
    js::object object{{"count", counts.count()},
                      {"min_ns", counts.min().count()},
                      {"mean_ns", counts.mean().count()},
                      {"p50_ns", counts.percentile(50).count()},
                      {"p90_ns", counts.percentile(90).count()},
                      {"p95_ns", counts.percentile(95).count()},
                      {"p99_ns", counts.percentile(99).count()},
                      {"p99_9_ns", counts.percentile(99.9).count()},
                      {"max_ns", counts.max().count()},
                      {"sum_ns", counts.sum().count()}};
    if (!with_buckets) return object;
    js::array buckets;
    counts.for_each_bucket([&](const histogram::bucket& each) {
      buckets.emplace_back(each.index);
      buckets.emplace_back(each.count);
    });
    object.emplace("buckets", std::move(buckets));
    return object;
  }

  const json_options options_;
};

bool is_nested(const js::value& value) { return value.is_object() || value.is_array(); }

// Where JSON text for people and for `diff` has its line breaks.
struct layout {
  // What fits in so many bytes stays on one line, with what is in it.
  std::size_t line_bytes_max = 0;
};

void print(std::string& out, const js::value& value, const layout& as, std::size_t depth);

void break_line(std::string& out, std::size_t depth) {
  out += '\n';
  out.append(2 * depth, ' ');
}

void print_object(std::string& out, const js::object& object, const layout& as, std::size_t depth) {
  out += '{';
  const auto* separator = "";
  for (const auto& [key, value] : object) {
    out += separator;
    separator = ",";
    break_line(out, depth + 1);
    out += js::serialize(js::string(key)) + ": ";
    print(out, value, as, depth + 1);
  }
  break_line(out, depth);
  out += '}';
}

void print_array(std::string& out, const js::array& array, const layout& as, std::size_t depth) {
  out += '[';
  const auto* separator = "";
  for (const auto& value : array) {
    out += separator;
    separator = ",";
    break_line(out, depth + 1);
    print(out, value, as, depth + 1);
  }
  break_line(out, depth);
  out += ']';
}

// Two blanks a level, one line a field, so that people can read and compare files; a list of plain
// numbers stays on one line.
void print(std::string& out, const js::value& value, const layout& as, std::size_t depth) {
  const auto* object = value.if_object();
  const auto* array = value.if_array();
  const bool of_parts = (object != nullptr && !object->empty()) ||
                        (array != nullptr && !array->empty() && is_nested(array->front()));
  const auto line = of_parts && as.line_bytes_max == 0 ? "" : js::serialize(value);
  const bool stays_on_line = !line.empty() && line.size() <= as.line_bytes_max;
  if (!of_parts || stays_on_line) {
    out += line;
  } else if (object != nullptr) {
    print_object(out, *object, as, depth);
  } else {
    print_array(out, *array, as, depth);
  }
}

// The fields of a record behind the two that name its form.
template <class T>
js::object whole_of(std::string_view format, std::int64_t version, const T& record,
                    const json_options& options) {
  js::object whole{{"format", format}, {"version", version}};
  const auto fields = writer(options)(record);
  for (const auto& [key, value] : fields.get_object()) whole.emplace(key, value);
  return whole;
}

// As `value`, laid out.
std::string text_of(const js::value& value, const layout& as) {
  std::string text;
  print(text, value, as, 0);
  text += '\n';
  return text;
}

js::object whole_of(const conformance_result& result) {
  return whole_of(conformance_result_format, conformance_result_version, result, {});
}

}  // namespace

std::string to_json(const run_result& run, const json_options& options) {
  return text_of(whole_of(run_result_format, run_result_version, run, options), {});
}

std::string to_json(const measurements& measured) {
  return js::serialize(writer(json_options{})(measured));
}

outcome<void> write_run_result(const std::filesystem::path& file, const run_result& run) {
  return write_file_atomically(file, to_json(run));
}

std::string to_json(const conformance_result& result) {
  return text_of(whole_of(result), {.line_bytes_max = 1'000});
}

std::string to_compact_json(const conformance_result& result) {
  return js::serialize(whole_of(result));
}

std::string to_compact_json(const conformance_matrix& matrix) {
  return js::serialize(writer({})(matrix));
}

std::string to_json_line(const run_matrix_row& row) { return js::serialize(writer({})(row)); }

std::string to_json(const guarantees_result& result) {
  return text_of(whole_of(guarantees_result_format, guarantees_result_version, result, {}),
                 {.line_bytes_max = 1'000});
}

std::string to_json(const fuzz_result& result) {
  return text_of(whole_of(fuzz_result_format, fuzz_result_version, result, {}),
                 {.line_bytes_max = 1'000});
}

std::string to_json(const test_record& test) { return js::serialize(writer({})(test)); }

outcome<void> write_conformance_result(const std::filesystem::path& file,
                                       const conformance_result& result) {
  return write_file_atomically(file, to_json(result));
}

}  // namespace gauntlet::record
