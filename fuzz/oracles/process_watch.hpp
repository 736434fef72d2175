#pragma once

// The broker's process as the kernel shows it: whether it lives, its memory, its processor time.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <sys/types.h>

namespace gauntlet::fuzz {

/// How a child of ours ended, once it has, without taking that knowledge from who waits for it:
/// "was killed by signal 6 (Aborted)".
std::optional<std::string> end_of_process(pid_t pid);

/// The same, once it has ended or the wait is over.
std::optional<std::string> wait_end_of_process(pid_t pid, std::chrono::milliseconds wait);

/// Resident memory in bytes; 0 when there is no such process.
std::uint64_t resident_bytes(pid_t pid);

/// The language whose runtime collects this process's garbage: its memory grows between two
/// collections whatever is done, and says nothing of leaks. Nothing if none is known.
std::optional<std::string> collector_of(pid_t pid);

/// How much of the next `span` the busiest thread of the process ran or waited for a processor, 0
/// to 1: one that spins does all the time, however many others idle beside it and whoever else uses
/// the machine. Blocks that long.
double busiest_thread_share(pid_t pid, std::chrono::milliseconds span);

/// What the log of a broken broker says of the reason, in one line that does not differ from one
/// time to the next: the kind of error and the innermost three functions of a sanitizer's report,
/// or the line of a panic, an exception or a crash report. Empty if there is nothing of the kind.
std::string reason_in_log(std::string_view log);
/// Whether it is a sanitizer that speaks there.
bool is_of_sanitizer(std::string_view log);

}  // namespace gauntlet::fuzz
