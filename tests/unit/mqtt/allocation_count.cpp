#include "tests/unit/mqtt/allocation_count.hpp"

#include <cstdlib>
#include <new>

namespace gauntlet {
namespace {

// The programs that link this are single-threaded.
std::size_t allocations = 0;
std::size_t releases = 0;

}  // namespace

bool counts_allocations() {
  // By their addresses: here a compiler may take the operators of this file, whatever is linked.
  void* (*volatile allocate)(std::size_t) = &operator new;
  void (*volatile release)(void*) noexcept = &operator delete;
  const std::size_t before = allocations;
  release(allocate(1));
  return allocations != before;
}

std::size_t allocation_count() noexcept { return allocations; }

std::size_t live_allocation_count() noexcept { return allocations - releases; }

}  // namespace gauntlet

// The array and nothrow forms of the standard library end up here.
void* operator new(std::size_t size) {
  ++gauntlet::allocations;
  if (void* memory = std::malloc(size > 0 ? size : 1)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
  if (memory != nullptr) ++gauntlet::releases;
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }
