#include "tests/unit/mqtt/allocation_count.hpp"

#include <cstdlib>
#include <new>

namespace gauntlet {
namespace {

std::size_t allocations = 0;  // the programs that link this are single-threaded

}  // namespace

std::size_t allocation_count() noexcept { return allocations; }

}  // namespace gauntlet

// The array and nothrow forms of the standard library end up here.
void* operator new(std::size_t size) {
  ++gauntlet::allocations;
  if (void* memory = std::malloc(size > 0 ? size : 1)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
