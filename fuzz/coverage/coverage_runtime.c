/* What -fsanitize-coverage=trace-pc-guard calls in an instrumented broker: counts each edge in the
 * file named by GAUNTLET_COVERAGE_MAP (coverage_map.hpp reads it), or nowhere if there is none.
 * Compile it without that flag, and link it into the broker. */

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { counter_count = 64 * 1024 };

static uint8_t nowhere[counter_count];
static uint8_t* counters = nowhere;
static uint32_t edges;

static void map_counters(void) {
  const char* const path = getenv("GAUNTLET_COVERAGE_MAP");
  if (path == NULL) return;
  const int file = open(path, O_RDWR | O_CLOEXEC);
  if (file < 0) return;
  void* const at = mmap(NULL, counter_count, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (at != MAP_FAILED) counters = at;
}

/* Once for each shared object, before its code runs; 0 marks an edge without a number yet. */
void __sanitizer_cov_trace_pc_guard_init(uint32_t* start, uint32_t* stop) {
  if (start == stop || *start != 0) return;
  if (edges == 0) map_counters();
  for (uint32_t* guard = start; guard < stop; ++guard) *guard = ++edges;
}

void __sanitizer_cov_trace_pc_guard(uint32_t* guard) {
  uint8_t* const counter = &counters[*guard % counter_count];
  if (*counter != UINT8_MAX) ++*counter;
}
