#include "harness/record/test_verdict.hpp"

#include <array>

#include "harness/record/enum_names.hpp"

namespace gauntlet::record {
namespace {

constexpr std::array values{test_verdict::not_run,  test_verdict::skipped,
                            test_verdict::pass,     test_verdict::variant,
                            test_verdict::blocked,  test_verdict::inconclusive,
                            test_verdict::unstable, test_verdict::fail};
constexpr enum_names<test_verdict, values.size()> names{
    {"not_run", "skipped", "pass", "variant", "blocked", "inconclusive", "unstable", "fail"}};

}  // namespace

std::span<const test_verdict> all_test_verdicts() { return values; }

std::string_view name(test_verdict value) { return names.name_of(value); }
std::optional<test_verdict> test_verdict_of(std::string_view name) { return names.value_of(name); }

}  // namespace gauntlet::record
