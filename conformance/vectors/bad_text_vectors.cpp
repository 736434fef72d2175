// Bytes that are no UTF-8, and U+0000, in every string that a client sends. MQTT 5.0 §1.5.4

#include <fmt/format.h>

#include "conformance/vectors/all_vectors.hpp"
#include "conformance/vectors/text_fields.hpp"

namespace gauntlet::conformance {
namespace {

using namespace std::string_view_literals;

struct bad_sequence {
  std::string_view name;
  std::string_view bytes;
};

// The classes of the Unicode standard's table of well-formed sequences, at their limits.
constexpr bad_sequence sequences[] = {
    {"null", "\0"sv},
    {"lone-continuation-80", "\x80"},
    {"lone-continuation-bf", "\xBF"},
    {"two-continuations", "\x80\xBF"},
    {"overlong-null-of-two", "\xC0\x80"},
    {"overlong-slash-of-two", "\xC0\xAF"},
    {"overlong-7f-of-two", "\xC1\xBF"},
    {"overlong-null-of-three", "\xE0\x80\x80"},
    {"overlong-7ff-of-three", "\xE0\x9F\xBF"},
    {"overlong-null-of-four", "\xF0\x80\x80\x80"},
    {"overlong-ffff-of-four", "\xF0\x8F\xBF\xBF"},
    {"surrogate-d800", "\xED\xA0\x80"},
    {"surrogate-dbff", "\xED\xAF\xBF"},
    {"surrogate-dc00", "\xED\xB0\x80"},
    {"surrogate-dfff", "\xED\xBF\xBF"},
    {"surrogate-pair", "\xED\xA0\x80\xED\xB0\x80"},
    {"above-10ffff", "\xF4\x90\x80\x80"},
    {"lead-f5", "\xF5\x80\x80\x80"},
    {"lead-f7", "\xF7\xBF\xBF\xBF"},
    {"five-bytes", "\xF8\x88\x80\x80\x80"},
    {"six-bytes", "\xFC\x84\x80\x80\x80\x80"},
    {"byte-fe", "\xFE"},
    {"byte-ff", "\xFF"},
    {"cut-two", "\xC3"},
    {"cut-three-at-one", "\xE2"},
    {"cut-three-at-two", "\xE2\x82"},
    {"cut-four-at-one", "\xF0"},
    {"cut-four-at-three", "\xF0\x9F\x98"},
    {"latin-1", "\xE9"},
};

void add_vectors_of(suite& to, const text_field& field, const bad_sequence& bad, bool in_middle) {
  const std::string text = std::string(bad.bytes) + (in_middle ? "x" : "");
  const packet_maker packet = [make = field.make, text](const occasion& at) {
    return mqtt::raw_packet::of(make(at, text), at.version).bytes();
  };
  std::vector<vector_half> halves;
  if (field.in_v3_1_1) halves.push_back(refused(only_v3, *field.like, packet));
  halves.push_back(refused(only_v5, *field.like, packet));
  add_vector(to, "bad-text",
             fmt::format("{}/{}{}", field.name, bad.name, in_middle ? "-and-more" : ""),
             fmt::format("{} in {}{}", bad.name, field.title, in_middle ? ", text behind it" : ""),
             std::move(halves));
}

}  // namespace

void add_bad_text_vectors(suite& to) {
  for (const text_field& field : plain_text_fields()) {
    for (const bad_sequence& bad : sequences) {
      add_vectors_of(to, field, bad, false);
      add_vectors_of(to, field, bad, true);
    }
  }
  for (const text_field& field : property_text_fields()) {
    for (const bad_sequence& bad : sequences) add_vectors_of(to, field, bad, false);
  }
}

}  // namespace gauntlet::conformance
