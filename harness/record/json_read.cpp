#include <limits>
#include <optional>

#include <boost/json/parser.hpp>
#include <boost/json/value.hpp>

#include "harness/record/atomic_file.hpp"
#include "harness/record/conformance_fields.hpp"
#include "harness/record/conformance_json.hpp"
#include "harness/record/fuzz_fields.hpp"
#include "harness/record/guarantees_fields.hpp"
#include "harness/record/json.hpp"

namespace gauntlet::record {
namespace {

namespace js = boost::json;

// Fills structs from JSON; remembers the first thing that was wrong and where.
class reader {
 public:
  template <std::integral T>
  void operator()(const js::value& from, T& to) {
    boost::system::error_code failed;
    const auto number = from.is_number() ? from.to_number<T>(failed) : T{};
    if (!from.is_number() || failed) {
      return wrong(std::is_unsigned_v<T> ? "expected a whole number, zero or above"
                                         : "expected a whole number");
    }
    to = number;
  }

  void operator()(const js::value& from, bool& to) {
    if (!from.is_bool()) return wrong("expected true or false");
    to = from.get_bool();
  }

  void operator()(const js::value& from, std::string& to) {
    if (!from.is_string()) return wrong("expected a string");
    to = std::string(from.get_string());
  }

  void operator()(const js::value& from, duration& to) {
    duration::rep ns = 0;
    (*this)(from, ns);
    to = duration{ns};
  }

  void operator()(const js::value& from, wall_time& to) {
    named(from, to, from_iso8601, "expected a time like 2026-01-31T09:05:00.250Z");
  }
  void operator()(const js::value& from, verdict& to) {
    named(from, to, verdict_of, "expected the name of a verdict");
  }
  void operator()(const js::value& from, ending& to) {
    named(from, to, ending_of, "expected the name of an ending");
  }
  void operator()(const js::value& from, event_level& to) {
    named(from, to, event_level_of, "expected info, warning or error");
  }
  void operator()(const js::value& from, test_verdict& to) {
    named(from, to, test_verdict_of, "expected the name of a test's verdict");
  }
  void operator()(const js::value& from, test_kind& to) {
    named(from, to, test_kind_of, "expected scenario, vector or invariant");
  }
  void operator()(const js::value& from, requirement_level& to) {
    named(from, to, requirement_level_of, "expected must, should or may");
  }
  void operator()(const js::value& from, wire_event& to) {
    named(from, to, wire_event_of, "expected the name of an event on the wire");
  }
  void operator()(const js::value& from, expectation_change& to) {
    named(from, to, expectation_change_of, "expected the name of a change");
  }

  void operator()(const js::value& from, finding_kind& to) {
    named(from, to, finding_kind_of, "expected the kind of a finding");
  }

  void operator()(const js::value& from, double& to) {
    if (!from.is_number()) return wrong("expected a number");
    to = from.to_number<double>();
  }

  void operator()(const js::value& from, exit_code& to) {
    int code = -1;
    (*this)(from, code);
    if (code < 0 || code > static_cast<int>(exit_code::internal_error)) {
      return wrong("expected an exit code, 0 to 4");
    }
    to = static_cast<exit_code>(code);
  }

  void operator()(const js::value& from, histogram& to);
  void operator()(const js::value& from, compact_histogram& to) {
    histogram counts;
    (*this)(from, counts);
    to = compact_histogram(counts);
  }

  void operator()(const js::value& from, counted_reasons& to) {
    if (!from.is_object()) return wrong("expected an object");
    counted_reasons::counts_map counts;
    for (const auto& each : from.get_object()) {
      within(each.key(), [&] { (*this)(each.value(), counts[std::string(each.key())]); });
    }
    to = counted_reasons(std::move(counts));
  }

  void operator()(const js::value& from, event_log& to) {
    std::uint64_t dropped = 0;
    std::vector<event> events;
    field(from, "dropped", dropped);
    field(from, "events", events);
    for (auto& each : events) to.add(std::move(each));
    to.restore_dropped(dropped);
  }

  template <class T>
  void operator()(const js::value& from, std::optional<T>& to) {
    (*this)(from, to.emplace());
  }

  template <class T>
  void operator()(const js::value& from, std::vector<T>& to) {
    if (!from.is_array()) return wrong("expected an array");
    to.clear();
    for (const auto& each : from.get_array()) {
      within(std::to_string(to.size()), [&] { (*this)(each, to.emplace_back()); });
    }
  }

  template <class T>
  requires std::is_class_v<T>
  void operator()(const js::value& from, T& to) { visit_fields(field_visitor{*this, from}, to); }

  template <class T>
  void field(const js::value& object, std::string_view key, T& to) {
    const auto* value = member(object, key);
    if (value != nullptr) within(key, [&] { (*this)(*value, to); });
  }

  // The first thing that was wrong, if any.
  const std::optional<std::string>& error() const { return error_; }

  void wrong(std::string_view what) {
    if (!error_) error_ = (path_.empty() ? "/" : path_) + ": " + std::string(what);
  }

 private:
  struct field_visitor {
    reader& read;
    const js::value& object;

    template <class T>
    void operator()(std::string_view key, T& to) const {
      read.field(object, key, to);
    }
    template <class T>
    void unless_default(std::string_view key, T& to, const T& = {}) const {
      if (object.is_object() && object.get_object().contains(key)) read.field(object, key, to);
    }
    void decimal_text(std::string_view key, std::uint64_t& to) const {
      std::string digits;
      read.field(object, key, digits);
      read.within(key, [&] { read.parse_decimal(digits, to); });
    }
  };

  const js::value* member(const js::value& object, std::string_view key) {
    if (!object.is_object()) {
      wrong("expected an object");
      return nullptr;
    }
    const auto* value = object.get_object().if_contains(key);
    if (value == nullptr) wrong("\"" + std::string(key) + "\" is missing");
    return value;
  }

  template <class Body>
  void within(std::string_view key, Body body) {
    const auto length = path_.size();
    path_ += '/';
    path_ += key;
    body();
    path_.resize(length);
  }

  template <class T, class Parse>
  void named(const js::value& from, T& to, Parse parse, std::string_view expected) {
    const auto value = from.is_string() ? parse(from.get_string()) : std::nullopt;
    if (!value) return wrong(expected);
    to = *value;
  }

  void parse_decimal(std::string_view digits, std::uint64_t& to) {
    constexpr auto limit = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t number = 0;
    for (const char digit : digits) {
      const auto value = static_cast<std::uint64_t>(digit - '0');
      if (digit < '0' || digit > '9' || number > (limit - value) / 10) {
        return wrong("expected the decimal digits of a number below 2^64");
      }
      number = number * 10 + value;
    }
    if (digits.empty()) return wrong("expected decimal digits");
    to = number;
  }

  std::string path_;
  std::optional<std::string> error_;
};

void reader::operator()(const js::value& from, histogram& to) {
  std::uint64_t count = 0;
  duration sum{};
  duration min{};
  duration max{};
  std::vector<std::uint64_t> buckets;
  field(from, "count", count);
  field(from, "sum_ns", sum);
  field(from, "min_ns", min);
  field(from, "max_ns", max);
  const auto is_lean = from.is_object() && !from.get_object().contains("buckets");
  if (error_ || is_lean) return;
  field(from, "buckets", buckets);
  if (buckets.size() % 2 != 0) return wrong("buckets: expected pairs of index and count");
  for (std::size_t i = 0; i < buckets.size(); i += 2) {
    if (buckets[i] >= histogram::index_end) return wrong("buckets: no bucket has that index");
    to.restore_bucket(static_cast<std::uint32_t>(buckets[i]), buckets[i + 1]);
  }
  if (to.count() != count) return wrong("count differs from the sum of the buckets");
  to.restore_exact(sum, min, max);
}

// "line 3, column 7" of the byte at `offset`.
std::string place_of(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, offset);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const auto line_start = before.rfind('\n') + 1;  // 0 if there is none
  return "line " + std::to_string(line) + ", column " +
         std::to_string(before.size() - line_start + 1);
}

outcome<js::value> parse(std::string_view text, std::string_view origin) {
  js::parser parser;
  boost::system::error_code failed;
  const auto consumed = parser.write_some(text.data(), text.size(), failed);
  if (!failed && text.find_first_not_of(" \t\r\n", consumed) != std::string_view::npos) {
    failed = js::error::extra_data;
  }
  if (failed) {
    return bad_input(std::string(origin) + ": " + place_of(text, consumed) +
                     ": not JSON: " + failed.message());
  }
  return parser.release();
}

template <class T>
outcome<T> finish(reader& read, T value, std::string_view origin) {
  if (read.error()) return bad_input(std::string(origin) + ": " + *read.error());
  return value;
}

// A record behind the two fields that name its form.
template <class T>
outcome<T> whole_from_json(std::string_view text, std::string_view origin,
                           std::string_view format_wanted, std::int64_t version_wanted,
                           std::string_view what) {
  const auto parsed = parse(text, origin);
  if (!parsed) return parsed.error();
  reader read;
  std::string format;
  std::int64_t version = 0;
  read.field(*parsed, "format", format);
  if (!read.error() && format != format_wanted) {
    read.wrong("not " + std::string(what) + ": \"format\" is not " + std::string(format_wanted));
  }
  read.field(*parsed, "version", version);
  if (!read.error() && version != version_wanted) {
    read.wrong("written in version " + std::to_string(version) +
               " of the form; this gauntlet reads " + std::to_string(version_wanted));
  }
  T record;
  if (!read.error()) read(*parsed, record);
  return finish(read, std::move(record), origin);
}

}  // namespace

outcome<run_result> run_result_from_json(std::string_view text, std::string_view origin) {
  return whole_from_json<run_result>(text, origin, run_result_format, run_result_version,
                                     "the result of a run");
}

outcome<conformance_result> conformance_result_from_json(std::string_view text,
                                                         std::string_view origin) {
  return whole_from_json<conformance_result>(text, origin, conformance_result_format,
                                             conformance_result_version,
                                             "the result of a conformance run");
}

outcome<guarantees_result> guarantees_result_from_json(std::string_view text,
                                                       std::string_view origin) {
  return whole_from_json<guarantees_result>(text, origin, guarantees_result_format,
                                            guarantees_result_version,
                                            "the result of a suite of guarantees");
}

outcome<fuzz_result> fuzz_result_from_json(std::string_view text, std::string_view origin) {
  return whole_from_json<fuzz_result>(text, origin, fuzz_result_format, fuzz_result_version,
                                      "the result of a fuzzing campaign");
}

outcome<measurements> measurements_from_json(std::string_view text, std::string_view origin) {
  const auto parsed = parse(text, origin);
  if (!parsed) return parsed.error();
  reader read;
  measurements measured;
  read(*parsed, measured);
  return finish(read, std::move(measured), origin);
}

outcome<conformance_result> read_conformance_result(const std::filesystem::path& file) {
  const auto text = read_file(file);
  if (!text) return text.error();
  return conformance_result_from_json(*text, file.string());
}

std::string format_of(std::string_view text) {
  const auto parsed = parse(text, "");
  if (!parsed || !parsed->is_object()) return "";
  const auto* format = parsed->get_object().if_contains("format");
  return format != nullptr && format->is_string() ? std::string(format->get_string()) : "";
}

outcome<run_result> read_run_result(const std::filesystem::path& file) {
  const auto text = read_file(file);
  if (!text) return text.error();
  return run_result_from_json(*text, file.string());
}

}  // namespace gauntlet::record
