#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "harness/base/utf8.hpp"
#include "harness/record/atomic_file.hpp"
#include "harness/record/fields.hpp"
#include "harness/record/json.hpp"

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
  js::value operator()(const std::string& text) const { return js::value(to_valid_utf8(text)); }
  js::value operator()(const duration& value) const { return js::value(value.count()); }
  js::value operator()(const wall_time& time) const { return js::value(to_iso8601(time)); }
  js::value operator()(const exit_code& code) const { return js::value(static_cast<int>(code)); }
  js::value operator()(const verdict& value) const { return js::value(name(value)); }
  js::value operator()(const ending& value) const { return js::value(name(value)); }
  js::value operator()(const event_level& value) const { return js::value(name(value)); }
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

  const json_options& options_;
};

bool is_nested(const js::value& value) { return value.is_object() || value.is_array(); }

void print(std::string& out, const js::value& value, std::size_t depth);

void break_line(std::string& out, std::size_t depth) {
  out += '\n';
  out.append(2 * depth, ' ');
}

void print_object(std::string& out, const js::object& object, std::size_t depth) {
  out += '{';
  const auto* separator = "";
  for (const auto& [key, value] : object) {
    out += separator;
    separator = ",";
    break_line(out, depth + 1);
    out += js::serialize(js::string(key)) + ": ";
    print(out, value, depth + 1);
  }
  break_line(out, depth);
  out += '}';
}

void print_array(std::string& out, const js::array& array, std::size_t depth) {
  out += '[';
  const auto* separator = "";
  for (const auto& value : array) {
    out += separator;
    separator = ",";
    break_line(out, depth + 1);
    print(out, value, depth + 1);
  }
  break_line(out, depth);
  out += ']';
}

// Two blanks a level, one line a field, so that people can read and compare files; a list of plain
// numbers stays on one line.
void print(std::string& out, const js::value& value, std::size_t depth) {
  const auto* object = value.if_object();
  const auto* array = value.if_array();
  if (object != nullptr && !object->empty()) return print_object(out, *object, depth);
  if (array != nullptr && !array->empty() && is_nested(array->front())) {
    return print_array(out, *array, depth);
  }
  out += js::serialize(value);
}

}  // namespace

std::string to_json(const run_result& run, const json_options& options) {
  js::object whole{{"format", run_result_format}, {"version", run_result_version}};
  const auto fields = writer(options)(run);
  for (const auto& [key, value] : fields.get_object()) whole.emplace(key, value);
  std::string text;
  print(text, whole, 0);
  text += '\n';
  return text;
}

std::string to_json(const measurements& measured) {
  return js::serialize(writer(json_options{})(measured));
}

outcome<void> write_run_result(const std::filesystem::path& file, const run_result& run) {
  return write_file_atomically(file, to_json(run));
}

}  // namespace gauntlet::record
