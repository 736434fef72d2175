#include "cli/interrupt.hpp"

#include <array>
#include <signal.h>

namespace gauntlet::cli {
namespace {

constexpr std::array<int, 2> numbers{SIGINT, SIGTERM};

// A signal handler reaches nothing but a global of this type.
volatile sig_atomic_t was_requested = 0;

void on_signal(int) { was_requested = 1; }

}  // namespace

interrupt_guard::interrupt_guard() {
  struct sigaction wanted {};
  wanted.sa_handler = on_signal;
  wanted.sa_flags = static_cast<int>(SA_RESETHAND);
  for (const int number : numbers) ::sigaction(number, &wanted, nullptr);
}

interrupt_guard::~interrupt_guard() {
  for (const int number : numbers) ::signal(number, SIG_DFL);
}

bool interrupt_guard::requested() { return was_requested != 0; }

}  // namespace gauntlet::cli
