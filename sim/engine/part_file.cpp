// The file that a host's part of a run is kept in:
//
//   "gauntlet part 1\n" | body | SHA-256 of all before it, 32 bytes
//
//   body = version of the tool | part, parts | start | choices | scale | run start | publishing
//          | drained | early end | size and text of the result as JSON | ledger
//
// Numbers and texts are those of harness/base/compact.hpp.

#include <bit>
#include <cerrno>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

#include "harness/base/compact.hpp"
#include "harness/base/sha256.hpp"
#include "harness/record/json.hpp"
#include "sim/engine/host_part.hpp"

namespace gauntlet::sim {
namespace {

constexpr std::string_view magic = "gauntlet part 1\n";
constexpr std::string_view any_magic = "gauntlet part ";
// A million devices leave less than a tenth of this.
constexpr std::uintmax_t file_bytes_max = std::uintmax_t{4} << 30U;

void write_early_end(const std::optional<early_end>& end, compact_writer& out) {
  out.flag(end.has_value());
  if (!end) return;
  out.number(end->expectation);
  out.text(end->observed);
  out.text(end->sentence);
}

std::optional<early_end> read_early_end(compact_reader& in) {
  if (!in.flag()) return std::nullopt;
  early_end end;
  end.expectation = static_cast<std::size_t>(in.number());
  end.observed = in.text();
  end.sentence = in.text();
  return end;
}

outcome<byte_buffer> read_bytes(const std::filesystem::path& file) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  if (error) return bad_input(fmt::format("cannot read {}: {}", file.string(), error.message()));
  if (size > file_bytes_max) {
    return bad_input(fmt::format("{} is too large for a part of a run", file.string()));
  }
  std::ifstream in(file, std::ios::binary);
  byte_buffer bytes(static_cast<std::size_t>(size));
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  if (!in) return bad_input(fmt::format("cannot read {}", file.string()));
  return bytes;
}

failure damaged(const std::filesystem::path& file) {
  return bad_input(fmt::format("{} is cut or damaged; copy it again", file.string()));
}

outcome<run_part> read_body(byte_view body, const std::filesystem::path& file) {
  compact_reader in(body);
  run_part part;
  const std::string version = in.text();
  part.what.part.index = in.number32();
  part.what.part.count = in.number32();
  part.what.start_at =
      record::wall_time(std::chrono::milliseconds(static_cast<std::int64_t>(in.number())));
  for (std::uint64_t n = in.count(); n > 0 && !in.failed(); --n) part.choices.push_back(in.text());
  part.scale = std::bit_cast<double>(in.number());
  part.books.run_start = in.time();
  part.books.publishing_start = in.time();
  part.books.publishing = duration(static_cast<std::int64_t>(in.number()));
  part.books.drained = in.flag();
  part.books.ended_early = read_early_end(in);
  const std::string json = in.text();
  if (in.failed()) return damaged(file);
  auto result = record::run_result_from_json(json, file.string());
  if (!result) {
    return bad_input(
        fmt::format("{} was written by gauntlet {}, which this one does not understand",
                    file.string(), version));
  }
  part.books.result = std::move(*result);
  if (!history::read_ledger(in.rest(), part.books.ledger)) return damaged(file);
  return part;
}

}  // namespace

outcome<void> write_part(const std::filesystem::path& file, const run_part& part) {
  byte_buffer bytes(magic.begin(), magic.end());
  compact_writer out(bytes);
  out.text(part.books.result.tool_version);
  out.number(part.what.part.index);
  out.number(part.what.part.count);
  out.number(static_cast<std::uint64_t>(part.what.start_at.time_since_epoch().count()));
  out.number(part.choices.size());
  for (const std::string& each : part.choices) out.text(each);
  out.number(std::bit_cast<std::uint64_t>(part.scale));
  out.time(part.books.run_start);
  out.time(part.books.publishing_start);
  out.number(static_cast<std::uint64_t>(part.books.publishing.count()));
  out.flag(part.books.drained);
  write_early_end(part.books.ended_early, out);
  out.text(record::to_json(part.books.result));
  history::write_ledger(part.books.ledger, bytes);
  const sha256_digest digest = sha256_of(bytes);
  bytes.insert(bytes.end(), digest.begin(), digest.end());

  errno = 0;
  std::ofstream to(file, std::ios::binary | std::ios::trunc);
  to.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  to.close();
  if (to) return {};
  const std::string reason = std::generic_category().message(errno == 0 ? EIO : errno);
  return environment_failed(fmt::format("cannot write {}: {}", file.string(), reason));
}

outcome<run_part> read_part(const std::filesystem::path& file) {
  const auto bytes = read_bytes(file);
  if (!bytes) return bytes.error();
  byte_view all(*bytes);
  const std::string_view text = as_text(all);
  if (!text.starts_with(any_magic)) {
    return bad_input(fmt::format("{} is not a part of a run", file.string()));
  }
  if (!text.starts_with(magic)) {
    return bad_input(fmt::format("{} is of a version of gauntlet that this one does not understand",
                                 file.string()));
  }
  constexpr std::size_t digest_size = sizeof(sha256_digest);
  if (all.size() < magic.size() + digest_size) return damaged(file);
  const byte_view content = all.first(all.size() - digest_size);
  const sha256_digest digest = sha256_of(content);
  if (!std::equal(digest.begin(), digest.end(),
                  all.begin() + static_cast<std::ptrdiff_t>(content.size()))) {
    return damaged(file);
  }
  return read_body(content.subspan(magic.size()), file);
}

}  // namespace gauntlet::sim
