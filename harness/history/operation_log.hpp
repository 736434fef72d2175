#pragma once

// Everything that links told, kept compactly until it is judged: in memory, and beyond a limit in a
// temporary file. Told again in the order in which the broker saw it, which is not the order in
// which fates became sure.

#include <cstdint>
#include <memory>
#include <string>

#include "harness/base/result.hpp"
#include "harness/history/packet_observer.hpp"

namespace gauntlet::history {

class operation_log final : public packet_observer {
 public:
  /// Keeps at most so many bytes of packets in memory; 24 bytes a packet beside that.
  explicit operation_log(std::size_t memory_max = 256U << 20U);
  ~operation_log() override;
  operation_log(operation_log&&) noexcept;
  operation_log& operator=(operation_log&&) noexcept;

  void on_open(connection_index connection, time_point at) override;
  void on_packet(const packet_seen& packet) override;
  void on_end(const end_seen& end) override;
  void on_fault(const fault_seen& fault) override;

  std::uint64_t packets() const;
  /// Of packets and their times, in memory and on disk.
  std::uint64_t bytes() const;
  std::uint64_t bytes_on_disk() const;
  /// What packets take of this process's memory, with room for the next ones.
  std::uint64_t bytes_in_memory() const;

  /// Tells all of it: packets to the broker at the time when it had them, packets of the broker at
  /// the time when it wrote them.
  void replay(packet_observer& to) const;

  /// Writes it to a file, for another process to read.
  outcome<void> write(const std::string& path) const;
  /// Adds what `write` has written. Connections keep their numbers.
  outcome<void> read(const std::string& path);

 private:
  struct parts;
  class reader;
  std::unique_ptr<parts> parts_;
};

}  // namespace gauntlet::history
