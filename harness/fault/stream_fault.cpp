#include "harness/fault/stream_fault.hpp"

#include <variant>

namespace gauntlet::fault {
namespace {

// A fault acts on the stream if there is a start() for it.
template <class Fault>
concept acts_on_stream = requires(const Fault& what, const stream_start& begin) {
  start(what, begin);
};

}  // namespace

std::unique_ptr<stream_fault> start_stream_fault(const action& what, const stream_start& begin) {
  return std::visit(
      [&]<class Fault>(const Fault& fault) -> std::unique_ptr<stream_fault> {
        if constexpr (acts_on_stream<Fault>) return start(fault, begin);
        return nullptr;
      },
      what);
}

}  // namespace gauntlet::fault
